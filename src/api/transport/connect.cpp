// SPDX-License-Identifier: MIT

#include "api/platform/transport.hpp"
#include "common/diagnostics/forked_child.hpp"
#include "common/diagnostics/log.hpp"

using namespace async_socket::detail;

int socket_transport_connect(SOCKET_TRANSPORT_HANDLE socket_transport, const char* hostname, uint16_t port,
                             uint32_t connection_timeout_ms)
{
    if (refused_in_child(__func__)) {
        return 1;
    }
    // SRS_SOCKET_TRANSPORT_01_008
    if (socket_transport == nullptr || hostname == nullptr) {
        log_refused(__func__, socket_transport == nullptr ? "socket_transport" : "hostname", "is NULL");
        return 1;
    }
    // SRS_SOCKET_TRANSPORT_01_009
    if (port == 0) {
        log_refused(__func__, "port", "is 0");
        return 1;
    }
    transport_core& core = core_of(socket_transport);
    // SRS_SOCKET_TRANSPORT_01_010
    if (core.type != SOCKET_CLIENT) {
        log_refused(__func__, "socket_transport", "is a server transport");
        return 1;
    }
    const transport_reference reference(socket_transport);
    // SRS_SOCKET_TRANSPORT_01_011
    if (!core.gate.begin_setup()) {
        log_refused(__func__, "socket_transport", "is connected, being connected, or disconnected");
        return 1;
    }
    // SRS_SOCKET_TRANSPORT_01_015
    if (!connect_to(socket_transport, hostname, port, deadline(connection_timeout_ms))) {
        core.gate.abandon_setup();
        return 1;
    }
    if (!transport_open(socket_transport)) {
        log_refused(__func__, "socket_transport", "was disconnected meanwhile");
        discard_socket(socket_transport);
        return 1;
    }
    // SRS_SOCKET_TRANSPORT_01_014
    return 0;
}
