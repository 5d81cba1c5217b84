// SPDX-License-Identifier: MIT

/// \defgroup options Options
///
/// What a program may set and query on a transport's socket. For the socket of an async socket, pass these functions
/// what async_socket_get_transport returns.
///
/// Every function may be called from any thread at any time, and takes a transport that is connected (where it says so:
/// or listening). Every one fails with non-zero, with nothing changed or written, for a NULL argument, for a transport
/// that is not in that state or was disconnected, and if a system call fails; it reports why (log.h).
///
/// Requirement IDs below are short for SRS_SOCKET_OPTIONS_01_...
///
/// SOCKET_HANDLE (socket_handle.h) is the platform's own name for a socket: a file descriptor, an `int`, or a kernel
/// handle, a `void*`.
///
/// \{

#ifndef ASYNC_SOCKET_SOCKET_OPTIONS_H
#define ASYNC_SOCKET_SOCKET_OPTIONS_H

#ifdef __cplusplus
#include <cstddef>
#include <cstdint>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#endif

#include "async_socket/export.h"
#include "async_socket/socket_transport.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Whether small sends go out at once (TCP_NODELAY) instead of waiting for more data.
///
/// Requirements: 001
ASYNC_SOCKET_API int socket_transport_set_no_delay(SOCKET_TRANSPORT_HANDLE socket_transport, bool no_delay);

/// When a silent peer is probed, and given up: after idle_s seconds without a sign of it, every interval_s seconds,
/// count times. Each of the three is at least 1, idle_s and interval_s at most 32767, count at most 127.
typedef struct SOCKET_KEEP_ALIVE_TAG {
    uint32_t idle_s;     ///< seconds without a sign of the peer
    uint32_t interval_s; ///< seconds between two probes
    uint32_t count;      ///< probes without an answer
} SOCKET_KEEP_ALIVE;

/// Whether, and when, a silent peer is probed. keep_alive NULL: it is not.
///
/// Requirements: 002, 003
ASYNC_SOCKET_API int socket_transport_set_keep_alive(SOCKET_TRANSPORT_HANDLE socket_transport,
                                                     const SOCKET_KEEP_ALIVE* keep_alive);

/// The bytes that the system buffers in each direction; 0 leaves that direction unchanged. The system may round and
/// limit them. Connected or listening: sockets accepted from then on inherit them.
///
/// Requirements: 004
ASYNC_SOCKET_API int socket_transport_set_buffer_sizes(SOCKET_TRANSPORT_HANDLE socket_transport, uint32_t send_bytes,
                                                       uint32_t receive_bytes);

/// The bytes that the system says it buffers. Either pointer may be NULL, but not both.
///
/// Requirements: 005
ASYNC_SOCKET_API int socket_transport_get_buffer_sizes(SOCKET_TRANSPORT_HANDLE socket_transport, uint32_t* send_bytes,
                                                       uint32_t* receive_bytes);

/// The address and port of the peer, as socket_transport_get_local_endpoint returns those of this side.
///
/// Requirements: 006
ASYNC_SOCKET_API int socket_transport_get_peer_endpoint(SOCKET_TRANSPORT_HANDLE socket_transport, char* host,
                                                        size_t size, uint16_t* port);

/// Disconnects with a reset: unsent data is discarded, and the peer's receives and sends fail. Otherwise like
/// socket_transport_disconnect. NULL, or not connected: does what that does.
///
/// Requirements: 007
ASYNC_SOCKET_API void socket_transport_reset(SOCKET_TRANSPORT_HANDLE socket_transport);

/// Hands the platform's socket to the caller, still connected or listening; the transport is disconnected from then on.
/// Where the sockets of a platform live only for as long as its socket library is started, that is started once more
/// with the release, and ending it (WSACleanup) is the caller's, when the socket is closed. Also fails while another
/// call uses the transport, and while an async socket or listener owns it.
///
/// Requirements: 008, 009
ASYNC_SOCKET_API int socket_transport_release(SOCKET_TRANSPORT_HANDLE socket_transport, SOCKET_HANDLE* released);

#ifdef __cplusplus
}
#endif

#endif

/// \}
