// SPDX-License-Identifier: MIT

/// \addtogroup cpp_listener
/// \{

#ifndef ASYNC_SOCKET_CPP_ACCEPT_HPP
#define ASYNC_SOCKET_CPP_ACCEPT_HPP

#include <system_error>
#include <utility>

#include "async_socket/async_listener.h"
#include "async_socket/cpp/accepted_connection.hpp"
#include "async_socket/cpp/engine.hpp"
#include "async_socket/cpp/error.hpp"
#include "async_socket/cpp/operation.hpp"
#include "async_socket/cpp/options.hpp"
#include "async_socket/cpp/socket.hpp"

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

} // namespace async_socket

#endif

/// \}
