// SPDX-License-Identifier: MIT
//
// Not part of the interface: the awaitable of a socket's connect (socket.hpp).

#ifndef ASYNC_SOCKET_CPP_CONNECT_HPP
#define ASYNC_SOCKET_CPP_CONNECT_HPP

#include <system_error>
#include <utility>

#include "async_socket/async_connect.h"
#include "async_socket/cpp/endpoint.hpp"
#include "async_socket/cpp/socket_state.hpp"

namespace async_socket::impl {

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
        constexpr std::size_t longest_host = 253;
        if (!has_state()) {
            return false;
        }
        if (to_.host.empty() || to_.host.size() > longest_host || to_.port == 0) {
            error_ = std::make_error_code(std::errc::invalid_argument); // SRS_CPP_01_049
            return false;
        }
        return true;
    }

    bool start(ASYNC_OPERATION_ID* id) noexcept
    {
        if (async_socket_connect_ex_async(state_->handle, to_.host.c_str(), to_.port, time_.next(), id, &on_complete,
                                          this) == 0) {
            return true;
        }
        // SRS_CPP_01_049: it is connected already, or was
        error_ = async_socket_get_transport(state_->handle) != nullptr
                     ? std::make_error_code(std::errc::already_connected)
                     : make_error_code(ASYNC_STATUS_CLOSED);
        return false;
    }

    static bool advance(const ASYNC_COMPLETION&) noexcept { return false; }

    endpoint to_;
};

} // namespace async_socket::impl

#endif
