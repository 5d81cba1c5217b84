// SPDX-License-Identifier: MIT

/// \defgroup cpp_socket Socket of C++
/// \ingroup cpp
///
/// socket: one TCP connection whose operations are awaited.
///
///     auto [error, bytes] = co_await peer.receive(buffer, 5s);
///
/// What holds for all operations:
///   - Nothing is copied: the memory, and a sequence of spans, must stay as they are until the operation has ended.
///   - An operation holds all its state; nothing is allocated from one to the next (SRS_CPP_01_032).
///   - The coroutine goes on on a thread of the engine, inside the operation's callback; one that has nothing to wait
///     for (refused, stopped before it began, no bytes asked for, bytes there already) goes on where it is
///     (SRS_CPP_01_031, SRS_CPP_01_033).
///   - The error is one of error.hpp: no error, end_of_stream, reset, closed, timed_out, cancelled, no_resources, or
///     the system's own number. `bytes` counts what was moved in any case, and nothing that arrived is lost: what an
///     operation did not return is the next one's.
///   - options.timeout bounds the operation as a whole; options.stop and the token that the task has inherited cancel
///     it.
///   - Destroying the coroutine that waits cancels the operation and waits until the system is done with it.
///
/// Threads: a send and a receive may be under way at the same time, and so may several sends. At most one receive at a
/// time if receive_until is used. Members that do not wait may be called from any thread, close and reset included,
/// which end what is under way. Destroying or moving the socket is for the one who owns it; destroying closes.
///
/// A socket is connected once, by connect, by a listener, or by being made from a connected transport.
///
/// \{

#ifndef ASYNC_SOCKET_CPP_SOCKET_HPP
#define ASYNC_SOCKET_CPP_SOCKET_HPP

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <system_error>
#include <utility>

#include "async_socket/async_socket_ex.h"
#include "async_socket/counters.h"
#include "async_socket/cpp/buffers.hpp"
#include "async_socket/cpp/callback_operation.hpp"
#include "async_socket/cpp/connect.hpp"
#include "async_socket/cpp/endpoint.hpp"
#include "async_socket/cpp/engine.hpp"
#include "async_socket/cpp/options.hpp"
#include "async_socket/cpp/receive.hpp"
#include "async_socket/cpp/send.hpp"
#include "async_socket/cpp/socket_state.hpp"
#include "async_socket/cpp/transport_endpoint.hpp"
#include "async_socket/socket_options.h"

namespace async_socket {

namespace impl {
struct socket_access;
} // namespace impl

/// What release returns. `handle` is the platform's socket, the caller's to close, when there is no error.
struct [[nodiscard]] release_result {
    std::error_code error{}; ///< how it went
    SOCKET_HANDLE handle{};  ///< the socket
};

/// What the system buffers for a socket.
struct buffer_sizes {
    std::uint32_t send_bytes = 0;    ///< of what is sent
    std::uint32_t receive_bytes = 0; ///< of what has arrived
};

/// Move-only. One that was made without an engine or moved from is empty: its operations end with condition::closed.
class socket {
public:
    socket() noexcept = default; ///< Empty.

    /// A socket that is to be connected. Throws std::system_error (no_resources).
    explicit socket(engine_ref engine) : state_(impl::socket_state::create(engine.handle(), nullptr))
    {
        if (state_ == nullptr) {
            throw std::system_error(make_error_code(ASYNC_STATUS_NO_RESOURCES), "socket");
        }
    }

    /// A socket on a connected transport (socket_transport.h), which it takes over, handle and all. Empty when the
    /// transport is not connected, is another socket's, or the system refuses; the transport is then still the
    /// caller's.
    /// Requirements: SRS_CPP_01_056
    static socket adopt(engine_ref engine, SOCKET_TRANSPORT_HANDLE transport) noexcept
    {
        return transport == nullptr ? socket() : socket(impl::socket_state::create(engine.handle(), transport));
    }

    /// False for an empty one.
    /// Requirements: SRS_CPP_01_056
    explicit operator bool() const noexcept { return state_ != nullptr; }

