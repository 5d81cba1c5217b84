// SPDX-License-Identifier: MIT

#include "api/socket/open_close.hpp"

#include "api/platform/engine.hpp"
#include "api/platform/socket.hpp"
#include "common/arguments/arguments.hpp"
#include "common/diagnostics/forked_child.hpp"
#include "common/diagnostics/log.hpp"
#include "common/lifecycle/callback_scope.hpp"
#include "common/lifecycle/callback_wait.hpp"

namespace async_socket::detail {

bool attach_transport(const char* function, ASYNC_SOCKET_HANDLE socket, SOCKET_TRANSPORT_HANDLE transport,
                      SOCKET_TYPE type) noexcept
{
    const transport_reference reference(transport);
    transport_core& core = core_of(transport);
    const char* const unusable = type == SOCKET_CLIENT ? "is not connected" : "is not listening";
    if (core.type != type || !core.gate.is_open()) {
        log_refused(function, "socket_transport", unusable);
        return false;
    }
    // SRS_ASYNC_SOCKET_GUARANTEE_01_001. Before it is used, so that a disconnect after that sees who has it.
    if (!core.owner.take()) {
        log_refused(function, "socket_transport", "is owned by another async socket or listener");
        return false;
    }
    transport_use use(transport);
    if (!use) {
        log_refused(function, "socket_transport", unusable);
    } else {
        // Before it is attached, for the engine may look at it at once. While it is in use, for its handle may be
        // destroyed at any time.
        transport_add_reference(transport);
        core_of(socket).transport = transport;
        if (attach(function, socket)) {
            use.keep();
            return true;
        }
        core_of(socket).transport = nullptr;
        transport_release(transport);
    }
    if (!core.owner.give_back()) {
        transport_disconnect(transport, disconnect_mode::in_order);
    }
    return false;
}

bool close_socket(ASYNC_SOCKET_HANDLE socket, disconnect_mode mode) noexcept
{
    lifecycle& life = core_of(socket).life;
    const std::uint32_t own = callback_scope::depth(socket);
    // SRS_ASYNC_SOCKET_WIN32_01_022, SRS_ASYNC_SOCKET_WIN32_01_019
    const lifecycle::to_close found =
        life.begin_close(own != 0 ? lifecycle::closer::own_callback : lifecycle::closer::elsewhere);
    if (found == lifecycle::close_nothing) {
        return false;
    }
    callback_scope::mark_closing(socket);
    if (own != 0) {
        callback_wait::warn_if_held_up(socket);
    }
    callback_wait wait(socket, callback_wait::purpose::close);
    const blocked_thread blocked;
    // SRS_ASYNC_SOCKET_WIN32_01_020
    life.wait_for_calls();
    begin_detaching(socket, found, mode);
    // SRS_ASYNC_SOCKET_GUARANTEE_01_004
    wait_for_operations(socket, own, wait);
    detach(socket);
    // SRS_ASYNC_SOCKET_WIN32_01_021
    if (life.complete_close()) {
        free_socket(socket);
    }
    return true;
}

} // namespace async_socket::detail

using namespace async_socket::detail;

int async_socket_open_async(ASYNC_SOCKET_HANDLE async_socket, SOCKET_TRANSPORT_HANDLE socket_transport,
                            ON_ASYNC_SOCKET_OPEN_COMPLETE on_open_complete, void* context)
{
    if (refused_in_child(__func__)) {
        return 1;
    }
    if (!check_open_arguments(async_socket, socket_transport, on_open_complete)) {
        return 1;
    }
    lifecycle& life = core_of(async_socket).life;
    // SRS_ASYNC_SOCKET_WIN32_01_015, SRS_ASYNC_SOCKET_WIN32_01_023
    if (!life.begin_open()) {
        log_refused(__func__, "async_socket", "is open, being opened or closed, or was open before");
        return 1;
    }
    if (!attach_transport(__func__, async_socket, socket_transport, SOCKET_CLIENT)) {
        // SRS_ASYNC_SOCKET_WIN32_01_039, SRS_ASYNC_SOCKET_LINUX_01_006
        life.abandon_open();
        return 1;
    }
    // SRS_ASYNC_SOCKET_WIN32_01_094
    life.complete_open(standing_operations);
    {
        // SRS_ASYNC_SOCKET_WIN32_01_017, SRS_ASYNC_SOCKET_WIN32_01_009
        const callback_scope scope(async_socket, nullptr);
        on_open_complete(context, ASYNC_SOCKET_OPEN_OK);
    }
    if (life.end_operation()) {
        free_socket(async_socket);
    }
    // SRS_ASYNC_SOCKET_WIN32_01_014
    return 0;
}

void async_socket_close(ASYNC_SOCKET_HANDLE async_socket)
{
    if (refused_in_child(__func__)) {
        return;
    }
    // SRS_ASYNC_SOCKET_WIN32_01_018, SRS_ASYNC_SOCKET_LOG_01_007
    if (async_socket == nullptr) {
        return;
    }
    static_cast<void>(close_socket(async_socket, disconnect_mode::in_order));
}
