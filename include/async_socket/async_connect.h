// SPDX-License-Identifier: MIT

/// \defgroup connect Connect
///
/// Connecting an async socket without blocking anybody.
///
/// The socket resolves the name, connects, and opens itself on the connection, which it owns as one that it was opened
/// on: there is no transport to create. While that lasts the socket is OPENING, and close and destroy end it at once.
///
/// The addresses of the host are tried as RFC 8305 ("happy eyeballs") says: IPv6 and IPv4 by turns, beginning with the
/// family that the system prefers; a further one is tried each 250 ms, and at once when one fails; the first connection
/// wins.
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
/// \param host              a name or a numeric address, IPv4 or IPv6; at most 253 characters; read during the call
///                          only
/// \param port              1 .. 65535
/// \param timeout_ms        milliseconds for the whole of it, resolving included; ASYNC_NO_TIMEOUT: no limit but the
///                          system's
/// \param on_open_complete  required; called once, on a thread of the engine and never inside this call, if and only if
///                          the result is 0: with OPEN_OK when the socket is OPEN; with OPEN_ERROR when it is not, and
///                          then it is CLOSED again and may be connected or opened anew, in this very callback, too,
///                          unless it was closed meanwhile
/// \param context           handed to on_open_complete; may be NULL
///
/// While it is under way: async_socket_open_async and connects are refused; sends and receives are not accepted;
/// async_socket_close and async_socket_destroy end it at once, with one callback with OPEN_ERROR, and wait for that.
/// Closed inside the callback with OPEN_ERROR, the socket is CLOSED for good.
///
/// \return 0 when accepted; non-zero when async_socket, host or on_open_complete is NULL, host is empty or too long,
/// port is 0, the socket is not CLOSED or was open before, it was made with a transport of the program's own, or the
/// system refuses memory. The socket is then in the state that it was in.
///
/// Requirements: 001 .. 012
ASYNC_SOCKET_API int async_socket_connect_async(ASYNC_SOCKET_HANDLE async_socket, const char* host, uint16_t port,
                                                uint32_t timeout_ms, ON_ASYNC_SOCKET_OPEN_COMPLETE on_open_complete,
                                                void* context);

/// The same with a completion that says how it went: OK, CLOSED, CANCELLED, TIMED_OUT, REFUSED, UNREACHABLE,
/// NAME_NOT_RESOLVED, ADDRESS_IN_USE, NO_RESOURCES, RESET or ERROR; where several addresses failed, the last failure.
///
/// \param async_socket  the socket
/// \param host          as for async_socket_connect_async
/// \param port          as for async_socket_connect_async
/// \param timeout_ms    as for async_socket_connect_async
/// \param id            receives the name to cancel it by (async_socket_cancel); may be NULL
/// \param on_complete   required; called as on_open_complete is
/// \param context       handed to on_complete; may be NULL
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
