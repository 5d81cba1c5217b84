// SPDX-License-Identifier: MIT

#include <netdb.h>

#include <cerrno>
#include <memory>
#include <new>

#include "common/diagnostics/log.hpp"
#include "linux/connect/connecting.hpp"
#include "linux/engine/placement.hpp"
#include "linux/engine/worker.hpp"
#include "linux/platform/prepare_operation.hpp"
#include "linux/system/system_error.hpp"

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

} // namespace

connect_start start_connect(const char* function, ASYNC_SOCKET_HANDLE socket, const char* host, std::uint16_t port,
                            const operation_request& request) noexcept
{
    // SRS_ASYNC_CONNECT_01_003
    if (socket->custom != nullptr) {
        log_refused(function, "async_socket", "has a send and a receive of the program's own");
        return connect_start::refused;
    }
    worker& own = worker_for(socket);
    std::unique_ptr<connecting> made = make_connecting(socket, host, port);
    operation* const reported = made != nullptr ? prepare_operation(own, socket, work_kind::connect, request) : nullptr;
    if (reported == nullptr) {
        log_system_failure(function, "operator new", ENOMEM);
        return connect_start::no_resources;
    }
    socket->connecting = made.release();
    socket->worker.store(&own, std::memory_order_relaxed);
    socket->attached = true;
    own.count_attached();
    // SRS_ASYNC_CONNECT_01_004
    socket->life.begin_connect(standing_operations);
    // Its callback may destroy the socket, which keeps the worker, while that is being told.
    const visit during_call(socket);
    own.submit(reported);
    return connect_start::done;
}

} // namespace async_socket::detail
