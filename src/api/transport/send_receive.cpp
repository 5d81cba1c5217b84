// SPDX-License-Identifier: MIT

#include "api/platform/transport.hpp"
#include "common/diagnostics/forked_child.hpp"
#include "common/diagnostics/log.hpp"

namespace async_socket::detail {

namespace {

// The argument that is to be refused and why; none where all are good.
struct refusal {
    const char* argument = nullptr;
    const char* reason = nullptr;
};

refusal check(SOCKET_TRANSPORT_HANDLE transport, const SOCKET_BUFFER* payload, std::uint32_t buffer_count,
              const void* data) noexcept
{
    // SRS_SOCKET_TRANSPORT_01_035, SRS_SOCKET_TRANSPORT_01_040
    if (transport == nullptr) {
        return {"socket_transport", "is NULL"};
    }
    if (payload == nullptr) {
        return {"payload", "is NULL"};
    }
    if (buffer_count == 0) {
        return {"buffer_count", "is 0"};
    }
    if (has_overlapped_transfers) {
        return {};
    }
    // SRS_SOCKET_TRANSPORT_LINUX_01_010: a caller who means it to be asynchronous must not be made to wait.
    if (data != nullptr) {
        return {"data", "is not NULL, and there are no asynchronous operations on this platform"};
    }
    // SRS_SOCKET_TRANSPORT_LINUX_01_016
    std::uint64_t total = 0;
    for (std::uint32_t i = 0; i < buffer_count; ++i) {
        total += payload[i].length;
    }
    if (total > UINT32_MAX) {
        return {"payload", "has more bytes in all than can be counted"};
    }
    return {};
}

// SRS_SOCKET_TRANSPORT_01_036, SRS_SOCKET_TRANSPORT_01_041
bool check_connected(const char* function, SOCKET_TRANSPORT_HANDLE transport, const transport_use& use) noexcept
{
    if (!use || core_of(transport).type != SOCKET_CLIENT) {
        log_refused(function, "socket_transport", "is not connected");
        set_error_not_connected();
        return false;
    }
    return true;
}

} // namespace

} // namespace async_socket::detail

using namespace async_socket::detail;

SOCKET_SEND_RESULT socket_transport_send(SOCKET_TRANSPORT_HANDLE socket_transport, const SOCKET_BUFFER* payload,
                                         uint32_t buffer_count, uint32_t* bytes_sent, uint32_t flags, void* data)
{
    if (refused_in_child(__func__)) {
        return SOCKET_SEND_ERROR;
    }
    const refusal refused = check(socket_transport, payload, buffer_count, data);
    if (refused.argument != nullptr) {
        log_refused(__func__, refused.argument, refused.reason);
        return SOCKET_SEND_INVALID_ARG;
    }
    const transport_use use(socket_transport);
    return check_connected(__func__, socket_transport, use)
               ? send_on(socket_transport, payload, buffer_count, bytes_sent, flags, data)
               : SOCKET_SEND_ERROR;
}

SOCKET_RECEIVE_RESULT socket_transport_receive(SOCKET_TRANSPORT_HANDLE socket_transport, SOCKET_BUFFER* payload,
                                               uint32_t buffer_count, uint32_t* bytes_recv, uint32_t flags, void* data)
{
    if (refused_in_child(__func__)) {
        return SOCKET_RECEIVE_ERROR;
    }
    const refusal refused = check(socket_transport, payload, buffer_count, data);
    if (refused.argument != nullptr) {
        log_refused(__func__, refused.argument, refused.reason);
        return SOCKET_RECEIVE_INVALID_ARG;
    }
    const transport_use use(socket_transport);
    return check_connected(__func__, socket_transport, use)
               ? receive_on(socket_transport, payload, buffer_count, bytes_recv, flags, data)
               : SOCKET_RECEIVE_ERROR;
}
