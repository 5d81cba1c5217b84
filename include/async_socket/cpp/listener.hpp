// SPDX-License-Identifier: MIT

/// \defgroup cpp_listener Listener of C++
/// \ingroup cpp
///
/// listener: accepts connections.
///
///     auto [error, peer] = co_await server.accept();
///
/// \{

#ifndef ASYNC_SOCKET_CPP_LISTENER_HPP
#define ASYNC_SOCKET_CPP_LISTENER_HPP

#include <concepts>
#include <memory>
#include <system_error>
#include <utility>

#include "async_socket/async_listener.h"
#include "async_socket/cpp/callback_operation.hpp"
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
    using handle = ASYNC_LISTENER_HANDLE;
    static void cancel(handle listener, ASYNC_OPERATION_ID id) noexcept { async_listener_cancel(listener, id); }
    static void cancel_and_wait(handle listener, ASYNC_OPERATION_ID id) noexcept
    {
        async_listener_cancel_and_wait(listener, id);
    }
};

// Makes a socket of an accepted transport, or gives the transport back to the system.
inline accept_result accepted_socket(const ASYNC_COMPLETION& completion, SOCKET_TRANSPORT_HANDLE transport,
                                     EXECUTION_ENGINE_HANDLE engine) noexcept
{
    if (completion.status != ASYNC_STATUS_OK) {
        return {make_error_code(completion), {}};
    }
    std::unique_ptr<socket_state> state = socket_state::create(engine, transport);
    if (state == nullptr) {
        socket_transport_destroy(transport);
        return {make_error_code(ASYNC_STATUS_NO_RESOURCES), {}};
    }
    return {{}, socket_access::make(std::move(state))}; // SRS_CPP_01_058
}

class [[nodiscard]] accept_operation final : public operation<accept_operation, listener_target> {
    friend operation<accept_operation, listener_target>;

public:
    accept_operation(ASYNC_LISTENER_HANDLE listener, EXECUTION_ENGINE_HANDLE engine,
                     operation_options&& options) noexcept
        : operation(listener, engine, std::move(options))
    {
    }
    ~accept_operation() { abandon(); }

    accept_result await_resume() noexcept
    {
        if (error_) {
            return {error_, {}};
        }
        return std::move(result_);
    }

private:
    static bool begin(const task_context*) noexcept { return true; }

    bool start(ASYNC_OPERATION_ID* id) noexcept
    {
        if (async_listener_accept_async(handle_, time_.next(), id, &on_accepted, this) != 0) {
            error_ = make_error_code(ASYNC_STATUS_CLOSED); // SRS_CPP_01_059
            return false;
        }
        return true;
    }

    bool advance(const ASYNC_COMPLETION& completion) noexcept
    {
        result_ = accepted_socket(completion, transport_, engine_);
        error_ = result_.error;
        return false;
    }

    static void on_accepted(void* context, const ASYNC_COMPLETION* completion, SOCKET_TRANSPORT_HANDLE transport)
    {
        auto& self = *static_cast<accept_operation*>(context);
        if (!complete(self, *completion, [transport](accept_operation& there) { there.transport_ = transport; })) {
            socket_transport_destroy(transport); // the coroutine is being destroyed
        }
    }

    SOCKET_TRANSPORT_HANDLE transport_ = nullptr;
    accept_result result_;
};

template <typename Handler>
class accept_record {
public:
    accept_record(Handler&& handler, EXECUTION_ENGINE_HANDLE engine) : handler_(std::move(handler)), engine_(engine) {}

    void operator()(const ASYNC_COMPLETION& completion, SOCKET_TRANSPORT_HANDLE transport)
    {
        handler_(accepted_socket(completion, transport, engine_));
    }

private:
    Handler handler_;
    EXECUTION_ENGINE_HANDLE engine_;
};

} // namespace impl

