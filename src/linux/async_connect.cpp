// SPDX-License-Identifier: MIT

#include "async_socket/async_connect.h"

#include <netdb.h>

#include <cerrno>
#include <memory>
#include <new>

#include "common/arguments.hpp"
#include "common/log.hpp"
#include "linux/connecting.hpp"
#include "linux/execution_engine.hpp"
#include "linux/start_operation.hpp"
#include "linux/system_error.hpp"

namespace async_socket::detail {

namespace {

// Where to connect to, made ready as far as that goes without waiting; nullptr when there is no memory.
std::unique_ptr<connecting> make_connecting(ASYNC_SOCKET_HANDLE socket, const char* host, std::uint16_t port) noexcept
{
    std::unique_ptr<connecting> made(new (std::nothrow) connecting(socket));
    if (made == nullptr) {
        return nullptr;
    }
    int error = 0;
    int system_error = 0;
    address_list numeric = resolve_quietly(host, port, AI_NUMERICHOST, error, system_error);
    const bool is_ready = numeric != nullptr ? made->use(std::move(numeric)) : made->use(host, port);
    return is_ready ? std::move(made) : nullptr;
}

int start_connect(const char* function, ASYNC_SOCKET_HANDLE socket, const char* host, std::uint16_t port,
                  operation::callback_of_kind callback, void* context, const operation_wishes& wishes) noexcept
{
    // SRS_ASYNC_CONNECT_01_003
    if (socket->custom != nullptr) {
        log_refused(function, "async_socket", "has a send and a receive of the program's own");
        return 1;
    }
    // SRS_ASYNC_CONNECT_01_003, SRS_ASYNC_CONNECT_01_004
    if (!socket->life.begin_open()) {
        log_refused(function, "async_socket", "is open, being opened or closed, or was open before");
        return 1;
    }
    worker& own = worker_for(socket);
    std::unique_ptr<connecting> made = make_connecting(socket, host, port);
    operation* const reported =
        made != nullptr ? prepare_operation(own, socket, work_kind::connect, 0, callback, context, wishes) : nullptr;
    if (reported == nullptr) {
        log_system_failure(function, "operator new", ENOMEM);
        socket->life.abandon_open();
        return 1;
    }
    socket->connecting = made.release();
    socket->worker.store(&own, std::memory_order_relaxed);
    socket->attached = true;
    own.count_attached();
    // Two operations: that whose callback is the end of it, and that the socket is attached to its worker.
    socket->life.begin_connect(1);
    // Its callback may destroy the socket, which keeps the worker, while that is being told.
    const visit during_call(socket);
    own.submit(reported);
    return 0;
}

} // namespace

} // namespace async_socket::detail

using namespace async_socket::detail;

int async_socket_connect_async(ASYNC_SOCKET_HANDLE async_socket, const char* host, uint16_t port, uint32_t timeout_ms,
                               ON_ASYNC_SOCKET_OPEN_COMPLETE on_open_complete, void* context)
{
    // SRS_ASYNC_CONNECT_01_001, SRS_ASYNC_CONNECT_01_002
    if (!check_connect_arguments(__func__, async_socket, host, port, "on_open_complete", on_open_complete != nullptr)) {
        return 1;
    }
    operation::callback_of_kind callback{};
    callback.open = on_open_complete;
    return start_connect(__func__, async_socket, host, port, callback, context, {false, timeout_ms, nullptr});
}

int async_socket_connect_ex_async(ASYNC_SOCKET_HANDLE async_socket, const char* host, uint16_t port,
                                  uint32_t timeout_ms, ASYNC_OPERATION_ID* id, ON_ASYNC_COMPLETE on_complete,
                                  void* context)
{
    // SRS_ASYNC_CONNECT_01_001, SRS_ASYNC_CONNECT_01_002
    if (!check_connect_arguments(__func__, async_socket, host, port, "on_complete", on_complete != nullptr)) {
        return 1;
    }
    operation::callback_of_kind callback{};
    callback.complete = on_complete;
    return start_connect(__func__, async_socket, host, port, callback, context, {true, timeout_ms, id});
}
