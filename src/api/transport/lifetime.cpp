// SPDX-License-Identifier: MIT
//
// Making, holding, using, disconnecting and freeing a transport.

#include "api/platform/transport.hpp"
#include "async_socket/socket_options.h"
#include "common/diagnostics/forked_child.hpp"

#include "common/diagnostics/log.hpp"

namespace async_socket::detail {

void transport_add_reference(SOCKET_TRANSPORT_HANDLE transport) noexcept
{
    // Relaxed: the caller has a reference already.
    core_of(transport).references.fetch_add(1, std::memory_order_relaxed);
}

// SRS_SOCKET_TRANSPORT_01_007
void transport_release(SOCKET_TRANSPORT_HANDLE transport) noexcept
{
    if (core_of(transport).references.fetch_sub(1, std::memory_order_acq_rel) == 1) {
        dispose_transport(transport);
    }
}

transport_use::transport_use(SOCKET_TRANSPORT_HANDLE transport) noexcept
    : transport_(core_of(transport).gate.enter() ? transport : nullptr)
{
}

transport_use transport_use::beside_others(SOCKET_TRANSPORT_HANDLE transport) noexcept
{
    return {core_of(transport).gate.join() ? transport : nullptr, is_counted{}};
}

// SRS_SOCKET_TRANSPORT_01_026
void transport_use::leave(SOCKET_TRANSPORT_HANDLE transport) noexcept
{
    if (core_of(transport).gate.leave()) {
        close_system_socket(transport);
        transport_release(transport);
    }
}

bool transport_open(SOCKET_TRANSPORT_HANDLE transport) noexcept
{
    // Before the gate opens, for whoever enters and leaves last gives it back.
    transport_add_reference(transport);
    if (!core_of(transport).gate.complete_setup()) {
        transport_release(transport);
        return false;
    }
    return true;
}

void transport_disconnect(SOCKET_TRANSPORT_HANDLE transport, disconnect_mode mode) noexcept
{
    const transport_reference reference(transport);
    const use_gate::disconnect_result result = core_of(transport).gate.disconnect();
    // SRS_SOCKET_TRANSPORT_01_025: wakes connect and accept.
    signal_disconnected(transport);
    // SRS_SOCKET_TRANSPORT_01_024
    if (result == use_gate::disconnect_result::entered) {
        // SRS_SOCKET_TRANSPORT_01_025, SRS_SOCKET_TRANSPORT_01_027
        end_connection(transport, mode);
        transport_use::leave(transport);
    }
}

bool transport_release_socket(const char* function, SOCKET_TRANSPORT_HANDLE transport, SOCKET_HANDLE* released) noexcept
{
    const transport_reference reference(transport);
    transport_core& core = core_of(transport);
    // SRS_SOCKET_OPTIONS_01_009
    if (!core.owner.take()) {
        log_refused(function, "socket_transport", "is owned by an async socket or listener");
        return false;
    }
    if (!core.gate.close_unused()) {
        if (!core.owner.give_back()) {
            transport_disconnect(transport, disconnect_mode::in_order);
        }
        log_refused(function, "socket_transport", "is neither connected nor listening, or is in use");
        return false;
    }
    if (released != nullptr) {
        *released = give_socket_up(function, transport);
    }
    signal_disconnected(transport);
    // What the open gate has held.
    transport_release(transport);
    return true;
}

} // namespace async_socket::detail

using namespace async_socket::detail;

// SRS_SOCKET_TRANSPORT_01_001, SRS_SOCKET_TRANSPORT_01_002
SOCKET_TRANSPORT_HANDLE socket_transport_create_client(void)
{
    if (refused_in_child(__func__)) {
        return nullptr;
    }
    return make_unconnected_transport(__func__, SOCKET_CLIENT);
}

// SRS_SOCKET_TRANSPORT_01_003
SOCKET_TRANSPORT_HANDLE socket_transport_create_server(void)
{
    if (refused_in_child(__func__)) {
        return nullptr;
    }
    return make_unconnected_transport(__func__, SOCKET_BINDING);
}

// SRS_SOCKET_TRANSPORT_01_004, SRS_SOCKET_TRANSPORT_01_005
SOCKET_TRANSPORT_HANDLE socket_transport_create_from_socket(SOCKET_HANDLE socket)
{
    if (refused_in_child(__func__)) {
        return nullptr;
    }
    return adopt_socket(__func__, socket);
}

void socket_transport_destroy(SOCKET_TRANSPORT_HANDLE socket_transport)
{
    if (refused_in_child(__func__)) {
        return;
    }
    // SRS_SOCKET_TRANSPORT_01_006, SRS_ASYNC_SOCKET_LOG_01_007
    if (socket_transport == nullptr) {
        return;
    }
    // SRS_SOCKET_TRANSPORT_01_007, SRS_ASYNC_SOCKET_GUARANTEE_01_001
    if (core_of(socket_transport).owner.give_handle_back()) {
        transport_disconnect(socket_transport, disconnect_mode::in_order);
    }
    transport_release(socket_transport);
}

void socket_transport_disconnect(SOCKET_TRANSPORT_HANDLE socket_transport)
{
    if (refused_in_child(__func__)) {
        return;
    }
    // SRS_SOCKET_TRANSPORT_01_023, SRS_ASYNC_SOCKET_LOG_01_007
    if (socket_transport == nullptr) {
        return;
    }
    transport_disconnect(socket_transport, disconnect_mode::in_order);
}

// SRS_SOCKET_OPTIONS_01_007
void socket_transport_reset(SOCKET_TRANSPORT_HANDLE socket_transport)
{
    if (refused_in_child(__func__)) {
        return;
    }
    if (socket_transport == nullptr) {
        return;
    }
    transport_disconnect(socket_transport, disconnect_mode::reset);
}

// SRS_SOCKET_OPTIONS_01_008
int socket_transport_release(SOCKET_TRANSPORT_HANDLE socket_transport, SOCKET_HANDLE* released)
{
    if (refused_in_child(__func__)) {
        return 1;
    }
    if (socket_transport == nullptr || released == nullptr) {
        log_refused(__func__, socket_transport == nullptr ? "socket_transport" : "released", "is NULL");
        return 1;
    }
    return transport_release_socket(__func__, socket_transport, released) ? 0 : 1;
}
