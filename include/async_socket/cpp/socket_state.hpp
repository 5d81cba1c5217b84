// SPDX-License-Identifier: MIT
//
// Not part of the interface: what a socket consists of. It stays where it is when the socket is moved.

#ifndef ASYNC_SOCKET_CPP_SOCKET_STATE_HPP
#define ASYNC_SOCKET_CPP_SOCKET_STATE_HPP

#include <atomic>
#include <cstddef>
#include <memory>
#include <new>
#include <system_error>
#include <utility>

#include "async_socket/async_socket.h"
#include "async_socket/async_socket_ex.h"
#include "async_socket/cpp/buffers.hpp"
#include "async_socket/cpp/error.hpp"
#include "async_socket/cpp/operation.hpp"
#include "async_socket/socket_transport.h"

namespace async_socket::impl {

// Somebody who waits for the end of a half close. There is no cancelling it; so its callback must not depend on the
// coroutine.
struct half_close_waiter {
    void (*on_end)(half_close_waiter&, const ASYNC_COMPLETION&) noexcept;
};

struct socket_state {
    // transport: what accept returned; NULL for a socket that is to connect by itself.
    socket_state(ASYNC_SOCKET_HANDLE socket, EXECUTION_ENGINE_HANDLE runs_on, SOCKET_TRANSPORT_HANDLE owned) noexcept
        : handle(socket), engine(runs_on), transport(owned)
    {
    }
    socket_state(const socket_state&) = delete;
    socket_state& operator=(const socket_state&) = delete;
    ~socket_state()
    {
        async_socket_destroy(handle);
        socket_transport_destroy(transport);
    }

    // NULL when the system refuses, and then the transport is still the caller's.
    static std::unique_ptr<socket_state> create(EXECUTION_ENGINE_HANDLE engine,
                                                SOCKET_TRANSPORT_HANDLE transport) noexcept
    {
        const ASYNC_SOCKET_HANDLE handle = async_socket_create(engine);
        if (handle == nullptr) {
            return nullptr;
        }
        auto* const state = new (std::nothrow) socket_state(handle, engine, nullptr);
        if (state == nullptr) {
            async_socket_destroy(handle);
            return nullptr;
        }
        std::unique_ptr<socket_state> result(state);
        if (transport != nullptr) {
            if (async_socket_open_async(
                    handle, transport, [](void*, ASYNC_SOCKET_OPEN_RESULT) {}, nullptr) != 0) {
                return nullptr;
            }
            result->transport = transport;
        }
        return result;
    }

    // Why the C API has refused an operation whose arguments are right.
    [[nodiscard]] std::error_code refusal() const noexcept
    {
        return make_error_code(async_socket_get_transport(handle) == nullptr ? ASYNC_STATUS_CLOSED
                                                                             : ASYNC_STATUS_NO_RESOURCES);
    }

    static constexpr std::size_t default_text_limit = 65536;

    ASYNC_SOCKET_HANDLE handle;
    EXECUTION_ENGINE_HANDLE engine;
    SOCKET_TRANSPORT_HANDLE transport;
    input_buffer input;
    std::size_t text_limit = default_text_limit;
    std::atomic<half_close_waiter*> waits_for_half_close{nullptr};
};

struct socket_target {
    using handle = ASYNC_SOCKET_HANDLE;
    static void cancel(handle socket, ASYNC_OPERATION_ID id) noexcept { async_socket_cancel(socket, id); }
    static void cancel_and_wait(handle socket, ASYNC_OPERATION_ID id) noexcept
    {
        async_socket_cancel_and_wait(socket, id);
    }
};

// An operation of a socket. The state is NULL for a socket that was moved from.
template <typename Derived>
class socket_operation : public operation<Derived, socket_target> {
protected:
    socket_operation(socket_state* state, operation_options&& options) noexcept
        : operation<Derived, socket_target>(state == nullptr ? nullptr : state->handle,
                                            state == nullptr ? nullptr : state->engine, std::move(options)),
          state_(state)
    {
    }
    ~socket_operation() = default;

    // False when the socket was moved from.
    bool has_state() noexcept
    {
        if (state_ == nullptr) {
            this->error_ = make_error_code(ASYNC_STATUS_CLOSED);
        }
        return state_ != nullptr;
    }

    socket_state* const state_;
};

} // namespace async_socket::impl

#endif