/// Move-only. Any number of accepts may be under way; they are served in the order in which they were begun. Members
/// that do not wait may be called from any thread. Destroying it closes it.
class listener {
public:
    /// Made without an engine or moved from: closed.
    listener() noexcept = default;

    /// Listens.
    ///
    /// \param engine  whose threads call back
    /// \param at      a numeric address of this machine and a port; port 0: any that is free (local_endpoint tells
    /// which); an
    ///       empty host: every interface
    ///
    /// Throws std::system_error: no_resources, or address_in_use, which stands for all that keeps the system from
    /// listening there.
    /// Requirements: SRS_CPP_01_057
    listener(engine_ref engine, const endpoint& at)
        : engine_(engine.handle()), transport_(socket_transport_create_server()),
          handle_(async_listener_create(engine.handle()))
    {
        if (transport_ == nullptr || handle_ == nullptr) {
            throw std::system_error(make_error_code(ASYNC_STATUS_NO_RESOURCES), "listener");
        }
        if (!listen(at)) {
            throw std::system_error(make_error_code(ASYNC_STATUS_ADDRESS_IN_USE), at.to_string()); // SRS_CPP_01_057
        }
        if (async_listener_open(handle_.get(), transport_.get()) != 0) {
            throw std::system_error(make_error_code(ASYNC_STATUS_NO_RESOURCES), "listener");
        }
    }

    /// Waits for a connection, and makes a socket of it on the listener's engine. Returns accept_result; its errors are
    /// closed, cancelled, timed_out, no_resources.
    /// Requirements: SRS_CPP_01_058, SRS_CPP_01_059
    [[nodiscard]] auto accept(operation_options options = {}) noexcept
    {
        return impl::accept_operation(handle_.get(), engine_, std::move(options));
    }

    /// The same for those who want to be called (socket.hpp); the handler takes an accept_result.
    /// Requirements: SRS_CPP_01_065 .. SRS_CPP_01_067
    template <std::invocable<accept_result> Handler>
    std::error_code async_accept(Handler handler, time_limit timeout = {}, ASYNC_OPERATION_ID* id = nullptr)
    {
        return impl::start_with_handler(
            impl::accept_record<Handler>(std::move(handler), engine_), 0, [&](auto* record) {
                return async_listener_accept_async(handle_.get(), timeout.milliseconds(), id,
                                                   &listener::on_accepted<Handler>, record) == 0
                           ? std::error_code()
                           : make_error_code(ASYNC_STATUS_CLOSED); // SRS_CPP_01_065
            });
    }

    /// As socket::cancel.
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

    /// An empty endpoint for a closed one.
    /// Requirements: SRS_CPP_01_054
    [[nodiscard]] endpoint local_endpoint() const { return impl::local_endpoint_of(transport_.get()); }

    /// For the C API; NULL for an empty one. It stays the listener's.
    [[nodiscard]] ASYNC_LISTENER_HANDLE handle() const noexcept { return handle_.get(); }

    /// What it listens on, for the C API; NULL for an empty one. It stays the listener's.
    [[nodiscard]] SOCKET_TRANSPORT_HANDLE transport() const noexcept { return transport_.get(); }

private:
    struct destroy_transport {
        void operator()(SOCKET_TRANSPORT_HANDLE handle) const noexcept { socket_transport_destroy(handle); }
    };
    struct destroy_listener {
        void operator()(ASYNC_LISTENER_HANDLE handle) const noexcept { async_listener_destroy(handle); }
    };

    [[nodiscard]] bool listen(const endpoint& at) noexcept
    {
        const SOCKET_TRANSPORT_HANDLE transport = transport_.get();
        if (!at.host.empty()) {
            return socket_transport_listen_at(transport, at.host.c_str(), at.port) == 0;
        }
        if (at.port != 0) {
            return socket_transport_listen(transport, at.port) == 0;
        }
        return socket_transport_listen_at(transport, "::", 0) == 0 ||
               socket_transport_listen_at(transport, "0.0.0.0", 0) == 0;
    }

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
