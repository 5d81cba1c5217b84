// SPDX-License-Identifier: MIT
//
// Not part of the interface: what a socket consists of. It stays where it is when the socket is moved.

#ifndef ASYNC_SOCKET_CPP_SOCKET_STATE_HPP
#define ASYNC_SOCKET_CPP_SOCKET_STATE_HPP

#include <atomic>
#include <cstddef>
#include <cstdint>
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

// The end of a half close, which belongs to the socket: it cannot be cancelled, so the coroutine that waits for it must
// be able to go before it comes. What that waits in is a delay.
struct half_close {
    std::atomic<bool> has_begun{false};
    std::atomic<bool> has_ended{false};
    std::atomic<ASYNC_OPERATION_ID> delay{0};
    ASYNC_COMPLETION completion{};
};

// Who is receiving. A receive_until, which looks at what has arrived and keeps what it does not return, must be alone.
// SRS_CPP_01_083
class receive_turn {
public:
    // Together with others that do not look, or alone. False: it is not the caller's turn.
    bool enter(bool alone) noexcept
    {
        std::uint32_t receives = receives_.load(std::memory_order_relaxed);
        while (receives < (alone ? 1U : one_alone)) {
            if (receives_.compare_exchange_weak(receives, alone ? one_alone : receives + 1, std::memory_order_acquire,
                                                std::memory_order_relaxed)) {
                return true;
            }
        }
        return false;
    }
    void leave(bool alone) noexcept { receives_.fetch_sub(alone ? one_alone : 1U, std::memory_order_release); }

private:
    static constexpr std::uint32_t one_alone = UINT32_MAX;
    std::atomic<std::uint32_t> receives_{0};
};

struct socket_state {
    // transport: what accept returned; NULL for a socket that will make its own connection.
    socket_state(ASYNC_SOCKET_HANDLE socket, EXECUTION_ENGINE_HANDLE runs_on, SOCKET_TRANSPORT_HANDLE owned) noexcept
        : handle(socket), engine(runs_on), transport(owned)
    {
    }
    socket_state(const socket_state&) = delete;
    socket_state& operator=(const socket_state&) = delete;
    ~socket_state()
    {
        async_socket_destroy(handle);
        if (transport != nullptr) {
            socket_transport_destroy(transport);
        }
    }

    // NULL when a system call fails, and then the transport is still the caller's.
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

    // Why the C API has refused an operation whose arguments are valid.
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
    receive_turn turn;
    half_close sending;
};

inline std::error_code receive_in_progress() noexcept
{
    return std::make_error_code(std::errc::operation_in_progress);
}

struct socket_target {
    using handle = ASYNC_SOCKET_HANDLE;
    static bool is_open(handle socket) noexcept { return async_socket_get_transport(socket) != nullptr; }
    static bool cancel(handle socket, ASYNC_OPERATION_ID id) noexcept { return async_socket_cancel(socket, id) == 0; }
    static void cancel_and_wait(handle socket, ASYNC_OPERATION_ID id) noexcept
    {
        async_socket_cancel_and_wait(socket, id);
    }
    static bool start_ended(handle socket, ASYNC_OPERATION_ID* id, ON_ASYNC_COMPLETE on_complete,
                            void* context) noexcept
    {
        return socket != nullptr && is_open(socket) &&
               async_socket_delay_async(socket, 0, id, on_complete, context) == 0;
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

    // Of a receive. False when somebody else's turn keeps it out. SRS_CPP_01_083
    bool enter(bool alone) noexcept
    {
        has_turn_ = state_->turn.enter(alone);
        if (!has_turn_) {
            this->error_ = receive_in_progress();
        }
        return has_turn_;
    }
    void leave(bool alone) noexcept
    {
        if (std::exchange(has_turn_, false)) {
            state_->turn.leave(alone);
        }
    }

    socket_state* const state_;

private:
    bool has_turn_ = false;
};

} // namespace async_socket::impl

#endif
