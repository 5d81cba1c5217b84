// SPDX-License-Identifier: MIT
//
// Not part of the interface: the awaitables of the sends of a socket (socket.hpp).

#ifndef ASYNC_SOCKET_CPP_SEND_HPP
#define ASYNC_SOCKET_CPP_SEND_HPP

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <span>
#include <system_error>
#include <thread>
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
    bool begin(const task_context*) noexcept
    {
        if (!this->has_state() || from_.at_end()) {
            return false; // SRS_CPP_01_047
        }
        if (Amount == amount::some && from_.bytes() > UINT32_MAX) {
            this->error_ = std::make_error_code(std::errc::message_size); // SRS_CPP_01_084
            return false;
        }
        return true;
    }

    bool start(ASYNC_OPERATION_ID* id) noexcept
    {
        if constexpr (Amount == amount::some) {
            if (const std::size_t pieces = from_.pieces(); pieces > io_buffers::most) {
                return start_many(pieces, id);
            }
        }
        io_buffers next;
        from_.fill(next);
        return start_with(std::span(next.buffers).first(next.count), id);
    }

    // One operation takes as many pieces as there are; so many need memory for the time of the call. SRS_CPP_01_039
    bool start_many(std::size_t pieces, ASYNC_OPERATION_ID* id) noexcept
    {
        const std::unique_ptr<ASYNC_SOCKET_BUFFER[]> buffers(new (std::nothrow) ASYNC_SOCKET_BUFFER[pieces]);
        if (buffers == nullptr) {
            this->error_ = make_error_code(ASYNC_STATUS_NO_RESOURCES);
            return false;
        }
        const std::span<ASYNC_SOCKET_BUFFER> all(buffers.get(), pieces);
        return start_with(all.first(from_.fill(all)), id);
    }

    bool start_with(std::span<const ASYNC_SOCKET_BUFFER> buffers, ASYNC_OPERATION_ID* id) noexcept
    {
        const ASYNC_SOCKET_SEND_SYNC_RESULT result =
            async_socket_send_ex_async(this->state_->handle, buffers.data(), static_cast<std::uint32_t>(buffers.size()),
                                       this->time_.next(), id, &base::on_complete, this);
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

// shutdown_send. The half close belongs to the socket; what the coroutine waits in is a delay, as long as the time
// limit, which the end of the half close cancels.
class [[nodiscard]] shutdown_operation final : public socket_operation<shutdown_operation> {
    friend operation<shutdown_operation, socket_target>;

public:
    shutdown_operation(socket_state* state, operation_options&& options) noexcept
        : socket_operation(state, std::move(options))
    {
    }
    ~shutdown_operation() { abandon(); }

    std::error_code await_resume() const noexcept { return error_; }

private:
    bool begin(const task_context*) noexcept { return has_state(); }

    bool start(ASYNC_OPERATION_ID* id) noexcept
    {
        half_close& sending = state_->sending;
        if (sending.has_begun.exchange(true)) {
            error_ = make_error_code(ASYNC_STATUS_CLOSED); // SRS_CPP_01_050
            return false;
        }
        if (async_socket_shutdown_send_async(state_->handle, &on_half_closed, state_) != 0) {
            sending.has_begun.store(false);
            error_ = state_->refusal(); // SRS_CPP_01_033
            return false;
        }
        if (async_socket_delay_async(state_->handle, time_.next(), id, &on_complete, this) != 0) {
            error_ = state_->refusal();
            return false;
        }
        // Of the two that end it, at least one sees what the other has written.
        sending.delay.store(*id);
        if (sending.has_ended.load()) {
            cancel_delay(*state_, *id);
        }
        return true;
    }

    bool advance(const ASYNC_COMPLETION& completion) noexcept
    {
        if (state_->sending.has_ended.load()) {
            error_ = make_error_code(state_->sending.completion);
        } else if (completion.status == ASYNC_STATUS_OK) {
            error_ = make_error_code(ASYNC_STATUS_TIMED_OUT); // SRS_CPP_01_085
        }
        return false;
    }

    static void on_half_closed(void* context, const ASYNC_COMPLETION* completion)
    {
        auto& state = *static_cast<socket_state*>(context);
        state.sending.completion = *completion;
        state.sending.has_ended.store(true);
        if (const ASYNC_OPERATION_ID delay = state.sending.delay.load(); delay != 0) {
            cancel_delay(state, delay);
        }
    }

    // Refused when the socket is being closed, which ends the delay as well.
    static void cancel_delay(socket_state& state, ASYNC_OPERATION_ID delay) noexcept
    {
        while (!socket_target::cancel(state.handle, delay) && socket_target::is_open(state.handle)) {
            std::this_thread::yield();
        }
    }
};

} // namespace async_socket::impl

#endif
