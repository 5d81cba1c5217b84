// SPDX-License-Identifier: MIT
//
// Not part of the interface: the awaitables of the sends of a socket (socket.hpp).

#ifndef ASYNC_SOCKET_CPP_SEND_HPP
#define ASYNC_SOCKET_CPP_SEND_HPP

#include <coroutine>
#include <cstddef>
#include <system_error>
#include <utility>

#include "async_socket/async_socket_ex.h"
#include "async_socket/cpp/buffers.hpp"
#include "async_socket/cpp/options.hpp"
#include "async_socket/cpp/receive.hpp"
#include "async_socket/cpp/socket_state.hpp"

namespace async_socket::impl {

// send and send_all.
template <amount Amount>
class [[nodiscard]] send_operation final : public socket_operation<send_operation<Amount>> {
    using base = socket_operation<send_operation>;
    friend operation<send_operation, socket_target>;

public:
    send_operation(socket_state* state, buffer_cursor<const std::byte> from, operation_options&& options) noexcept
        : base(state, std::move(options)), from_(from)
    {
    }
    ~send_operation() { this->abandon(); }

    io_result await_resume() const noexcept { return {this->error_, bytes_}; }

private:
    // SRS_CPP_01_047
    bool begin(const task_context*) noexcept { return this->has_state() && !from_.at_end(); }

    bool start(ASYNC_OPERATION_ID* id) noexcept
    {
        io_buffers next;
        from_.fill(next);
        const ASYNC_SOCKET_SEND_SYNC_RESULT result = async_socket_send_ex_async(
            this->state_->handle, next.buffers.data(), next.count, this->time_.next(), id, &base::on_complete, this);
        if (result != ASYNC_SOCKET_SEND_SYNC_OK) {
            // SRS_CPP_01_033
            this->error_ = result == ASYNC_SOCKET_SEND_SYNC_NOT_OPEN ? make_error_code(ASYNC_STATUS_CLOSED)
                                                                     : this->state_->refusal();
        }
        return result == ASYNC_SOCKET_SEND_SYNC_OK;
    }

    bool advance(const ASYNC_COMPLETION& completion) noexcept
    {
        bytes_ += completion.bytes;
        from_.advance(completion.bytes);
        return Amount == amount::all && completion.status == ASYNC_STATUS_OK && !from_.at_end(); // SRS_CPP_01_040
    }

    buffer_cursor<const std::byte> from_;
    std::size_t bytes_ = 0;
};

// shutdown_send. Its callback belongs to the socket, not to the coroutine: it cannot be cancelled, so the coroutine
// must be able to go before it comes.
class [[nodiscard]] shutdown_operation final : private half_close_waiter {
public:
    explicit shutdown_operation(socket_state* state) noexcept : half_close_waiter{&on_end}, state_(state) {}
    shutdown_operation(const shutdown_operation&) = delete;
    shutdown_operation& operator=(const shutdown_operation&) = delete;
    ~shutdown_operation()
    {
        if (waiting_) {
            state_->waits_for_half_close.store(nullptr); // SRS_CPP_01_014
        }
    }

    static bool await_ready() noexcept { return false; }

    template <typename Promise>
    bool await_suspend(std::coroutine_handle<Promise> coroutine) noexcept
    {
        waiter_.set(coroutine);
        half_close_waiter* nobody = nullptr;
        if (state_ == nullptr || !state_->waits_for_half_close.compare_exchange_strong(nobody, this)) {
            error_ = make_error_code(ASYNC_STATUS_CLOSED);
            return false;
        }
        waiting_ = true;
        if (async_socket_shutdown_send_async(state_->handle, &on_complete, state_) != 0) {
            waiting_ = false;
            state_->waits_for_half_close.store(nullptr);
            error_ = make_error_code(ASYNC_STATUS_CLOSED); // a second time, or the socket is not open
            return false;
        }
        return true;
    }

    std::error_code await_resume() const noexcept { return error_; }

private:
    static void on_complete(void* context, const ASYNC_COMPLETION* completion)
    {
        auto& state = *static_cast<socket_state*>(context);
        if (half_close_waiter* const waiter = state.waits_for_half_close.exchange(nullptr); waiter != nullptr) {
            waiter->on_end(*waiter, *completion);
        }
    }

    static void on_end(half_close_waiter& waiter, const ASYNC_COMPLETION& completion) noexcept
    {
        auto& self = static_cast<shutdown_operation&>(waiter);
        self.error_ = make_error_code(completion);
        self.waiting_ = false;
        run_queue::run_on_engine(self.state_->engine, self.waiter_.get());
    }

    socket_state* const state_;
    std::error_code error_;
    bool waiting_ = false;
    waiter waiter_;
};

} // namespace async_socket::impl

#endif
