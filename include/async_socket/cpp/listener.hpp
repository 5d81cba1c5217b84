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
#include "async_socket/cpp/accepted_connection.hpp"
#include "async_socket/cpp/callback_operation.hpp"
#include "async_socket/cpp/close.hpp"
#include "async_socket/cpp/endpoint.hpp"
#include "async_socket/cpp/engine.hpp"
#include "async_socket/cpp/operation.hpp"
#include "async_socket/cpp/options.hpp"
#include "async_socket/cpp/socket.hpp"
#include "async_socket/cpp/transport_endpoint.hpp"

namespace async_socket {

/// What accept returns; the socket is empty when there is an error.
struct [[nodiscard]] accept_result {
    std::error_code error{};       ///< how it went
    async_socket::socket socket{}; ///< the connection
};

namespace impl {

struct listener_target {
    struct handle {
        ASYNC_LISTENER_HANDLE listener;
        SOCKET_TRANSPORT_HANDLE transport; // what it listens on
    };
    static bool is_open(handle on) noexcept
    {
        return on.transport != nullptr && socket_transport_is_valid_socket(on.transport);
    }
    // Why an accept is refused. SRS_CPP_01_033
    static std::error_code refusal(handle on) noexcept
    {
        return make_error_code(is_open(on) ? ASYNC_STATUS_NO_RESOURCES : ASYNC_STATUS_CLOSED);
    }
    static bool cancel(handle on, ASYNC_OPERATION_ID id) noexcept
    {
        return async_listener_cancel(on.listener, id) == 0;
    }
    static void cancel_and_wait(handle on, ASYNC_OPERATION_ID id) noexcept
    {
        async_listener_cancel_and_wait(on.listener, id);
    }
    static bool start_ended(handle, ASYNC_OPERATION_ID*, ON_ASYNC_COMPLETE, void*) noexcept { return false; }
};

// What an accept ends with, made of the transport: a socket on the thread that calls back, or a connection. The
// transport is NULL when there is an error.
inline void make_result(const ASYNC_COMPLETION& completion, SOCKET_TRANSPORT_HANDLE transport, EXECUTION_ENGINE_HANDLE,
                        accept_connection_result& result) noexcept
{
    result.error = make_error_code(completion);
    result.connection = accepted_connection(transport); // SRS_CPP_01_073
}

inline void make_result(const ASYNC_COMPLETION& completion, SOCKET_TRANSPORT_HANDLE transport,
                        EXECUTION_ENGINE_HANDLE engine, accept_result& result) noexcept
{
    result.error = make_error_code(completion);
    result.socket = accepted_connection(transport).open(engine_ref(engine)); // SRS_CPP_01_058
    if (!result.error && !result.socket) {
        result.error = make_error_code(ASYNC_STATUS_NO_RESOURCES);
    }
}

template <typename Result>
class [[nodiscard]] accept_operation final : public operation<accept_operation<Result>, listener_target> {
    using base = operation<accept_operation, listener_target>;
    friend base;

public:
    accept_operation(listener_target::handle listener, EXECUTION_ENGINE_HANDLE engine,
                     operation_options&& options) noexcept
        : base(listener, engine, std::move(options))
    {
    }
    ~accept_operation() { this->abandon(); }

    Result await_resume() noexcept
    {
        result_.error = this->error_;
        return std::move(result_);
    }

private:
    static bool begin(const task_context*) noexcept { return true; }

    bool start(ASYNC_OPERATION_ID* id) noexcept
    {
        if (async_listener_accept_async(this->handle_.listener, this->time_.next(), id, &on_accepted, this) != 0) {
            this->error_ = listener_target::refusal(this->handle_); // SRS_CPP_01_059
            return false;
        }
        return true;
    }

    bool advance(const ASYNC_COMPLETION& completion) noexcept
    {
        make_result(completion, transport_, this->engine_, result_);
        this->error_ = result_.error;
        return false;
    }

    static void on_accepted(void* context, const ASYNC_COMPLETION* completion, SOCKET_TRANSPORT_HANDLE transport)
    {
        auto& self = *static_cast<accept_operation*>(context);
        if (!base::complete(self, *completion,
                            [transport](accept_operation& there) { there.transport_ = transport; })) {
            socket_transport_destroy(transport); // the coroutine is being destroyed
        }
    }

    SOCKET_TRANSPORT_HANDLE transport_ = nullptr;
    Result result_;
};

template <typename Handler>
class accept_record {
public:
    accept_record(Handler&& handler, EXECUTION_ENGINE_HANDLE engine) : handler_(std::move(handler)), engine_(engine) {}

    void operator()(const ASYNC_COMPLETION& completion, SOCKET_TRANSPORT_HANDLE transport)
    {
        accept_result result;
        make_result(completion, transport, engine_, result);
        handler_(std::move(result));
    }

private:
    Handler handler_;
    EXECUTION_ENGINE_HANDLE engine_;
};

} // namespace impl

/// Move-only. Any number of accepts may be in progress; they are served in the order in which they were started.
/// Members that do not wait may be called from any thread. Destroying a listener closes it.
class listener {
public:
    /// Constructed without an engine, or moved from: closed.
    listener() noexcept = default;

    /// Listens.
    ///
    /// \param engine  the engine whose threads call back
    /// \param at      a numeric address of this machine and a port; port 0: any free port (local_endpoint says which);
    ///                an empty host, or "::": every interface, for IPv6 and IPv4 where the machine has both
    ///
    /// Throws std::system_error with the system's reason (address_in_use, std::errc::permission_denied,
    /// std::errc::address_not_available, no_resources and others; std::errc::invalid_argument for a host that is not a
    /// numeric address) and an explanation that names `at`.
    /// Requirements: SRS_CPP_01_057, SRS_CPP_01_086
    listener(engine_ref engine, const endpoint& at)
        : engine_(engine.handle()), transport_(socket_transport_create_server()),
          handle_(async_listener_create(engine.handle()))
    {
        if (transport_ == nullptr || handle_ == nullptr) {
            throw std::system_error(make_error_code(ASYNC_STATUS_NO_RESOURCES), "listener");
        }
        listen(at);
        if (async_listener_open(handle_.get(), transport_.get()) != 0) {
            throw std::system_error(make_error_code(ASYNC_STATUS_NO_RESOURCES), "listener");
        }
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

    // SRS_CPP_01_057
    void listen(const endpoint& at)
    {
        const bool everywhere = at.host.empty() || at.host == "::";
        if (at.host.find('\0') != std::string::npos) {
            throw std::system_error(std::make_error_code(std::errc::invalid_argument), "listener: a host with a NUL");
        }
        std::int32_t error = 0;
        if (socket_transport_listen_ex(transport_.get(), everywhere ? nullptr : at.host.c_str(), at.port, &error) ==
            0) {
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
