// SPDX-License-Identifier: MIT

#include "support/bare_socket.h"

#include <cstdint>

#include "common/lifecycle/callback_scope.hpp"
#include "common/lifecycle/callback_wait.hpp"
#include "common/lifecycle/destroy.hpp"
#include "support/closing.h"

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

void finish_close(ASYNC_SOCKET_HANDLE socket, lifecycle::to_close what)
{
    const std::uint32_t own = callback_scope::depth(socket);
    callback_scope::mark_closing(socket);
    socket->life.wait_for_calls();
    if (what == lifecycle::close_connection) {
        socket->disconnect();
    }
    callback_wait wait(socket, callback_wait::purpose::close);
    socket->life.wait_for_operations(own, wait);
    if (socket->life.complete_close()) {
        socket->free(socket);
    }
}

void async_socket_close(ASYNC_SOCKET_HANDLE async_socket)
{
    const lifecycle::to_close what = begin_close(async_socket->life, callback_scope::depth(async_socket) != 0);
    if (what != lifecycle::close_nothing) {
        finish_close(async_socket, what);
    }
}

void async_socket_destroy(ASYNC_SOCKET_HANDLE async_socket)
{
    close_for_destroy(async_socket, async_socket->life);
    if (async_socket->life.release_handle()) {
        async_socket->free(async_socket);
    }
}
