// SPDX-License-Identifier: MIT

/// \defgroup cpp_listener Listener of C++
/// \ingroup cpp
///
/// listener: accepts connections.
///
///     auto [error, peer] = co_await server.accept();
///
/// Where the platform ties sockets to threads, each of these sockets belongs to the thread of the engine that has least
/// to do, and the coroutine is there from the first operation on that waits (placement.h).
///
/// A loop of accepts ends with condition::closed and condition::cancelled, which are about the listener; any other
/// error is about one connection.
///
/// \{

#ifndef ASYNC_SOCKET_CPP_LISTENER_HPP
#define ASYNC_SOCKET_CPP_LISTENER_HPP

#include <concepts>
#include <cstdint>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

#include "async_socket/async_listener.h"
#include "async_socket/cpp/accept.hpp"
#include "async_socket/cpp/callback_operation.hpp"
#include "async_socket/cpp/close.hpp"
#include "async_socket/cpp/endpoint.hpp"
#include "async_socket/cpp/engine.hpp"
#include "async_socket/cpp/engine_thread.hpp"
#include "async_socket/cpp/options.hpp"
#include "async_socket/cpp/transport_endpoint.hpp"
#include "async_socket/listen_options.h"
#include "async_socket/placement.h"

namespace async_socket {

/// Move-only. Any number of accepts may be in progress; they are served in the order in which they were started.
/// Members that do not wait may be called from any thread. Destroying a listener closes it.
class listener {
public:
    /// Constructed without an engine, or moved from: closed.
    listener() noexcept = default;

    /// Listens.
    ///
    /// \param engine   the engine whose threads call back
    /// \param at       a numeric address of this machine and a port; port 0: any free port (local_endpoint says which);
    ///                 an empty host, or "::": every interface, for IPv6 and IPv4 where the machine has both
    /// \param options  as for socket_transport_listen_with_options
    ///
    /// Throws std::system_error with the system's reason (address_in_use, std::errc::permission_denied,
    /// std::errc::address_not_available, no_resources and others; std::errc::invalid_argument for a host that is not a
    /// numeric address; std::errc::operation_not_supported for reuse_port where the system does not have it) and an
    /// explanation that names `at`.
    /// Requirements: SRS_CPP_01_057, SRS_CPP_01_086, SRS_CPP_01_120
    listener(engine_ref engine, const endpoint& at, const SOCKET_LISTEN_OPTIONS& options = {})
        : listener(engine_thread(engine), at, options)
    {
    }

    /// The same, for a listener that is to accept on one thread of the engine (async_listener_create_on). Throws
    /// no_resources also where there is no such thread.
    /// Requirements: SRS_CPP_01_121
    listener(engine_thread where, const endpoint& at, const SOCKET_LISTEN_OPTIONS& options = {})
        : listener(where, socket_transport_create_server())
    {
        if (transport_ == nullptr || handle_ == nullptr) {
            throw std::system_error(make_error_code(ASYNC_STATUS_NO_RESOURCES), "listener");
        }
        listen(at, options);
        if (!open()) {
            throw std::system_error(make_error_code(ASYNC_STATUS_NO_RESOURCES), "listener");
        }
    }

    /// A listener on a transport that listens already, such as one of a socket that the process was started with
    /// (listen_options.h). It takes the transport over, handle and all. Closed when the transport does not listen or
    /// belongs to another listener, and when something cannot be allocated; the transport is then still the caller's.
    /// Requirements: SRS_CPP_01_122
    static listener adopt(engine_thread where, SOCKET_TRANSPORT_HANDLE transport) noexcept
    {
        if (transport == nullptr) {
            return {};
        }
        listener made(where, transport);
        if (made.open()) {
            return made; // SRS_CPP_01_122
        }
        static_cast<void>(made.transport_.release());
        return {};
    }
    /// The same for any thread.
    static listener adopt(engine_ref engine, SOCKET_TRANSPORT_HANDLE transport) noexcept
    {
        return adopt(engine_thread(engine), transport);
    }

    /// Waits for a connection, and makes it into a socket on the listener's engine. Returns accept_result; its errors
    /// are closed, cancelled, timed_out, no_resources.
    /// Requirements: SRS_CPP_01_058, SRS_CPP_01_059
    [[nodiscard]] auto accept(operation_options options = {}) noexcept
    {
        return impl::accept_operation<accept_result>(place(), engine_, std::move(options));
    }

    /// The same, but makes no socket of it (accepted_connection.hpp). Returns accept_connection_result.
    /// Requirements: SRS_CPP_01_059, SRS_CPP_01_073
    [[nodiscard]] auto accept_connection(operation_options options = {}) noexcept
    {
        return impl::accept_operation<accept_connection_result>(place(), engine_, std::move(options));
    }

