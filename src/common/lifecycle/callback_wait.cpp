// SPDX-License-Identifier: MIT

#include "common/lifecycle/callback_wait.hpp"

#include "common/diagnostics/log.hpp"
#include "common/lifecycle/callback_ring.hpp"

namespace async_socket::detail {

void callback_scope::take_out() noexcept
{
    const auto lock = callback_ring::lock();
    callback_ring::take_out_scope(*this);
}

void callback_wait::take_out() noexcept
{
    const auto lock = callback_ring::lock();
    callback_ring::take_out(*this);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_020
void callback_wait::list_and_look(const void* word) noexcept
{
    has_looked_ = true;
    bool has_found = false;
    ring_text names;
    {
        const auto lock = callback_ring::lock();
        word_ = word;
        callback_ring::list(*this);
        callback_ring search(*this);
        has_found = search.find();
        if (has_found) {
            search.leave_out(names);
        }
        search.forget();
    }
    if (has_found) {
        warn_of_ring(names.text);
    }
}

void callback_wait::warn_of_ring(const char* sockets) noexcept
{
    log(ASYNC_SOCKET_LOG_LEVEL_WARNING,
        "async_socket_close: callbacks close each other's sockets in a ring (%s); no close in it waits for a callback "
        "that waits for it",
        sockets);
}

bool callback_wait::leaves_out_here(ASYNC_SOCKET_HANDLE socket) noexcept
{
    const auto lock = callback_ring::lock();
    for (const callback_scope* each = callback_scope::innermost(); each != nullptr; each = each->outer()) {
        if (each->socket() == socket && callback_ring::is_left_out(*each)) {
            return true;
        }
    }
    return false;
}

void callback_wait::warn_if_held_up(ASYNC_SOCKET_HANDLE socket) noexcept
{
    if (innermost_ == nullptr) {
        return;
    }
    for (const callback_scope* each = innermost_->innermost_scope_; each != nullptr; each = each->outer()) {
        if (each->socket() == socket) {
            ring_text names;
            names.add(socket);
            names.add(innermost_->awaited_);
            warn_of_ring(names.text);
            return;
        }
    }
}

} // namespace async_socket::detail
