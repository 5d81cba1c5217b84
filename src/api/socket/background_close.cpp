// SPDX-License-Identifier: MIT

#include "api/socket/background_close.hpp"

#include "api/platform/socket.hpp"
#include "async_socket/async_socket_ex.h"
#include "common/diagnostics/forked_child.hpp"
#include "common/diagnostics/log.hpp"

namespace async_socket::detail {

// SRS_ASYNC_SOCKET_EX_01_040, SRS_ASYNC_LISTENER_01_020
int close_in_background(const char* function, const char* handle_name, ASYNC_SOCKET_HANDLE socket,
                        ON_ASYNC_CLOSED on_closed, void* context) noexcept
{
    // SRS_ASYNC_SOCKET_EX_01_043
    if (socket == nullptr || on_closed == nullptr) {
        log_refused(function, socket == nullptr ? handle_name : "on_closed", "is NULL");
        return 1;
    }
    background_close* const asked = make_background_close(function, socket);
    if (asked == nullptr) {
        return 1;
    }
    asked->socket = socket;
    asked->on_closed = on_closed;
    asked->context = context;
    asked->found = core_of(socket).life.begin_close(lifecycle::closer::background);
    if (asked->found == lifecycle::close_nothing) {
        discard_background_close(asked);
        log_refused(function, handle_name, "is not open, or is being closed");
        return 1;
    }
    begin_background_close(asked);
    return 0;
}

// SRS_ASYNC_SOCKET_EX_01_041
void tell_closed(const background_close& ended) noexcept
{
    // The callback is counted still, so this is never the one that frees.
    static_cast<void>(core_of(ended.socket).life.complete_close());
    ended.on_closed(ended.context);
}

} // namespace async_socket::detail

using namespace async_socket::detail;

int async_socket_close_async(ASYNC_SOCKET_HANDLE async_socket, ON_ASYNC_CLOSED on_closed, void* context)
{
    if (refused_in_child(__func__)) {
        return 1;
    }
    return close_in_background(__func__, "async_socket", async_socket, on_closed, context);
}
