// SPDX-License-Identifier: MIT

#include "common/lifecycle/destroy.hpp"

#include <cstdint>

#include "common/lifecycle/callback_scope.hpp"
#include "common/lifecycle/callback_wait.hpp"

namespace async_socket::detail {

namespace {

bool is_to_be_closed(ASYNC_SOCKET_HANDLE socket, const lifecycle& life) noexcept
{
    callback_wait wait(socket, callback_wait::purpose::destroy);
    return life.wait_until_settled(wait);
}

} // namespace

void close_for_destroy(ASYNC_SOCKET_HANDLE socket, const lifecycle& life) noexcept
{
    const std::uint32_t own = callback_scope::depth(socket);
    if (own != 0) {
        // SRS_ASYNC_SOCKET_GUARANTEE_01_005. Where another thread is closing, it waits for this callback to return: so
        // this must not wait for that to end, but only for what else is under way. The last one to leave frees the
        // socket.
        async_socket_close(socket);
        callback_wait wait(socket, callback_wait::purpose::destroy_inside);
        life.wait_for_others_to_close(own, callback_scope::is_closing(socket), wait);
        return;
    }
    // SRS_ASYNC_SOCKET_WIN32_01_093, SRS_ASYNC_SOCKET_WIN32_01_006, SRS_ASYNC_CONNECT_01_011. Another thread may be
    // faster to close it, and is then waited for. One that connects is closed rather than waited for.
    while (is_to_be_closed(socket, life)) {
        async_socket_close(socket);
    }
    // SRS_ASYNC_SOCKET_GUARANTEE_01_020. The close that is left in a ring with this goes on, and frees the socket.
    if (life.current() == lifecycle::state::closing) {
        return;
    }
    // A callback that closed the socket itself may still be running.
    callback_wait wait(socket, callback_wait::purpose::close);
    life.wait_for_operations(0, wait);
}

} // namespace async_socket::detail
