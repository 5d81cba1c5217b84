// SPDX-License-Identifier: MIT

/// \defgroup cpp_socket Socket of C++
/// \ingroup cpp
///
/// socket: one TCP connection whose operations are awaited.
///
///     auto [error, bytes] = co_await peer.receive(buffer, 5s);
///
/// What applies to all operations:
///   - Nothing is copied: the memory, and a sequence of spans, must be left untouched until the operation has ended.
///   - An operation holds all its state; nothing is allocated from one to the next (SRS_CPP_01_032).
///   - The coroutine resumes on a thread of the engine, inside the operation's callback; one that has nothing to wait
///     for (refused, stopped before it began, no bytes asked for, bytes already there) continues where it is
///     (SRS_CPP_01_031, SRS_CPP_01_033). One such operation in 64 lets others run first, so that a loop of them does
///     not keep the thread for itself (SRS_CPP_01_082).
///   - The error is one of error.hpp: no error, end_of_stream, reset, closed, timed_out, cancelled, no_resources, or
///     the system's own number. `bytes` counts what was transferred, with or without an error, and nothing that arrived
///     is lost: what an operation did not return, the next one does.
///   - options.timeout bounds the operation as a whole; options.stop and the token that the task has inherited cancel
///     it. Both are looked at between the steps of an operation, too, while data keeps coming.
///   - Destroying the waiting coroutine cancels the operation and waits until the system is done with it.
///
/// Threads: a send and a receive may be in progress at the same time, and so may several sends. A receive_until must be
/// the only receive: one that meets another ends at once with std::errc::operation_in_progress, as does a receive that
/// meets a receive_until (SRS_CPP_01_083). Members that do not wait may be called from any thread, including close and
/// reset, which end what is in progress. Destroying or moving the socket is for its owner; destroying it closes it.
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
#include "async_socket/cpp/close.hpp"
#include "async_socket/cpp/connect.hpp"
#include "async_socket/cpp/endpoint.hpp"
#include "async_socket/cpp/engine.hpp"
#include "async_socket/cpp/engine_thread.hpp"
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

/// What release returns. When there is no error, `handle` is the platform's socket, which the caller must close.
struct [[nodiscard]] release_result {
    std::error_code error{}; ///< how it went
    SOCKET_HANDLE handle{};  ///< the socket
};

/// What the system buffers for a socket.
struct buffer_sizes {
    std::uint32_t send_bytes = 0;    ///< of what is sent
    std::uint32_t receive_bytes = 0; ///< of what has arrived
};

/// Move-only. A socket that was constructed without an engine or moved from is empty: its operations end with
/// condition::closed.
class socket {
public:
    socket() noexcept = default; ///< Empty.

    /// A socket to connect. Throws std::system_error (no_resources).
    explicit socket(engine_ref engine) : state_(impl::socket_state::create(engine.handle(), nullptr))
    {
        if (state_ == nullptr) {
            throw std::system_error(make_error_code(ASYNC_STATUS_NO_RESOURCES), "socket");
        }
    }

    /// A socket on a connected transport (socket_transport.h), which it takes over, handle and all. Empty when the
    /// transport is not connected, belongs to another socket, or a system call fails; the transport is then still the
    /// caller's.
    /// Requirements: SRS_CPP_01_056
    static socket adopt(engine_ref engine, SOCKET_TRANSPORT_HANDLE transport) noexcept
    {
        return transport == nullptr ? socket() : socket(impl::socket_state::create(engine.handle(), transport));
    }

    /// False for an empty socket.
    /// Requirements: SRS_CPP_01_056
    explicit operator bool() const noexcept { return state_ != nullptr; }

    /// Receives what is available, at least one byte, as soon as there is something. Into no memory (a std::vector that
    /// is reserved but has no size, say) it receives nothing and ends at once, without an error and with 0 bytes.
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

    /// Receives until the memory is full. With an error, `bytes` says how much of it is.
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

    /// Receives up to and including the delimiter; `bytes` counts both. What arrives after it stays in the socket for
    /// the next receive of any kind. With an error nothing is consumed: what has arrived stays, too. So a last line
    /// without its end is there after condition::end_of_stream: a receive gets it, and then the end of the stream
    /// again.
    ///
    /// std::errc::message_size: the delimiter is not within the memory's size. std::errc::invalid_argument: it is
    /// empty. The delimiter must not change until the operation has ended.
    ///
    /// The socket keeps what arrives in memory of its own, of the size of the largest `into` so far.
    /// Requirements: SRS_CPP_01_042, SRS_CPP_01_044 .. SRS_CPP_01_046
    [[nodiscard]] auto receive_until(std::span<std::byte> into, std::string_view delimiter,
                                     operation_options options = {}) noexcept
    {
        return impl::receive_until_operation(state_.get(), into, delimiter, std::move(options));
    }