    /// The same with a handler (socket.hpp), which takes an accept_result.
    /// Requirements: SRS_CPP_01_065 .. SRS_CPP_01_067
    template <std::invocable<accept_result> Handler>
    std::error_code async_accept(Handler handler, time_limit timeout = {}, ASYNC_OPERATION_ID* id = nullptr)
    {
        impl::accept_record<Handler> accepting(std::move(handler), engine_);
        return impl::start_with_record(
            impl::handler_record<impl::accept_record<Handler>>::create(accepting, engine_), [&](auto* record) {
                return async_listener_accept_async(handle_.get(), timeout.milliseconds(), id,
                                                   &listener::on_accepted<Handler>, record) == 0
                           ? std::error_code()
                           : impl::listener_target::refusal(place()); // SRS_CPP_01_065
            });
    }

    /// Like socket::cancel.
    /// Requirements: SRS_CPP_01_065
    void cancel(ASYNC_OPERATION_ID id) noexcept
    {
        if (handle_ != nullptr && id != 0) {
            async_listener_cancel(handle_.get(), id);
        }
    }

    /// Stops listening, for good; pending accepts end with condition::closed.
    /// Requirements: SRS_CPP_01_059
    void close() noexcept { async_listener_close(handle_.get()); } // SRS_CPP_01_059

    /// The same without holding a thread up, as socket::close_async and socket::async_close.
    /// Requirements: SRS_CPP_01_090, SRS_CPP_01_091
    [[nodiscard]] auto close_async() noexcept
    {
        return impl::close_operation<impl::listener_to_close>(handle_.get(), engine_);
    }
    /// The same with a handler.
    template <std::invocable<> Handler>
    std::error_code async_close(Handler handler)
    {
        return impl::start_close_with_handler<impl::listener_to_close>(handle_.get(), engine_, std::move(handler));
    }

    /// The local endpoint; an empty one for a closed listener.
    /// Requirements: SRS_CPP_01_054
    [[nodiscard]] endpoint local_endpoint() const { return impl::local_endpoint_of(transport_.get()); }

    /// For the C API; NULL for an empty listener. The listener still owns it.
    [[nodiscard]] ASYNC_LISTENER_HANDLE handle() const noexcept { return handle_.get(); }

    /// What it listens on, for the C API; NULL for an empty listener. The listener still owns it.
    [[nodiscard]] SOCKET_TRANSPORT_HANDLE transport() const noexcept { return transport_.get(); }

private:
    struct destroy_transport {
        void operator()(SOCKET_TRANSPORT_HANDLE handle) const noexcept { socket_transport_destroy(handle); }
    };
    struct destroy_listener {
        void operator()(ASYNC_LISTENER_HANDLE handle) const noexcept { async_listener_destroy(handle); }
    };

    listener(engine_thread where, SOCKET_TRANSPORT_HANDLE transport) noexcept
        : engine_(where.engine().handle()), transport_(transport),
          handle_(async_listener_create_on(engine_, where.number())) // SRS_CPP_01_121
    {
    }

    bool open() noexcept { return async_listener_open(handle_.get(), transport_.get()) == 0; }

    // SRS_CPP_01_057, SRS_CPP_01_120
    void listen(const endpoint& at, const SOCKET_LISTEN_OPTIONS& options)
    {
        const bool everywhere = at.host.empty() || at.host == "::";
        if (at.host.find('\0') != std::string::npos) {
            throw std::system_error(std::make_error_code(std::errc::invalid_argument), "listener: a host with a NUL");
        }
        std::int32_t error = 0;
        if (socket_transport_listen_with_options(transport_.get(), everywhere ? nullptr : at.host.c_str(), at.port,
                                                 &options, &error) == 0) {
            return;
        }
        const std::error_code reason = impl::code_of_system_error(error);
        if (error == 0) {
            throw std::system_error(make_error_code(ASYNC_STATUS_NO_RESOURCES), "listener on " + at.to_string());
        }
        // Of a name, too, the system says no more than this.
        const bool looks_numeric = at.host.find(':') != std::string::npos && at.host.front() != '[';
        const bool is_name = reason == std::errc::invalid_argument && !looks_numeric;
        throw std::system_error(reason, "listener on " + at.to_string() +
                                            (is_name ? ", whose host is not a numeric address" : ""));
    }

    [[nodiscard]] impl::listener_target::handle place() const noexcept { return {handle_.get(), transport_.get()}; }

    template <typename Handler>
    static void on_accepted(void* context, const ASYNC_COMPLETION* completion, SOCKET_TRANSPORT_HANDLE transport)
    {
        static_cast<impl::handler_record<impl::accept_record<Handler>>*>(context)->finish(*completion, transport);
    }

    EXECUTION_ENGINE_HANDLE engine_ = nullptr;
    std::unique_ptr<SOCKET_TRANSPORT_TAG, destroy_transport> transport_;
    std::unique_ptr<ASYNC_LISTENER_TAG, destroy_listener> handle_; // destroyed before the transport
};

} // namespace async_socket

#endif

/// \}
