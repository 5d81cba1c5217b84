// SPDX-License-Identifier: MIT
//
// A close that nobody waits for: a thread of the pool waits instead.

#include <new>

#include "common/diagnostics/log.hpp"
#include "common/lifecycle/callback_scope.hpp"
#include "common/lifecycle/callback_wait.hpp"
#include "win32/engine/execution_engine.hpp"
#include "win32/engine/timer_queue.hpp"
#include "win32/socket/socket.hpp"
#include "win32/system/last_error.hpp"

namespace async_socket::detail {

namespace {

struct background_closing : timer_entry, background_close {};

void run_background_close(timer_entry& timer, PTP_CALLBACK_INSTANCE instance) noexcept
{
    auto* const taken = static_cast<background_closing*>(&timer);
    const background_close asked = *taken;
    delete taken;
    const ASYNC_SOCKET_HANDLE socket = asked.socket;
    lifecycle& life = socket->life;
    {
        // From here on it is the callback which is left out of what is waited for.
        const callback_scope scope(socket, instance);
        callback_scope::mark_closing(socket);
        {
            const blocked_thread blocked;
            // SRS_ASYNC_SOCKET_WIN32_01_020
            life.wait_for_calls();
            begin_detaching(socket, asked.found, disconnect_mode::in_order);
            // SRS_ASYNC_SOCKET_EX_01_041
            callback_wait wait(socket, callback_wait::purpose::close_in_background);
            wait_for_operations(socket, 1, wait);
            detach(socket);
        }
        tell_closed(asked);
    }
    if (life.end_operation()) {
        free_socket(socket);
    }
}

} // namespace

background_close* make_background_close(const char* function, ASYNC_SOCKET_HANDLE socket) noexcept
{
    auto* const made = new (std::nothrow) background_closing;
    if (made == nullptr) {
        log_system_failure(function, "operator new", ERROR_OUTOFMEMORY);
        return nullptr;
    }
    if (!socket->engine->timers.prepare(function, socket->engine)) {
        delete made;
        return nullptr;
    }
    made->run = run_background_close;
    return made;
}

// SRS_ASYNC_SOCKET_EX_01_040
void begin_background_close(background_close* begun) noexcept
{
    const ASYNC_SOCKET_HANDLE socket = begun->socket;
    // It keeps the socket, and with it the engine, until that has been told.
    socket->life.begin_visit();
    socket->engine->timers.schedule(*static_cast<background_closing*>(begun), 0);
    end_visit(socket);
}

void discard_background_close(background_close* unused) noexcept
{
    delete static_cast<background_closing*>(unused);
}

} // namespace async_socket::detail