    /// Receives what is there, at least one byte, as soon as there is something.
    /// Requirements: SRS_CPP_01_037, SRS_CPP_01_038, SRS_CPP_01_046, SRS_CPP_01_047
    [[nodiscard]] auto receive(std::span<std::byte> into, operation_options options = {}) noexcept
    {
        return receive_some(state_.get(), cursor(into), std::move(options)); // SRS_CPP_01_037
    }
    /// The same into several pieces of memory, one after the other.
    [[nodiscard]] auto receive(std::span<const std::span<std::byte>> into, operation_options options = {}) noexcept
    {
        return receive_some(state_.get(), cursor(into), std::move(options)); // SRS_CPP_01_038
    }

    /// Receives until the memory is full. With an error `bytes` says how much of it is.
    /// Requirements: SRS_CPP_01_041, SRS_CPP_01_046, SRS_CPP_01_047
    [[nodiscard]] auto receive_exactly(std::span<std::byte> into, operation_options options = {}) noexcept
    {
        return receive_whole(state_.get(), cursor(into), std::move(options));
    }
    /// The same into several pieces of memory, one after the other.
    [[nodiscard]] auto receive_exactly(std::span<const std::span<std::byte>> into,
                                       operation_options options = {}) noexcept
    {
        return receive_whole(state_.get(), cursor(into), std::move(options));
    }

    /// Receives up to and including the delimiter; `bytes` counts both. What arrives behind it stays in the socket for
    /// the next receive of any kind. With an error nothing is taken: what has arrived stays, too.
    ///
    /// std::errc::message_size: the delimiter is not within the memory's size. std::errc::invalid_argument: it is
    /// empty. The delimiter must stay as it is until the operation has ended.
    ///
    /// The socket keeps what arrives in memory of its own, of the size of the largest `into` so far.
    /// Requirements: SRS_CPP_01_042, SRS_CPP_01_044 .. SRS_CPP_01_046
    [[nodiscard]] auto receive_until(std::span<std::byte> into, std::string_view delimiter,
                                     operation_options options = {}) noexcept
    {
        return impl::receive_until_operation(state_.get(), into, delimiter, std::move(options));
    }

    /// The same without memory of the caller's: the text, delimiter included, stays in the socket and is valid until
    /// the next receive. It is bounded by set_text_limit.
    /// Requirements: SRS_CPP_01_042 .. SRS_CPP_01_046
    [[nodiscard]] auto receive_until(std::string_view delimiter, operation_options options = {}) noexcept
    {
        return impl::receive_text_operation(state_.get(), delimiter, std::move(options));
    }

    /// How long a text of receive_until may be, delimiter included; 65536 if not set. Not while a receive is under way.
    /// Requirements: SRS_CPP_01_044
    void set_text_limit(std::size_t bytes) noexcept
    {
        if (state_ != nullptr) {
            state_->text_limit = bytes;
        }
    }

    /// Sends in one piece: bytes of other sends never come in between. Of a sequence only the first 64 spans that are
    /// not empty, and of more than UINT32_MAX bytes only so many; `bytes` tells.
    /// Requirements: SRS_CPP_01_039
    [[nodiscard]] auto send(std::span<const std::byte> from, operation_options options = {}) noexcept
    {
        return send_some(state_.get(), const_cursor(from), std::move(options)); // SRS_CPP_01_039
    }
    /// The same from several pieces of memory, one after the other.
    [[nodiscard]] auto send(std::span<const std::span<const std::byte>> from, operation_options options = {}) noexcept
    {
        return send_some(state_.get(), const_cursor(from), std::move(options)); // SRS_CPP_01_038
    }

    /// Sends everything, in as many pieces as it takes. With an error `bytes` says how much is known to have left.
    /// Requirements: SRS_CPP_01_040
    [[nodiscard]] auto send_all(std::span<const std::byte> from, operation_options options = {}) noexcept
    {
        return send_whole(state_.get(), const_cursor(from), std::move(options));
    }
    /// The same from several pieces of memory, one after the other.
    [[nodiscard]] auto send_all(std::span<const std::span<const std::byte>> from,
                                operation_options options = {}) noexcept
    {
        return send_whole(state_.get(), const_cursor(from), std::move(options));
    }

