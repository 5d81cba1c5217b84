// SPDX-License-Identifier: MIT

#include "support/bare_socket.h"

#include <cstdint>

#include "common/callback_scope.hpp"
#include "common/destroy.hpp"

using namespace async_socket::detail;

void run_callback(ASYNC_SOCKET_HANDLE socket, const std::function<void()>& body)
{
    {
        const callback_scope scope(socket, nullptr);
        body();
    }
    if (socket->life.end_operation()) {
        socket->free(socket);
    }
}

void finish_close(ASYNC_SOCKET_HANDLE socket)
{
    const std::uint32_t own = callback_scope::depth(socket);
    callback_scope::mark_closing(socket);
    socket->life.wait_for_calls();
    socket->disconnect();
    socket->life.wait_for_operations(own);
    if (socket->life.complete_close()) {
        socket->free(socket);
    }
}

void async_socket_close(ASYNC_SOCKET_HANDLE async_socket)
{
    if (async_socket->life.begin_close(callback_scope::depth(async_socket) != 0)) {
        finish_close(async_socket);
    }
}

void async_socket_destroy(ASYNC_SOCKET_HANDLE async_socket)
{
    close_for_destroy(async_socket, async_socket->life);
    if (async_socket->life.release_handle()) {
        async_socket->free(async_socket);
    }
}