    /// The same without the caller's memory: the text, delimiter included, stays in the socket and is valid until the
    /// next receive. Its length is limited by set_text_limit.
    /// Requirements: SRS_CPP_01_042 .. SRS_CPP_01_046
    [[nodiscard]] auto receive_until(std::string_view delimiter, operation_options options = {}) noexcept
    {
        return impl::receive_text_operation(state_.get(), delimiter, std::move(options));
    }

    /// How long a text of receive_until may be, delimiter included; 65536 if not set. Not while a receive is under way.
    ///
    /// The first receive_until allocates so much memory, at least 4096 bytes, which the socket keeps until it is
    /// destroyed; a greater limit replaces it by more, a smaller one gives nothing back. So set it before the first, if
    /// there are many connections and short lines.
    /// Requirements: SRS_CPP_01_044
    void set_text_limit(std::size_t bytes) noexcept
    {
        if (state_ != nullptr) {
            state_->text_limit = bytes;
        }
    }

    /// Sends everything in one piece: bytes of other sends never come in between. More than UINT32_MAX bytes are
    /// refused with std::errc::message_size, and nothing is sent; send_all has no such limit. (A sequence of more than
    /// 64 spans that are not empty needs memory for the time of the call.)
    ///
    /// Requirements: SRS_CPP_01_039, SRS_CPP_01_084
    [[nodiscard]] auto send(std::span<const std::byte> from, operation_options options = {}) noexcept
    {
        return send_some(state_.get(), const_cursor(from), std::move(options)); // SRS_CPP_01_039
    }
    /// The same from several pieces of memory, one after the other.
    [[nodiscard]] auto send(std::span<const std::span<const std::byte>> from, operation_options options = {}) noexcept
    {
        return send_some(state_.get(), const_cursor(from), std::move(options)); // SRS_CPP_01_038
    }

    /// Sends everything, in as many pieces as it takes. With an error, `bytes` says how much is known to have been
    /// sent.
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

    /// Closes the sending side when all sends that were started before have ended: the peer then receives the end of
    /// the stream. Returns std::error_code; `closed` the second time. A time limit or a stop ends the waiting only: the
    /// sending side is closed all the same, behind the sends; the same goes if the coroutine is destroyed meanwhile.
    /// Requirements: SRS_CPP_01_050, SRS_CPP_01_085
    [[nodiscard]] auto shutdown_send(operation_options options = {}) noexcept
    {
        return impl::shutdown_operation(state_.get(), std::move(options)); // SRS_CPP_01_050
    }

    /// Connects (async_connect.h). Returns std::error_code: none, refused, unreachable, name_not_resolved, timed_out,
    /// cancelled, address_in_use, closed, no_resources and others; std::errc::invalid_argument for an endpoint without
    /// host or port; std::errc::already_connected. After a failure it may be tried again.
    /// Requirements: SRS_CPP_01_048, SRS_CPP_01_049
    [[nodiscard]] auto connect(endpoint to, operation_options options = {}) noexcept
    {
        return impl::connect_operation(state_.get(), std::move(to), std::move(options)); // SRS_CPP_01_048
    }

    /// Receives and calls a handler. A handler is any callable that takes the result, move-only ones included; it is
    /// called once, on a thread of the engine, never inside this call, if and only if no error is returned. It must not
    /// throw. The memory for its state is reused from one operation to the next.
    ///
    /// \param into     where to, as for receive
    /// \param handler  takes an io_result
    /// \param timeout  as for the operations above
    /// \param id       receives the ID to cancel it with (cancel); may be NULL
    ///
    /// It is an operation of the socket like the awaited ones, even if its result is known at once (no bytes asked for,
    /// bytes already there): its handler has been called when close returns, or the destructor.
    ///
    /// Requirements: SRS_CPP_01_064 .. SRS_CPP_01_067, SRS_CPP_01_083
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