    /// Ends what this side sends, when all sends that were begun before have ended: the peer receives the end of the
    /// stream. Returns std::error_code; `closed` for a second time. It takes no options: what it waits for are the
    /// sends before it. A coroutine that is destroyed meanwhile leaves it to go on.
    /// Requirements: SRS_CPP_01_050
    [[nodiscard]] auto shutdown_send() noexcept
    {
        return impl::shutdown_operation(state_.get()); // SRS_CPP_01_050
    }

    /// Connects (async_connect.h). Returns std::error_code: none, refused, unreachable, name_not_resolved, timed_out,
    /// cancelled, address_in_use, closed, no_resources and others; std::errc::invalid_argument for an endpoint without
    /// host or port; std::errc::already_connected. After a failure it may be tried again.
    /// Requirements: SRS_CPP_01_048, SRS_CPP_01_049
    [[nodiscard]] auto connect(endpoint to, operation_options options = {}) noexcept
    {
        return impl::connect_operation(state_.get(), std::move(to), std::move(options)); // SRS_CPP_01_048
    }

    /// Receives, for those who want to be called. A handler is any callable that takes the result, move-only ones
    /// included; it is called once, on a thread of the engine, never inside this call, if and only if no error is
    /// returned. It must not throw. The memory of its state is recycled from one operation to the next.
    ///
    /// \param into     where to, as for receive
    /// \param handler  takes an io_result
    /// \param timeout  as for the operations above
    /// \param id       receives the name to cancel it by (cancel); may be NULL
    ///
    /// Requirements: SRS_CPP_01_064 .. SRS_CPP_01_067
    template <std::invocable<io_result> Handler>
    std::error_code async_receive(std::span<std::byte> into, Handler handler, time_limit timeout = {},
                                  ASYNC_OPERATION_ID* id = nullptr)
    {
        return impl::start_receive_with_handler(state_.get(), into, std::move(handler), timeout, id);
    }

    /// Sends, in the same way.
    /// Requirements: SRS_CPP_01_064 .. SRS_CPP_01_067
    template <std::invocable<io_result> Handler>
    std::error_code async_send(std::span<const std::byte> from, Handler handler, time_limit timeout = {},
                               ASYNC_OPERATION_ID* id = nullptr)
    {
        return impl::start_send_with_handler(state_.get(), from, std::move(handler), timeout, id);
    }

    /// Connects, in the same way; the handler takes a std::error_code.
    /// Requirements: SRS_CPP_01_064 .. SRS_CPP_01_067
    template <std::invocable<std::error_code> Handler>
    std::error_code async_connect(const endpoint& to, Handler handler, time_limit timeout = {},
                                  ASYNC_OPERATION_ID* id = nullptr)
    {
        return impl::start_connect_with_handler(state_.get(), to, std::move(handler), timeout, id);
    }

    /// Asks for the end of an operation that was begun with a handler: it ends with condition::cancelled, or with what
    /// it comes to by itself at the same moment. One that has ended is left alone.
    /// Requirements: SRS_CPP_01_065
    void cancel(ASYNC_OPERATION_ID id) noexcept
    {
        if (state_ != nullptr && id != 0) {
            async_socket_cancel(state_->handle, id);
        }
    }

    /// Closes the connection: whatever is under way ends with condition::closed, and its coroutine has been resumed
    /// when this returns, but for the one that called it. For good.
    /// Requirements: SRS_CPP_01_051
    void close() noexcept { async_socket_close(handle()); } // SRS_CPP_01_051

    /// The same with a reset: what has not left is thrown away, and the peer's operations fail.
    /// Requirements: SRS_CPP_01_051
    void reset() noexcept { async_socket_reset(handle()); } // SRS_CPP_01_051

    /// As close, but the connection goes on: the platform's socket is handed to the caller. Bytes that are in the
    /// socket from a receive_until are lost with it.
    /// Requirements: SRS_CPP_01_052
    release_result release() noexcept
    {
        release_result result;
        if (state_ == nullptr || async_socket_release(state_->handle, &result.handle) != 0) {
            result.error = option_result(1);
        }
        return result; // SRS_CPP_01_052
    }

