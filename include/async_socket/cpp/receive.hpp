// SPDX-License-Identifier: MIT
//
// Not part of the interface: the awaitables of the receives of a socket (socket.hpp).

#ifndef ASYNC_SOCKET_CPP_RECEIVE_HPP
#define ASYNC_SOCKET_CPP_RECEIVE_HPP

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>
#include <string_view>
#include <system_error>
#include <utility>

#include "async_socket/async_socket_ex.h"
#include "async_socket/cpp/buffers.hpp"
#include "async_socket/cpp/options.hpp"
#include "async_socket/cpp/socket_state.hpp"

namespace async_socket::impl {

// Starts one receive with the C API. False when it is refused.
inline bool start_receive(socket_state& state, io_buffers& into, std::uint32_t timeout_ms, ASYNC_OPERATION_ID* id,
                          ON_ASYNC_COMPLETE on_complete, void* context) noexcept
{
    return async_socket_receive_ex_async(state.handle, into.buffers.data(), into.count, timeout_ms, id, on_complete,
                                         context) == 0;
}

enum class amount : bool { some, all };

// receive and receive_exactly.
template <amount Amount>
class [[nodiscard]] receive_operation final : public socket_operation<receive_operation<Amount>> {
    using base = socket_operation<receive_operation>;
    friend operation<receive_operation, socket_target>;

public:
    receive_operation(socket_state* state, buffer_cursor<std::byte> into, operation_options&& options) noexcept
        : base(state, std::move(options)), into_(into)
    {
    }
    ~receive_operation()
    {
        this->abandon();
        end();
    }

    io_result await_resume() const noexcept { return {this->error_, bytes_}; }

private:
    bool begin(const task_context*) noexcept
    {
        if (!this->has_state()) {
            return false;
        }
        if (!this->enter(false)) {
            return false;
        }
        bytes_ = this->state_->input.take(into_); // SRS_CPP_01_046
        // SRS_CPP_01_047
        return !into_.at_end() && (Amount == amount::all || bytes_ == 0);
    }

    bool start(ASYNC_OPERATION_ID* id) noexcept
    {
        io_buffers next;
        into_.fill(next);
        if (!start_receive(*this->state_, next, this->time_.next(), id, &base::on_complete, this)) {
            this->error_ = this->state_->refusal(); // SRS_CPP_01_033
            return false;
        }
        return true;
    }

    bool advance(const ASYNC_COMPLETION& completion) noexcept
    {
        bytes_ += completion.bytes;
        into_.advance(completion.bytes);
        return Amount == amount::all && completion.status == ASYNC_STATUS_OK && !into_.at_end(); // SRS_CPP_01_041
    }

    void end() noexcept { this->leave(false); }

    buffer_cursor<std::byte> into_;
    std::size_t bytes_ = 0;
};

// What both kinds of receive_until have in common: they receive into the socket's own memory until the delimiter is
// there.
template <typename Derived>
class until_operation : public socket_operation<Derived> {
    using base = socket_operation<Derived>;
    friend operation<Derived, socket_target>;

    // A smaller size would mean many small receives.
    static constexpr std::size_t least_capacity = 4096;

protected:
    until_operation(socket_state* state, std::size_t limit, std::string_view delimiter,
                    operation_options&& options) noexcept
        : base(state, std::move(options)), delimiter_(delimiter), limit_(limit)
    {
    }
    ~until_operation() = default;

    void end() noexcept { this->leave(true); }

private:
    bool begin(const task_context*) noexcept
    {
        if (!this->has_state()) {
            return false;
        }
        if (delimiter_.empty()) {
            this->error_ = std::make_error_code(std::errc::invalid_argument); // SRS_CPP_01_045
            return false;
        }
        if (!this->enter(true)) {
            return false;
        }
        if (!search()) {
            return false;
        }
        if (!this->state_->input.reserve((std::max)(limit_, least_capacity))) {
            this->error_ = make_error_code(ASYNC_STATUS_NO_RESOURCES);
            return false;
        }
        return true;
    }

    bool start(ASYNC_OPERATION_ID* id) noexcept
    {
        io_buffers next;
        buffer_cursor<std::byte>(this->state_->input.free_space()).fill(next);
        if (!start_receive(*this->state_, next, this->time_.next(), id, &base::on_complete,
                           static_cast<Derived*>(this))) {
            this->error_ = this->state_->refusal(); // SRS_CPP_01_033
            return false;
        }
        return true;
    }

    bool advance(const ASYNC_COMPLETION& completion) noexcept
    {
        this->state_->input.commit(completion.bytes);
        return completion.status == ASYNC_STATUS_OK && search();
    }

    // True when there is more to receive.
    bool search() noexcept
    {
        const std::string_view text(reinterpret_cast<const char*>(this->state_->input.data()),
                                    this->state_->input.size());
        const std::size_t position = text.find(delimiter_, searched_);
        if (position != std::string_view::npos && position + delimiter_.size() <= limit_) {
            // SRS_CPP_01_042
            static_cast<Derived*>(this)->take(text.substr(0, position + delimiter_.size()));
            this->state_->input.consume(position + delimiter_.size());
            return false;
        }
        if (position != std::string_view::npos || text.size() >= limit_) {
            this->error_ = std::make_error_code(std::errc::message_size); // SRS_CPP_01_044
            return false;
        }
        // The delimiter may have arrived in part.
        searched_ = text.size() - (std::min)(text.size(), delimiter_.size() - 1);
        return true;
    }

    std::string_view delimiter_;
    std::size_t limit_;
    std::size_t searched_ = 0;
};

// receive_until into the caller's memory.
class [[nodiscard]] receive_until_operation final : public until_operation<receive_until_operation> {
    friend operation<receive_until_operation, socket_target>;

public:
    receive_until_operation(socket_state* state, std::span<std::byte> into, std::string_view delimiter,
                            operation_options&& options) noexcept
        : until_operation(state, into.size(), delimiter, std::move(options)), into_(into)
    {
    }
    ~receive_until_operation()
    {
        abandon();
        end();
    }

    io_result await_resume() const noexcept { return {error_, bytes_}; }

private:
    friend until_operation<receive_until_operation>;

    void take(std::string_view found) noexcept
    {
        std::memcpy(into_.data(), found.data(), found.size());
        bytes_ = found.size();
    }

    std::span<std::byte> into_;
    std::size_t bytes_ = 0;
};

// receive_until into the socket's own memory.
class [[nodiscard]] receive_text_operation final : public until_operation<receive_text_operation> {
    friend operation<receive_text_operation, socket_target>;

public:
    receive_text_operation(socket_state* state, std::string_view delimiter, operation_options&& options) noexcept
        : until_operation(state, state == nullptr ? 0 : state->text_limit, delimiter, std::move(options))
    {
    }
    ~receive_text_operation()
    {
        abandon();
        end();
    }

    text_result await_resume() const noexcept { return {error_, text_}; }

private:
    friend until_operation<receive_text_operation>;

    // The bytes stay where they are. SRS_CPP_01_043
    void take(std::string_view found) noexcept { text_ = found; }

    std::string_view text_;
};

} // namespace async_socket::impl

#endif
