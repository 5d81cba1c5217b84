// SPDX-License-Identifier: MIT

#include "api/platform/transport.hpp"
#include "common/diagnostics/forked_child.hpp"
#include "common/diagnostics/log.hpp"

using namespace async_socket::detail;

SOCKET_ACCEPT_RESULT socket_transport_accept(SOCKET_TRANSPORT_HANDLE socket_transport,
                                             SOCKET_TRANSPORT_HANDLE* accepted, uint32_t connection_timeout_ms)
{
    // SRS_SOCKET_TRANSPORT_01_028
    if (accepted == nullptr) {
        log_refused(__func__, "accepted", "is NULL");
        return SOCKET_ACCEPT_ERROR;
    }
    // SRS_SOCKET_TRANSPORT_01_034
    *accepted = nullptr;
    if (refused_in_child(__func__)) {
        return SOCKET_ACCEPT_ERROR;
    }
    if (socket_transport == nullptr) {
        log_refused(__func__, "socket_transport", "is NULL");
        return SOCKET_ACCEPT_ERROR;
    }
    // SRS_SOCKET_TRANSPORT_01_029
    if (core_of(socket_transport).type != SOCKET_BINDING) {
        log_refused(__func__, "socket_transport", "is a client transport");
        return SOCKET_ACCEPT_ERROR;
    }
    const transport_use use(socket_transport);
    if (!use) {
        log_refused(__func__, "socket_transport", "is not listening");
        return SOCKET_ACCEPT_ERROR;
    }
    // SRS_SOCKET_TRANSPORT_01_031, SRS_SOCKET_TRANSPORT_01_033
    return accept_within(socket_transport, deadline(connection_timeout_ms), *accepted);
}
