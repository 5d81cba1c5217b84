// SPDX-License-Identifier: MIT

#include "api/platform/transport.hpp"
#include "common/diagnostics/forked_child.hpp"
#include "common/diagnostics/log.hpp"

namespace async_socket::detail {

namespace {

bool may_listen(const char* function, SOCKET_TRANSPORT_HANDLE transport) noexcept
{
    // SRS_SOCKET_TRANSPORT_01_016
    if (transport == nullptr) {
        log_refused(function, "socket_transport", "is NULL");
        return false;
    }
    // SRS_SOCKET_TRANSPORT_01_018
    if (core_of(transport).type != SOCKET_BINDING) {
        log_refused(function, "socket_transport", "is a client transport");
        return false;
    }
    return true;
}

int set_up_listener(const char* function, SOCKET_TRANSPORT_HANDLE transport, const listen_request& request,
                    std::int32_t* system_error = nullptr) noexcept
{
    const transport_reference reference(transport);
    use_gate& gate = core_of(transport).gate;
    // SRS_SOCKET_TRANSPORT_01_018
    if (!gate.begin_setup()) {
        log_refused(function, "socket_transport", "is listening already or was disconnected");
        return 1;
    }
    // SRS_SOCKET_TRANSPORT_01_020
    std::int32_t error = 0;
    if (!listen_at(function, transport, request, error)) {
        gate.abandon_setup();
        if (system_error != nullptr) {
            *system_error = error;
        }
        return 1;
    }
    if (!transport_open(transport)) {
        log_refused(function, "socket_transport", "was disconnected meanwhile");
        discard_socket(transport);
        return 1;
    }
    return 0;
}

} // namespace

} // namespace async_socket::detail

using namespace async_socket::detail;

int socket_transport_listen(SOCKET_TRANSPORT_HANDLE socket_transport, uint16_t port)
{
    if (refused_in_child(__func__)) {
        return 1;
    }
    if (!may_listen(__func__, socket_transport)) {
        return 1;
    }
    // SRS_SOCKET_TRANSPORT_01_017
    if (port == 0) {
        log_refused(__func__, "port", "is 0");
        return 1;
    }
    return set_up_listener(__func__, socket_transport, {nullptr, port, {}});
}

int socket_transport_listen_at(SOCKET_TRANSPORT_HANDLE socket_transport, const char* address, uint16_t port)
{
    if (refused_in_child(__func__)) {
        return 1;
    }
    if (!may_listen(__func__, socket_transport)) {
        return 1;
    }
    // SRS_SOCKET_TRANSPORT_01_022
    if (address == nullptr) {
        log_refused(__func__, "address", "is NULL");
        return 1;
    }
    return set_up_listener(__func__, socket_transport, {address, port, {}});
}

// SRS_SOCKET_TRANSPORT_01_060
int socket_transport_listen_ex(SOCKET_TRANSPORT_HANDLE socket_transport, const char* address, uint16_t port,
                               int32_t* system_error)
{
    if (system_error != nullptr) {
        *system_error = 0;
    }
    if (refused_in_child(__func__)) {
        return 1;
    }
    if (!may_listen(__func__, socket_transport)) {
        return 1;
    }
    return set_up_listener(__func__, socket_transport, {address, port, {}}, system_error);
}

// SRS_LISTEN_OPTIONS_01_001
int socket_transport_listen_with_options(SOCKET_TRANSPORT_HANDLE socket_transport, const char* address, uint16_t port,
                                         const SOCKET_LISTEN_OPTIONS* options, int32_t* system_error)
{
    if (system_error != nullptr) {
        *system_error = 0;
    }
    if (refused_in_child(__func__)) {
        return 1;
    }
    if (!may_listen(__func__, socket_transport)) {
        return 1;
    }
    listen_request request{address, port, {}};
    if (options != nullptr) {
        request.options = *options;
    }
    return set_up_listener(__func__, socket_transport, request, system_error);
}

// SRS_LISTEN_OPTIONS_01_006, SRS_LISTEN_OPTIONS_01_007
SOCKET_TRANSPORT_HANDLE socket_transport_create_from_listening_socket(SOCKET_HANDLE socket)
{
    if (refused_in_child(__func__)) {
        return nullptr;
    }
    SOCKET_TRANSPORT_HANDLE const transport = make_unconnected_transport(__func__, SOCKET_BINDING);
    if (transport == nullptr) {
        return nullptr;
    }
    // Nobody else has it yet, so neither step can come too late.
    use_gate& gate = core_of(transport).gate;
    if (!gate.begin_setup() || !adopt_listening(__func__, transport, socket) || !transport_open(transport)) {
        gate.abandon_setup();
        transport_release(transport);
        return nullptr;
    }
    return transport;
}
