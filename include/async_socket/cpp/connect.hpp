// SPDX-License-Identifier: MIT
//
// Not part of the interface: the awaitable of a socket's connect (socket.hpp).

#ifndef ASYNC_SOCKET_CPP_CONNECT_HPP
#define ASYNC_SOCKET_CPP_CONNECT_HPP

#include <cstddef>
#include <string>
#include <system_error>
#include <utility>

#include "async_socket/async_connect.h"
#include "async_socket/cpp/endpoint.hpp"
#include "async_socket/cpp/socket_state.hpp"

namespace async_socket::impl {

// Why a connect to there cannot be started; no error where it may be. SRS_CPP_01_049
inline std::error_code refusal_of_endpoint(const endpoint& to) noexcept
{
    constexpr std::size_t longest_host = 253;
    const bool is_host = !to.host.empty() && to.host.size() <= longest_host && to.host.find('\0') == std::string::npos;
    return is_host && to.port != 0 ? std::error_code() : std::make_error_code(std::errc::invalid_argument);
}

// Why one was refused all the same, by what async_socket_connect_ex_async has returned: for want of memory, or because
// the socket is already connected, or was. SRS_CPP_01_049, SRS_CPP_01_102
inline std::error_code refusal_of_connect(const socket_state& state, int returned) noexcept
{
    if (returned == ASYNC_STATUS_NO_RESOURCES) {
        return make_error_code(ASYNC_STATUS_NO_RESOURCES);
    }
    return async_socket_get_transport(state.handle) != nullptr ? std::make_error_code(std::errc::already_connected)
                                                               : make_error_code(ASYNC_STATUS_CLOSED);
}

class [[nodiscard]] connect_operation final : public socket_operation<connect_operation> {
    friend operation<connect_operation, socket_target>;

public:
    connect_operation(socket_state* state, endpoint&& to, operation_options&& options) noexcept
        : socket_operation(state, std::move(options)), to_(std::move(to))
    {
    }
    ~connect_operation() { abandon(); }

    std::error_code await_resume() const noexcept { return error_; }

private:
    bool begin(const task_context*) noexcept
    {
        if (!has_state()) {
            return false;
        }
        error_ = refusal_of_endpoint(to_);
        return !error_;
    }

    bool start(ASYNC_OPERATION_ID* id) noexcept
    {
        const int returned = async_socket_connect_ex_async(state_->handle, to_.host.c_str(), to_.port, time_.next(), id,
                                                           &on_complete, this);
        if (returned != 0) {
            error_ = refusal_of_connect(*state_, returned);
        }
        return returned == 0;
    }

    static bool advance(const ASYNC_COMPLETION&) noexcept { return false; }

    endpoint to_;
};

} // namespace async_socket::impl

#endif
