// SPDX-License-Identifier: MIT
//
// Non-blocking sockets and the events that say when to look again.

#include "call_scope.h"

namespace fake_win32 {

int ioctlsocket(SOCKET handle, LONG command, u_long* argument)
{
    call_scope call(api::ioctlsocket, handle, command, argument != nullptr ? *argument : 0ul);
    if (call.has_fault()) {
        return call.fail(call.fault(), SOCKET_ERROR);
    }
    const auto socket = call.find_socket(handle);
    if (socket == nullptr) {
        return call.fail(WSAENOTSOCK, SOCKET_ERROR);
    }
    if (command != FIONBIO || argument == nullptr) {
        return call.fail(WSAEFAULT, SOCKET_ERROR);
    }
    if (*argument == 0 && socket->selected != 0) {
        return call.fail(WSAEINVAL, SOCKET_ERROR);
    }
    socket->nonblocking = *argument != 0;
    return call.succeed(0);
}

int WSAEventSelect(SOCKET handle, WSAEVENT event, LONG network_events)
{
    call_scope call(api::WSAEventSelect, handle, event, network_events);
    if (call.has_fault()) {
        return call.fail(call.fault(), SOCKET_ERROR);
    }
    const auto socket = call.find_socket(handle);
    if (socket == nullptr) {
        return call.fail(WSAENOTSOCK, SOCKET_ERROR);
    }
    if (network_events != 0 && call.all().events.count(event) == 0) {
        call.misused(misuse::handle_not_open, "not an open event");
        return call.fail(WSA_INVALID_HANDLE, SOCKET_ERROR);
    }
    socket->nonblocking = true;
    socket->selected_event = network_events != 0 ? event : nullptr;
    socket->selected = network_events;
    socket->recorded = 0;
    LONG now = 0;
    now |= socket->backlog.empty() ? 0 : FD_ACCEPT;
    now |= socket->received.empty() ? 0 : FD_READ;
    now |= socket->end_received || socket->was_reset ? FD_CLOSE : 0;
    now |= socket->state == socket_state::connected ? FD_WRITE : 0;
    record_network_events(*socket, now);
    if (socket->accept_was_announced && (network_events & FD_ACCEPT) != 0) {
        call.all().signal(event);
    }
    return call.succeed(0);
}

int WSAEnumNetworkEvents(SOCKET handle, WSAEVENT event, LPWSANETWORKEVENTS network_events)
{
    call_scope call(api::WSAEnumNetworkEvents, handle, event, network_events);
    if (call.has_fault()) {
        return call.fail(call.fault(), SOCKET_ERROR);
    }
    const auto socket = call.find_socket(handle);
    if (socket == nullptr) {
        return call.fail(WSAENOTSOCK, SOCKET_ERROR);
    }
    *network_events = {};
    network_events->lNetworkEvents = socket->recorded;
    if ((socket->recorded & FD_CONNECT) != 0) {
        network_events->iErrorCode[FD_CONNECT_BIT] = socket->connect_error;
    }
    socket->recorded = 0;
    const auto found = call.all().events.find(event);
    if (found != call.all().events.end()) {
        found->second.signaled = false;
    }
    return call.succeed(0);
}

// Whether somebody waits at listening sockets, now: nothing else is asked.
int WSAPoll(WSAPOLLFD* sockets, ULONG count, INT timeout)
{
    call_scope call(api::WSAPoll, sockets, count, timeout);
    if (call.has_fault()) {
        return call.fail(call.fault(), SOCKET_ERROR);
    }
    if (sockets == nullptr || count == 0 || timeout != 0) {
        return call.fail(WSAEINVAL, SOCKET_ERROR);
    }
    int ready = 0;
    for (WSAPOLLFD* each = sockets; each != sockets + count; ++each) {
        const auto socket = call.find_socket(each->fd);
        if (socket == nullptr) {
            return call.fail(WSAENOTSOCK, SOCKET_ERROR);
        }
        each->revents = socket->backlog.empty() ? SHORT{0} : static_cast<SHORT>(each->events & POLLRDNORM);
        ready += each->revents != 0 ? 1 : 0;
    }
    return call.succeed(ready);
}

WSAEVENT WSACreateEvent()
{
    return CreateEventW(nullptr, TRUE, FALSE, nullptr);
}

BOOL WSACloseEvent(WSAEVENT event)
{
    return CloseHandle(event);
}

BOOL WSASetEvent(WSAEVENT event)
{
    return SetEvent(event);
}

BOOL WSAResetEvent(WSAEVENT event)
{
    return ResetEvent(event);
}

DWORD WSAWaitForMultipleEvents(DWORD count, const WSAEVENT* events, BOOL wait_all, DWORD milliseconds, BOOL)
{
    return WaitForMultipleObjects(count, events, wait_all, milliseconds);
}

} // namespace fake_win32
