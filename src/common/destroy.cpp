// SPDX-License-Identifier: MIT

#include "common/destroy.hpp"

#include <cstdint>

#include "common/callback_scope.hpp"

namespace async_socket::detail {

void close_for_destroy(ASYNC_SOCKET_HANDLE socket, const lifecycle& life) noexcept
{
    const std::uint32_t own = callback_scope::depth(socket);
    if (own != 0) {
        // SRS_ASYNC_SOCKET_GUARANTEE_01_005. Where another thread is closing, it waits for this callback to return: so
        // this must not wait for that to end, but only for what else is under way. The last one to leave frees the
        // socket.
        async_socket_close(socket);
        life.wait_for_others_to_close(own, callback_scope::is_closing(socket));
        return;
    }
    // SRS_ASYNC_SOCKET_WIN32_01_093, SRS_ASYNC_SOCKET_WIN32_01_006, SRS_ASYNC_CONNECT_01_011. Another thread may be
    // faster to close it, and is then waited for. One that connects is closed rather than waited for.
    while (life.wait_until_settled()) {
        async_socket_close(socket);
    }
    // A callback that closed the socket itself may still be running.
    life.wait_for_operations(0);
}

} // namespace async_socket::detail
