// SPDX-License-Identifier: MIT

#include "common/arguments.hpp"
#include "common/callback_scope.hpp"
#include "common/log.hpp"
#include "linux/async_socket.hpp"
#include "linux/execution_engine.hpp"
#include "linux/socket_transport.hpp"
#include "linux/system_error.hpp"
#include "linux/worker.hpp"

namespace async_socket::detail {

bool attach_to_worker(const char* function, ASYNC_SOCKET_HANDLE socket, SOCKET_TRANSPORT_HANDLE transport,
                      SOCKET_TYPE type) noexcept
{
    if (transport->type != type || !transport->gate.enter()) {
        log_refused(function, "socket_transport", type == SOCKET_CLIENT ? "is not connected" : "is not listening");
        return false;
    }
    // SRS_ASYNC_SOCKET_GUARANTEE_01_001
    if (transport->is_owned.exchange(true, std::memory_order_acq_rel)) {
        log_refused(function, "socket_transport", "is owned by another");
        transport_use::leave(transport);
        return false;
    }
    // Before it is attached, for its worker may look at it at once.
    transport_add_reference(transport);
    socket->transport = transport;
    socket->fd = transport->fd;
    // SRS_ASYNC_SOCKET_LINUX_01_005
    const int error = worker_for(socket).attach(socket);
    if (error == 0) {
        return true;
    }
    // SRS_ASYNC_SOCKET_LINUX_01_006
    log_system_failure(function, "epoll_ctl", error);
    socket->fd = -1;
    socket->transport = nullptr;
    transport->is_owned.store(false, std::memory_order_release);
    transport_use::leave(transport);
    transport_release(transport);
    return false;
}

bool close_socket(ASYNC_SOCKET_HANDLE socket, disconnect_mode mode) noexcept
{
    const std::uint32_t own = callback_scope::depth(socket);
    // SRS_ASYNC_SOCKET_WIN32_01_022, SRS_ASYNC_SOCKET_WIN32_01_019
    const lifecycle::to_close found = socket->life.begin_close(own != 0);
    if (found == lifecycle::close_nothing) {
        return false;
    }
    callback_scope::mark_closing(socket);
    // SRS_ASYNC_SOCKET_WIN32_01_020
    socket->life.wait_for_calls();
    // SRS_ASYNC_SOCKET_LINUX_01_025
    // After a connect that failed the worker knows nothing of the socket any more.
    if (found == lifecycle::close_connection) {
        socket->close_mode = mode;
        socket->worker.load(std::memory_order_relaxed)->close(socket);
    }
    // SRS_ASYNC_SOCKET_GUARANTEE_01_004
    socket->life.wait_for_operations(own);
    // SRS_ASYNC_SOCKET_WIN32_01_021
    if (socket->life.complete_close()) {
        free_socket(socket);
    }
    return true;
}

} // namespace async_socket::detail

using namespace async_socket::detail;

int async_socket_open_async(ASYNC_SOCKET_HANDLE async_socket, SOCKET_TRANSPORT_HANDLE socket_transport,
                            ON_ASYNC_SOCKET_OPEN_COMPLETE on_open_complete, void* context)
{
    if (!check_open_arguments(async_socket, socket_transport, on_open_complete)) {
        return 1;
    }
    // SRS_ASYNC_SOCKET_WIN32_01_015, SRS_ASYNC_SOCKET_WIN32_01_023
    if (!async_socket->life.begin_open()) {
        log_refused(__func__, "async_socket", "is open, being opened or closed, or was open before");
        return 1;
    }
    if (!attach_to_worker(__func__, async_socket, socket_transport, SOCKET_CLIENT)) {
        // SRS_ASYNC_SOCKET_LINUX_01_006
        async_socket->life.abandon_open();
        return 1;
    }

    // SRS_ASYNC_SOCKET_WIN32_01_094. One more operation than the callback: that the socket is attached to its worker.
    async_socket->life.complete_open(1);
    {
        // SRS_ASYNC_SOCKET_WIN32_01_017
        const callback_scope scope(async_socket, nullptr);
        on_open_complete(context, ASYNC_SOCKET_OPEN_OK);
    }
    if (async_socket->life.end_operation()) {
        free_socket(async_socket);
    }
    // SRS_ASYNC_SOCKET_WIN32_01_014
    return 0;
}

void async_socket_close(ASYNC_SOCKET_HANDLE async_socket)
{
    // SRS_ASYNC_SOCKET_WIN32_01_018
    if (async_socket == nullptr) {
        log_refused(__func__, "async_socket", "is NULL");
        return;
    }
    static_cast<void>(close_socket(async_socket, disconnect_mode::in_order));
}
