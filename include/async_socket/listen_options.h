// SPDX-License-Identifier: MIT

/// \defgroup listen_options Listening with options
/// \ingroup transport
///
/// Several sockets that listen on one port, and listening on a socket that somebody else has made.
///
/// Requirement IDs below are short for SRS_LISTEN_OPTIONS_01_...
///
/// \{

#ifndef ASYNC_SOCKET_LISTEN_OPTIONS_H
#define ASYNC_SOCKET_LISTEN_OPTIONS_H

#ifdef __cplusplus
#include <cstdint>
#else
#include <stdbool.h>
#include <stdint.h>
#endif

#include "async_socket/export.h"
#include "async_socket/socket_transport.h"

#ifdef __cplusplus
extern "C" {
#endif

/// How to listen. Zeroed, it asks for what socket_transport_listen_ex does.
typedef struct SOCKET_LISTEN_OPTIONS_TAG {
    /// Others that ask for it, too, may listen on the same address and port: transports of this process, each with a
    /// listener on another thread (async_listener_create_on), or processes of the same user; so nobody is told that the
    /// port is taken when a program is started twice. The system divides the connections among them, by the addresses
    /// and ports that they come from, as soon as they connect. Those that wait in the backlog of one that is closed are
    /// reset, unless the system is set up to hand them over to one that is left.
    bool reuse_port;
    /// With every interface: IPv6 only.
    bool v6_only;
    /// How many connections may wait to be accepted; 0: as many as the system lets. The system may take fewer.
    uint32_t backlog;
} SOCKET_LISTEN_OPTIONS;

/// Like socket_transport_listen_ex, with options.
///
/// \param socket_transport  the transport
/// \param address           as for socket_transport_listen_ex
/// \param port              as for socket_transport_listen_ex
/// \param options           read during the call only; NULL: as zeroed
/// \param system_error      as for socket_transport_listen_ex
///
/// \return 0 when listening. Returns non-zero where socket_transport_listen_ex does, and for reuse_port on a system
/// that does not have it; system_error then is its number for an operation that is not supported.
///
/// Requirements: 001 .. 005
ASYNC_SOCKET_API int socket_transport_listen_with_options(SOCKET_TRANSPORT_HANDLE socket_transport, const char* address,
                                                          uint16_t port, const SOCKET_LISTEN_OPTIONS* options,
                                                          int32_t* system_error);

/// Creates a listening server transport from a stream socket that listens already: one that the process was started
/// with (systemd's LISTEN_FDS), or that another process has handed over.
///
/// \param socket  after a successful call it belongs to the transport, as with socket_transport_create_from_socket: it
///                is made non-blocking, and processes that are started do not inherit it. After a failed call it is
///                still the caller's, and as it was
///
/// Where another process has the socket, too, closing the listener or destroying the transport leaves it listening
/// there, with the connections that wait in its backlog. (socket_transport_disconnect on
/// the transport of an open listener may end the listening for all who have the socket.)
///
/// \return the transport, to be freed with socket_transport_destroy; NULL when `socket` is not a valid handle, not a
/// stream socket or does not listen, when a system call fails, and when memory cannot be allocated.
///
/// Requirements: 006 .. 008
ASYNC_SOCKET_API SOCKET_TRANSPORT_HANDLE socket_transport_create_from_listening_socket(SOCKET_HANDLE socket);

#ifdef __cplusplus
}
#endif

#endif

/// \}