    /// Whether small sends leave at once. This and the following return condition::closed for a socket that is not
    /// connected, no error, or std::errc::invalid_argument when the system refuses.
    /// Requirements: SRS_CPP_01_053
    std::error_code set_no_delay(bool no_delay) noexcept
    {
        return option_result(socket_transport_set_no_delay(transport(), no_delay)); // SRS_CPP_01_053
    }

    /// When a silent peer is given up (socket_options.h); nullopt: never.
    /// Requirements: SRS_CPP_01_053
    std::error_code set_keep_alive(const std::optional<SOCKET_KEEP_ALIVE>& keep_alive) noexcept
    {
        return option_result(socket_transport_set_keep_alive(transport(), keep_alive ? &*keep_alive : nullptr));
    }

    /// What the system buffers; 0 leaves that one as it is.
    /// Requirements: SRS_CPP_01_053
    std::error_code set_buffer_sizes(const buffer_sizes& sizes) noexcept
    {
        return option_result(
            socket_transport_set_buffer_sizes(transport(), sizes.send_bytes, sizes.receive_bytes)); // SRS_CPP_01_053
    }

    /// nullopt for a socket that is not connected.
    /// Requirements: SRS_CPP_01_053
    [[nodiscard]] std::optional<buffer_sizes> get_buffer_sizes() const noexcept
    {
        buffer_sizes sizes;
        if (socket_transport_get_buffer_sizes(transport(), &sizes.send_bytes, &sizes.receive_bytes) != 0) {
            return std::nullopt;
        }
        return sizes;
    }

    /// Of this side; an empty endpoint for a socket that is not connected.
    /// Requirements: SRS_CPP_01_054
    [[nodiscard]] endpoint local_endpoint() const { return impl::local_endpoint_of(transport()); }
    /// Of the peer; an empty endpoint for a socket that is not connected.
    /// Requirements: SRS_CPP_01_054
    [[nodiscard]] endpoint peer_endpoint() const { return impl::peer_endpoint_of(transport()); }

    /// What the socket has done so far (counters.h).
    /// Requirements: SRS_CPP_01_055
    [[nodiscard]] ASYNC_SOCKET_COUNTERS counters() const noexcept
    {
        ASYNC_SOCKET_COUNTERS result{};
        async_socket_get_counters(handle(), &result); // SRS_CPP_01_055
        return result;
    }

    /// For the C API; NULL for an empty socket. It stays the socket's.
    /// Requirements: SRS_CPP_01_056
    [[nodiscard]] ASYNC_SOCKET_HANDLE handle() const noexcept
    {
        return state_ == nullptr ? nullptr : state_->handle; // SRS_CPP_01_056
    }

private:
    friend impl::socket_access;

    using receive_some = impl::receive_operation<impl::amount::some>;
    using receive_whole = impl::receive_operation<impl::amount::all>;
    using send_some = impl::send_operation<impl::amount::some>;
    using send_whole = impl::send_operation<impl::amount::all>;
    using cursor = impl::buffer_cursor<std::byte>;
    using const_cursor = impl::buffer_cursor<const std::byte>;

    explicit socket(std::unique_ptr<impl::socket_state> state) noexcept : state_(std::move(state)) {}

    [[nodiscard]] SOCKET_TRANSPORT_HANDLE transport() const noexcept
    {
        return state_ == nullptr ? nullptr : async_socket_get_transport(state_->handle);
    }

    [[nodiscard]] std::error_code option_result(int result) const noexcept
    {
        if (result == 0) {
            return {};
        }
        return transport() == nullptr ? make_error_code(ASYNC_STATUS_CLOSED)
                                      : std::make_error_code(std::errc::invalid_argument);
    }

    std::unique_ptr<impl::socket_state> state_;
};

namespace impl {

// For the listener, which makes sockets of what it has prepared.
struct socket_access {
    static socket make(std::unique_ptr<socket_state> state) noexcept { return socket(std::move(state)); }
};

} // namespace impl

} // namespace async_socket

#endif

/// \}
