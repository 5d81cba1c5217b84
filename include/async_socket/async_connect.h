// SPDX-License-Identifier: MIT

/// \defgroup connect Connect
///
/// Connecting an async socket without blocking.
///
/// The socket resolves the name, connects, and opens itself on the connection, which it then owns as if it had been
/// opened on it: there is no transport to create. Meanwhile the socket is OPENING, and close and destroy end it at
/// once.
///
/// The addresses of the host are tried as RFC 8305 ("happy eyeballs") describes: IPv6 and IPv4 alternating, starting
/// with the family that the system prefers; the next one is tried every 250 ms, and at once when one fails; the first
/// connection wins.
///
/// Requirement IDs below are short for SRS_ASYNC_CONNECT_01_...
///
/// \{

#ifndef ASYNC_SOCKET_ASYNC_CONNECT_H
#define ASYNC_SOCKET_ASYNC_CONNECT_H

#ifdef __cplusplus
#include <cstdint>
#else
#include <stdint.h>
#endif

#include "async_socket/async_operation.h"
#include "async_socket/async_socket.h"
#include "async_socket/export.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Connects and opens the socket.
///
/// \param async_socket      the socket
/// \param host              a name (UTF-8) or a numeric address, IPv4 or IPv6; at most 253 bytes; read during the call
///                          only
/// \param port              1 .. 65535
/// \param timeout_ms        milliseconds for the whole connect, resolving included; ASYNC_NO_TIMEOUT: no limit but the
///                          system's
/// \param on_open_complete  required; called once, on a thread of the engine and never inside this call, if and only if
///                          the result is 0: with OPEN_OK when the socket is OPEN; with OPEN_ERROR when it is not, in
///                          which case it is CLOSED again and may be connected or opened again, even in this callback,
///                          unless it has been closed in the meantime
/// \param context           passed to on_open_complete; may be NULL
///
/// While the connect is in progress: async_socket_open_async and further connects are refused; sends and receives are
/// not accepted; async_socket_close and async_socket_destroy end it at once, with one callback with OPEN_ERROR, and
/// wait for that callback. Closed inside the callback with OPEN_ERROR, the socket is CLOSED for good.
///
/// \return 0 when accepted; non-zero when async_socket, host or on_open_complete is NULL, host is empty or too long,
/// port is 0, the socket is not CLOSED or was open before, or it was created with the program's own transport;
/// ASYNC_STATUS_NO_RESOURCES, and that for no other reason, when memory cannot be allocated. The socket's state is then
/// unchanged.
///
/// Requirements: 001 .. 012, 022
ASYNC_SOCKET_API int async_socket_connect_async(ASYNC_SOCKET_HANDLE async_socket, const char* host, uint16_t port,
                                                uint32_t timeout_ms, ON_ASYNC_SOCKET_OPEN_COMPLETE on_open_complete,
                                                void* context);

/// The same, with a completion that says how it went: OK, CLOSED, CANCELLED, TIMED_OUT, REFUSED, UNREACHABLE,
/// NAME_NOT_RESOLVED, ADDRESS_IN_USE, NO_RESOURCES, RESET or ERROR; if several addresses failed, the last failure.
///
/// \param async_socket  the socket
/// \param host          as for async_socket_connect_async
/// \param port          as for async_socket_connect_async
/// \param timeout_ms    as for async_socket_connect_async
/// \param id            receives the ID to cancel it with (async_socket_cancel); may be NULL
/// \param on_complete   required; called as on_open_complete is
/// \param context       passed to on_complete; may be NULL
///
/// Requirements: 013, 014
ASYNC_SOCKET_API int async_socket_connect_ex_async(ASYNC_SOCKET_HANDLE async_socket, const char* host, uint16_t port,
                                                   uint32_t timeout_ms, ASYNC_OPERATION_ID* id,
                                                   ON_ASYNC_COMPLETE on_complete, void* context);

#ifdef __cplusplus
}
#endif

#endif

/// \}