    /// Asks to cancel an operation that was started with a handler: it ends with condition::cancelled or, if it ends by
    /// itself at the same moment, with its own result. An operation that has already ended is left alone.
    /// Requirements: SRS_CPP_01_065
    void cancel(ASYNC_OPERATION_ID id) noexcept
    {
        if (state_ != nullptr && id != 0) {
            async_socket_cancel(state_->handle, id);
        }
    }

    /// Closes the connection for good: whatever is in progress ends with condition::closed, and its coroutines have
    /// been resumed when this returns, except the one that called it, and those that close this one's socket in turn
    /// (async_socket.h says what becomes of such a ring). Not in the callback of a std::stop_callback, whose destructor
    /// a coroutine of this socket may be waiting in: async_close is for that.
    /// Requirements: SRS_CPP_01_051
    void close() noexcept { async_socket_close(handle()); } // SRS_CPP_01_051

    /// `co_await peer.close_async()`: the same without holding a thread up: resumes on a thread of the engine when
    /// whatever was in progress has ended and its coroutines have been resumed; the socket may be destroyed then. So
    /// two tasks may close each other's sockets. Returns std::error_code: none; `closed` where it is not open, or is
    /// being closed by somebody else; no_resources. Destroying the waiting coroutine ends the waiting only.
    /// Requirements: SRS_CPP_01_090
    [[nodiscard]] auto close_async() noexcept
    {
        return impl::close_operation<impl::socket_to_close>(handle(), state_ == nullptr ? nullptr : state_->engine);
    }

    /// The same with a handler, which takes nothing and is called as those above are, the last one of the socket.
    /// Requirements: SRS_CPP_01_091
    template <std::invocable<> Handler>
    std::error_code async_close(Handler handler)
    {
        return impl::start_close_with_handler<impl::socket_to_close>(
            handle(), state_ == nullptr ? nullptr : state_->engine, std::move(handler));
    }

    /// The same with a reset: unsent data is discarded, and the peer's operations fail.
    /// Requirements: SRS_CPP_01_051
    void reset() noexcept { async_socket_reset(handle()); } // SRS_CPP_01_051

    /// Like close, but the connection stays up: the platform's socket is handed to the caller. Bytes that a
    /// receive_until has left in the socket are lost.
    /// Requirements: SRS_CPP_01_052
    release_result release() noexcept
    {
        release_result result;
        if (state_ == nullptr || async_socket_release(state_->handle, &result.handle) != 0) {
            result.error = option_result(1);
        }
        return result; // SRS_CPP_01_052
    }

    /// Whether small sends go out at once. This and the following functions return no error, condition::closed for a
    /// socket that is not connected, or std::errc::invalid_argument when a system call fails.
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

    /// What the system buffers; 0 leaves that size unchanged.
    /// Requirements: SRS_CPP_01_053
    std::error_code set_buffer_sizes(const buffer_sizes& sizes) noexcept
    {
        return option_result(
            socket_transport_set_buffer_sizes(transport(), sizes.send_bytes, sizes.receive_bytes)); // SRS_CPP_01_053
    }

    /// What the system buffers; nullopt for a socket that is not connected.
    /// Requirements: SRS_CPP_01_053
    [[nodiscard]] std::optional<buffer_sizes> get_buffer_sizes() const noexcept
    {
        buffer_sizes sizes;
        if (socket_transport_get_buffer_sizes(transport(), &sizes.send_bytes, &sizes.receive_bytes) != 0) {
            return std::nullopt;
        }
        return sizes;
    }

    /// This side's endpoint; an empty one for a socket that is not connected.
    /// Requirements: SRS_CPP_01_054
    [[nodiscard]] endpoint local_endpoint() const { return impl::local_endpoint_of(transport()); }
    /// The peer's endpoint; an empty one for a socket that is not connected.
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

    /// Where its operations resume (placement.h): on any thread before it is opened. An empty socket has no engine.
    /// Requirements: SRS_CPP_01_111
    [[nodiscard]] engine_thread thread() const noexcept // SRS_CPP_01_111
    {
        return state_ == nullptr ? engine_thread(engine_ref(nullptr))
                                 : engine_thread(engine_ref(state_->engine), async_socket_get_thread(handle()));
    }

    /// For the C API; NULL for an empty socket. The socket still owns it.
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

// For the listener, which makes sockets from the state that it has prepared.
struct socket_access {
    static socket make(std::unique_ptr<socket_state> state) noexcept { return socket(std::move(state)); }
};

} // namespace impl

} // namespace async_socket

#endif

/// \}
