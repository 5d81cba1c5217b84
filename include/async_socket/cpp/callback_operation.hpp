// SPDX-License-Identifier: MIT
//
// Not part of the interface: operations that call a handler (socket.hpp, listener.hpp).

#ifndef ASYNC_SOCKET_CPP_CALLBACK_OPERATION_HPP
#define ASYNC_SOCKET_CPP_CALLBACK_OPERATION_HPP

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <system_error>
#include <utility>

#include "async_socket/async_connect.h"
#include "async_socket/async_socket_ex.h"
#include "async_socket/cpp/block_cache.hpp"
#include "async_socket/cpp/buffers.hpp"
#include "async_socket/cpp/connect.hpp"
#include "async_socket/cpp/endpoint.hpp"
#include "async_socket/cpp/error.hpp"
#include "async_socket/cpp/options.hpp"
#include "async_socket/cpp/receive.hpp"
#include "async_socket/cpp/run_queue.hpp"
#include "async_socket/cpp/socket_state.hpp"

namespace async_socket::impl {

// A handler in memory from the cache, and what to call it with if that is already known.
template <typename Handler>
class handler_record {
public:
    // NULL when memory cannot be allocated; the handler is then as it was. `receives_on` is for
    // receives only.
    static handler_record* create(Handler& handler, EXECUTION_ENGINE_HANDLE engine, socket_state* receives_on = nullptr)
    {
        static_assert(alignof(handler_record) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__,
                      "the handler's alignment is too large");
        void* const memory = block_cache::allocate(sizeof(handler_record));
        return memory == nullptr ? nullptr : new (memory) handler_record(std::move(handler), engine, receives_on);
    }

    void destroy() noexcept
    {
        this->~handler_record();
        block_cache::deallocate(this, sizeof(handler_record)); // SRS_CPP_01_067
    }

    void set_known(std::size_t bytes) noexcept { bytes_ = bytes; }

    // Calls the handler when the memory is already free: the handler's own next operation may use it.
    template <typename... Results>
    void finish(Results&&... results) noexcept
    {
        Handler handler(std::move(handler_));
        const handler_call call(engine_);
        if (receives_on_ != nullptr) {
            receives_on_->turn.leave(false);
        }
        destroy();
        handler(std::forward<Results>(results)...);
    }

    static void on_transferred(void* context, const ASYNC_COMPLETION* completion)
    {
        static_cast<handler_record*>(context)->finish(io_result{make_error_code(*completion), completion->bytes});
    }

    static void on_connected(void* context, const ASYNC_COMPLETION* completion)
    {
        static_cast<handler_record*>(context)->finish(make_error_code(*completion));
    }

    static void on_closed(void* context) { static_cast<handler_record*>(context)->finish(); }

    // Whatever has become of the delay: the bytes are where they were asked to be.
    static void on_known(void* context, const ASYNC_COMPLETION*)
    {
        auto& self = *static_cast<handler_record*>(context);
        self.finish(io_result{{}, self.bytes_});
    }

private:
    handler_record(Handler&& handler, EXECUTION_ENGINE_HANDLE engine, socket_state* receives_on)
        : handler_(std::move(handler)), engine_(engine), receives_on_(receives_on)
    {
    }
    ~handler_record() = default;

    Handler handler_;
    EXECUTION_ENGINE_HANDLE engine_;
    socket_state* receives_on_;
    std::size_t bytes_ = 0;
};

inline std::error_code started(bool accepted, const socket_state& state) noexcept
{
    return accepted ? std::error_code() : state.refusal();
}

// Starts with a record, which may be NULL. `start(record)` returns an error if the operation is refused.
// SRS_CPP_01_066
template <typename Record, typename Start>
std::error_code start_with_record(Record* record, Start start)
{
    if (record == nullptr) {
        return make_error_code(ASYNC_STATUS_NO_RESOURCES);
    }
    const std::error_code error = start(record);
    if (error) {
        record->destroy();
    }
    return error;
}

// An operation of the socket whose result is known, so that its handler is called as others are: on a thread of the
// engine, and not after a close. SRS_CPP_01_064
template <typename Record>
std::error_code call_with_known(socket_state& state, Record* record, ASYNC_OPERATION_ID* id)
{
    return started(async_socket_delay_async(state.handle, 0, id, &record->on_known, record) == 0, state);
}

// SRS_CPP_01_064
template <typename Handler>
std::error_code start_receive_with_handler(socket_state* state, std::span<std::byte> into, Handler&& handler,
                                           time_limit timeout, ASYNC_OPERATION_ID* id)
{
    if (state == nullptr) {
        return make_error_code(ASYNC_STATUS_CLOSED);
    }
    if (!state->turn.enter(false)) {
        return receive_in_progress(); // SRS_CPP_01_083
    }
    auto* const made = handler_record<Handler>::create(handler, state->engine, state);
    const std::error_code error = start_with_record(made, [&](auto* record) {
        buffer_cursor<std::byte> cursor(into);
        const std::size_t taken = state->input.take(cursor);
        if (taken != 0 || into.empty()) {
            record->set_known(taken);
            const std::error_code refused = call_with_known(*state, record, id);
            if (refused) {
                state->input.give_back(taken); // SRS_CPP_01_046
            }
            return refused;
        }
        io_buffers next;
        cursor.fill(next);
        return started(start_receive(*state, next, timeout.milliseconds(), id, &record->on_transferred, record),
                       *state);
    });
    if (error) {
        state->turn.leave(false);
    }
    return error;
}

// SRS_CPP_01_064
template <typename Handler>
std::error_code start_send_with_handler(socket_state* state, std::span<const std::byte> from, Handler&& handler,
                                        time_limit timeout, ASYNC_OPERATION_ID* id)
{
    if (state == nullptr) {
        return make_error_code(ASYNC_STATUS_CLOSED);
    }
    if (from.size() > UINT32_MAX) {
        return std::make_error_code(std::errc::message_size); // SRS_CPP_01_084
    }
    auto* const made = handler_record<Handler>::create(handler, state->engine);
    return start_with_record(made, [&](auto* record) {
        if (from.empty()) {
            return call_with_known(*state, record, id);
        }
        io_buffers next;
        buffer_cursor<const std::byte>(from).fill(next);
        const auto result = async_socket_send_ex_async(state->handle, next.buffers.data(), next.count,
                                                       timeout.milliseconds(), id, &record->on_transferred, record);
        return result == ASYNC_SOCKET_SEND_SYNC_NOT_OPEN ? make_error_code(ASYNC_STATUS_CLOSED)
                                                         : started(result == ASYNC_SOCKET_SEND_SYNC_OK, *state);
    });
}

// SRS_CPP_01_065
template <typename Handler>
std::error_code start_connect_with_handler(socket_state* state, const endpoint& to, Handler&& handler,
                                           time_limit timeout, ASYNC_OPERATION_ID* id)
{
    if (state == nullptr) {
        return make_error_code(ASYNC_STATUS_CLOSED);
    }
    if (const std::error_code refused = refusal_of_endpoint(to)) {
        return refused;
    }
    auto* const made = handler_record<Handler>::create(handler, state->engine);
    return start_with_record(made, [&](auto* record) {
        const int returned = async_socket_connect_ex_async(state->handle, to.host.c_str(), to.port,
                                                           timeout.milliseconds(), id, &record->on_connected, record);
        return returned == 0 ? std::error_code() : refusal_of_connect(*state, returned);
    });
}

} // namespace async_socket::impl

#endif
