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
#include "async_socket/async_delay.h"
#include "async_socket/async_socket_ex.h"
#include "async_socket/cpp/block_cache.hpp"
#include "async_socket/cpp/buffers.hpp"
#include "async_socket/cpp/endpoint.hpp"
#include "async_socket/cpp/error.hpp"
#include "async_socket/cpp/options.hpp"
#include "async_socket/cpp/socket_state.hpp"

namespace async_socket::impl {

// A handler in memory of the cache, and what it is to be told if it is known already.
template <typename Handler>
class handler_record {
public:
    // NULL when the system refuses memory; the handler is then as it was.
    static handler_record* create(Handler& handler, std::size_t bytes = 0)
    {
        static_assert(alignof(handler_record) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__,
                      "the handler's alignment is too large");
        void* const memory = block_cache::allocate(sizeof(handler_record));
        return memory == nullptr ? nullptr : new (memory) handler_record(std::move(handler), bytes);
    }

    void destroy() noexcept
    {
        this->~handler_record();
        block_cache::deallocate(this, sizeof(handler_record)); // SRS_CPP_01_067
    }

    // Calls the handler when the memory is free already: the handler's own next operation has it.
    template <typename... Results>
    void finish(Results&&... results) noexcept
    {
        Handler handler(std::move(handler_));
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

    // For bytes that were there already.
    static void on_known(void* context, const ASYNC_COMPLETION*)
    {
        auto& self = *static_cast<handler_record*>(context);
        self.finish(io_result{{}, self.bytes_});
    }

private:
    handler_record(Handler&& handler, std::size_t bytes) : handler_(std::move(handler)), bytes_(bytes) {}
    ~handler_record() = default;

    Handler handler_;
    std::size_t bytes_;
};

inline std::error_code started(bool accepted, const socket_state& state) noexcept
{
    return accepted ? std::error_code() : state.refusal();
}

// Makes the record and starts. `start(record)` returns an error if it is refused. SRS_CPP_01_066
template <typename Handler, typename Start>
std::error_code start_with_handler(Handler&& handler, std::size_t bytes, Start start)
{
    auto* const record = handler_record<Handler>::create(handler, bytes);
    if (record == nullptr) {
        return make_error_code(ASYNC_STATUS_NO_RESOURCES);
    }
    const std::error_code error = start(record);
    if (error) {
        record->destroy();
    }
    return error;
}

// Calls with a result that is known, from a thread of the engine all the same.
template <typename Handler>
std::error_code call_later(socket_state& state, Handler&& handler, std::size_t bytes)
{
    return start_with_handler(std::forward<Handler>(handler), bytes, [&](auto* record) {
        return async_delay_start(state.engine, 0, nullptr, &record->on_known, record) == 0
                   ? std::error_code()
                   : make_error_code(ASYNC_STATUS_NO_RESOURCES);
    });
}

// SRS_CPP_01_064
template <typename Handler>
std::error_code start_receive_with_handler(socket_state* state, std::span<std::byte> into, Handler&& handler,
                                           time_limit timeout, ASYNC_OPERATION_ID* id)
{
    if (state == nullptr) {
        return make_error_code(ASYNC_STATUS_CLOSED);
    }
    buffer_cursor<std::byte> cursor(into);
    const std::size_t taken = state->input.take(cursor);
    if (taken != 0 || into.empty()) {
        return call_later(*state, std::forward<Handler>(handler), taken);
    }
    return start_with_handler(std::forward<Handler>(handler), 0, [&](auto* record) {
        io_buffers next;
        cursor.fill(next);
        return started(start_receive(*state, next, timeout.milliseconds(), id, &record->on_transferred, record),
                       *state);
    });
}

// SRS_CPP_01_064
template <typename Handler>
std::error_code start_send_with_handler(socket_state* state, std::span<const std::byte> from, Handler&& handler,
                                        time_limit timeout, ASYNC_OPERATION_ID* id)
{
    if (state == nullptr) {
        return make_error_code(ASYNC_STATUS_CLOSED);
    }
    if (from.empty()) {
        return call_later(*state, std::forward<Handler>(handler), 0);
    }
    return start_with_handler(std::forward<Handler>(handler), 0, [&](auto* record) {
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
    return start_with_handler(std::forward<Handler>(handler), 0, [&](auto* record) {
        return async_socket_connect_ex_async(state->handle, to.host.c_str(), to.port, timeout.milliseconds(), id,
                                             &record->on_connected, record) == 0
                   ? std::error_code()
                   : std::make_error_code(std::errc::invalid_argument);
    });
}

} // namespace async_socket::impl

#endif
