// SPDX-License-Identifier: MIT

/// \defgroup transport Transport
///
/// socket_transport: one TCP socket. A transport is a client or a server (binding) socket, decided when it is created.
///
/// Life of a client transport: created, connected once (or created from a socket that is already connected, or
/// accepted), disconnected once. Life of a server transport: created, listening once, disconnected once. A connect or
/// listen that fails leaves the transport as it was, to be tried again; a disconnect is final.
///
/// Threads: every function may be called from any thread at any time, except that a handle must not be used in any call
/// that begins after socket_transport_destroy was called on it. disconnect and destroy may be called while other
/// threads are inside connect, accept, send or receive on the same transport: those calls return at once, and no call
/// ever touches a socket that the system has since given to something else.
///
/// An async socket that was opened on a transport keeps what it needs of it: the handle may be destroyed at any time.
///
/// SOCKET_HANDLE (socket_handle.h, one for each platform) is the platform's own name for a socket: a file descriptor,
/// an `int`, or a kernel handle, a `void*`.
///
/// Every function may be passed NULL and then fails, or returns, cleanly; what it refuses, it reports (log.h).
///
/// \{

#ifndef ASYNC_SOCKET_SOCKET_TRANSPORT_H
#define ASYNC_SOCKET_SOCKET_TRANSPORT_H

#ifdef __cplusplus
#include <cstddef>
#include <cstdint>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#endif

#include "async_socket/export.h"
#include "async_socket/socket_handle.h"

#ifdef __cplusplus
extern "C" {
#endif

/// A transport.
typedef struct SOCKET_TRANSPORT_TAG* SOCKET_TRANSPORT_HANDLE;

// The first value of each enum is 1: a zeroed structure never holds a result.

/// How socket_transport_send went.
typedef enum SOCKET_SEND_RESULT {
    SOCKET_SEND_INVALID_ARG = 1, ///< an argument that must not be NULL or 0 is
    SOCKET_SEND_OK,              ///< sent, or started; see socket_transport_send
    SOCKET_SEND_ERROR,           ///< the transport is not connected
    SOCKET_SEND_FAILED,          ///< the system refused; its last error says why, "pending" included
    SOCKET_SEND_SHUTDOWN         ///< the peer has broken the connection
} SOCKET_SEND_RESULT;

/// How socket_transport_receive went.
typedef enum SOCKET_RECEIVE_RESULT {
    SOCKET_RECEIVE_INVALID_ARG = 1, ///< an argument that must not be NULL or 0 is
    SOCKET_RECEIVE_OK,              ///< received, or started; see socket_transport_receive
    SOCKET_RECEIVE_WOULD_BLOCK,     ///< started and not yet complete; or nothing to read now
    SOCKET_RECEIVE_ERROR,           ///< the transport is not connected, or the system refused: its last error says why
    SOCKET_RECEIVE_SHUTDOWN         ///< the stream has ended: the peer has closed its side, or broken the connection
} SOCKET_RECEIVE_RESULT;

/// How socket_transport_accept went.
typedef enum SOCKET_ACCEPT_RESULT {
    SOCKET_ACCEPT_OK = 1,          ///< there is a connection
    SOCKET_ACCEPT_ERROR,           ///< a bad argument, not listening, disconnected meanwhile, or a system error
    SOCKET_ACCEPT_PORT_EXHAUSTION, ///< no descriptors, handles or buffers left; worth trying again later
    SOCKET_ACCEPT_INPROGRESS,      ///< the system says that a blocking call is in progress
    SOCKET_ACCEPT_NO_CONNECTION    ///< none arrived in time
} SOCKET_ACCEPT_RESULT;

/// What a transport is for.
typedef enum SOCKET_TYPE {
    SOCKET_BINDING = 1, ///< listens and accepts
    SOCKET_CLIENT       ///< connects, sends and receives
} SOCKET_TYPE;

/// One piece of memory to send from or to receive into: `length` bytes at `buffer`.
typedef struct SOCKET_BUFFER_TAG {
    uint32_t length;       ///< in bytes
    unsigned char* buffer; ///< where they are
} SOCKET_BUFFER;

/// Creates a client transport that is not connected.
///
/// \return the transport, to be freed with socket_transport_destroy; NULL when memory or sockets cannot be allocated.
///
/// Requirements: SRS_SOCKET_TRANSPORT_01_001, _002
ASYNC_SOCKET_API SOCKET_TRANSPORT_HANDLE socket_transport_create_client(void);

/// Creates a server transport that does not listen yet. Returns as socket_transport_create_client does.
///
/// Requirements: SRS_SOCKET_TRANSPORT_01_003, _002
ASYNC_SOCKET_API SOCKET_TRANSPORT_HANDLE socket_transport_create_server(void);

/// Creates a connected client transport from a connected stream socket.
///
/// \param socket  after a successful call it belongs to the transport: only disconnect or destroy may close it. After a
///                failed call it is still the caller's. A socket for asynchronous use must be one that the platform can
///                use that way (a new socket is, by the platform's default), and must report the end of every
///                operation: not with FILE_SKIP_COMPLETION_PORT_ON_SUCCESS, which callbacks would be lost by.
///
/// \return the transport; NULL when `socket` is not a valid handle and when memory cannot be allocated.
///
/// Requirements: SRS_SOCKET_TRANSPORT_01_004, _005, _002
ASYNC_SOCKET_API SOCKET_TRANSPORT_HANDLE socket_transport_create_from_socket(SOCKET_HANDLE socket);

/// Disconnects and frees the handle. NULL: does nothing. Where an async socket or a listener was opened on the
/// transport the connection is theirs, and nothing ends: the handle is given back, and the connection goes on until
/// they are closed. The memory is freed when the last user has left.
///
/// Requirements: SRS_SOCKET_TRANSPORT_01_006, _007
ASYNC_SOCKET_API void socket_transport_destroy(SOCKET_TRANSPORT_HANDLE socket_transport);

/// Connects a client transport, blocking the caller.
///
/// \param socket_transport       the transport
/// \param hostname               a name (UTF-8) or a numeric address, IPv4 or IPv6; read during the call only
/// \param port                   1 .. 65535
/// \param connection_timeout_ms  milliseconds for all addresses together; UINT32_MAX: no limit. The addresses that the
///                               name resolves to are tried in the resolver's order until one connects. Resolving a
///                               name (not a numeric address) is the system's call: it is not interrupted by the
///                               timeout or a disconnect
///
/// \return 0 when connected. Returns non-zero when an argument is NULL or 0; when the transport is a server's, is
/// already connected, has another connect in progress, or was disconnected; when the name does not resolve; when no
/// address connects in time; when another thread disconnects the transport in the meantime.
///
/// Requirements: SRS_SOCKET_TRANSPORT_01_008 .. _015
ASYNC_SOCKET_API int socket_transport_connect(SOCKET_TRANSPORT_HANDLE socket_transport, const char* hostname,
                                              uint16_t port, uint32_t connection_timeout_ms);

/// Makes a server transport listen on every interface, IPv6 and IPv4 in one socket where the machine has IPv6.
///
/// \param socket_transport  the transport
/// \param port              1 .. 65535
///
/// \return 0 when listening. Returns non-zero for a NULL transport, port 0, a client transport, a transport that is
/// already listening or was disconnected, and when a system call fails (the port is in use, no permission).
///
/// Requirements: SRS_SOCKET_TRANSPORT_01_016 .. _020
ASYNC_SOCKET_API int socket_transport_listen(SOCKET_TRANSPORT_HANDLE socket_transport, uint16_t port);

/// Like socket_transport_listen, on one address.
///
/// \param socket_transport  the transport
/// \param address           a numeric IPv4 or IPv6 address of this machine; "0.0.0.0" for every interface by IPv4, "::"
///                          for every interface by IPv6 and not by IPv4, so that one may listen on both of them side by
///                          side (socket_transport_listen_ex with NULL is both in one socket); read during the call
///                          only
/// \param port              0 lets the system pick a free port; socket_transport_get_local_endpoint says which
///
/// Requirements: SRS_SOCKET_TRANSPORT_01_021, _022
ASYNC_SOCKET_API int socket_transport_listen_at(SOCKET_TRANSPORT_HANDLE socket_transport, const char* address,
                                                uint16_t port);

/// As socket_transport_listen_at, and says why it has failed.
///
/// \param socket_transport  the transport
/// \param address           as for socket_transport_listen_at; NULL: every interface, IPv6 and IPv4 in one socket where
///                          the machine has IPv6
/// \param port              0 lets the system pick a free port
/// \param system_error      receives the platform's error number of the call that has failed, that for an invalid
///                          argument if `address` is not a numeric address; 0 if no call has failed; may be NULL
///
/// Requirements: SRS_SOCKET_TRANSPORT_01_060
ASYNC_SOCKET_API int socket_transport_listen_ex(SOCKET_TRANSPORT_HANDLE socket_transport, const char* address,
                                                uint16_t port, int32_t* system_error);

/// Closes the socket, once, however often and from however many threads it is called. Calls of other threads that are
/// inside connect, accept, send or receive return at once, and operations that an async socket has pending on the
/// transport end. NULL: does nothing. A transport that never was connected or listening cannot be connected afterwards.
///
/// Requirements: SRS_SOCKET_TRANSPORT_01_023 .. _027
ASYNC_SOCKET_API void socket_transport_disconnect(SOCKET_TRANSPORT_HANDLE socket_transport);

/// Waits for a connection on a listening server transport and accepts it, blocking the caller.
///
/// \param socket_transport       the transport
/// \param accepted               receives a connected client transport on SOCKET_ACCEPT_OK, to be freed by the caller
///                               with socket_transport_destroy; NULL on every other result
/// \param connection_timeout_ms  milliseconds; 0 looks once; UINT32_MAX: no limit
///
/// A connection that its peer gave up before it was accepted does not count. Any number of threads may wait at once.
///
/// Requirements: SRS_SOCKET_TRANSPORT_01_028 .. _034
ASYNC_SOCKET_API SOCKET_ACCEPT_RESULT socket_transport_accept(SOCKET_TRANSPORT_HANDLE socket_transport,
                                                              SOCKET_TRANSPORT_HANDLE* accepted,
                                                              uint32_t connection_timeout_ms);

/// Sends the bytes of the buffers, in order. The building block of async_socket; programs use that.
///
/// \param socket_transport  the transport
/// \param payload           buffer_count buffers; they and the memory that they point to remain the caller's, and must
///                          stay unchanged until the send is complete
/// \param buffer_count      at least 1
/// \param bytes_sent        receives the number of bytes sent when the send is complete on return; may be NULL
/// \param flags             the platform's send flags
/// \param data              the platform's record of an asynchronous operation (an OVERLAPPED), which must live until
///                          that completes; NULL: synchronous
///
/// \return SOCKET_SEND_INVALID_ARG for a NULL transport or payload or a buffer_count of 0, and, on a platform without
/// such records, for data that is not NULL or a total over UINT32_MAX bytes; SOCKET_SEND_ERROR when the transport is
/// not connected; SOCKET_SEND_OK when the system took the send; SOCKET_SEND_SHUTDOWN when a synchronous send finds that
/// the peer has broken the connection; SOCKET_SEND_FAILED when the system refused otherwise. After the last two the
/// calling thread's last socket error says why (a pending asynchronous send is SOCKET_SEND_FAILED, too).
///
/// Requirements: SRS_SOCKET_TRANSPORT_01_035 .. _039, _051
ASYNC_SOCKET_API SOCKET_SEND_RESULT socket_transport_send(SOCKET_TRANSPORT_HANDLE socket_transport,
                                                          const SOCKET_BUFFER* payload, uint32_t buffer_count,
                                                          uint32_t* bytes_sent, uint32_t flags, void* data);

/// Receives into the buffers, in order. The building block of async_socket; programs use that.
///
/// Arguments as for socket_transport_send; bytes_recv receives the number of bytes received, 0 at the end of the
/// stream.
///
/// \return SOCKET_RECEIVE_INVALID_ARG as socket_transport_send does; SOCKET_RECEIVE_ERROR when the transport is not
/// connected; SOCKET_RECEIVE_OK when bytes were received or the system took the operation; SOCKET_RECEIVE_SHUTDOWN when
/// a synchronous receive finds the end of the stream: the calling thread's last socket error is 0 where the peer has
/// closed its side, and otherwise says how the connection was broken; SOCKET_RECEIVE_WOULD_BLOCK when it is pending, or
/// there is nothing to read for a call that must not wait; SOCKET_RECEIVE_ERROR otherwise, with the calling thread's
/// last socket error saying why.
///
/// Requirements: SRS_SOCKET_TRANSPORT_01_040 .. _045, _052
ASYNC_SOCKET_API SOCKET_RECEIVE_RESULT socket_transport_receive(SOCKET_TRANSPORT_HANDLE socket_transport,
                                                                SOCKET_BUFFER* payload, uint32_t buffer_count,
                                                                uint32_t* bytes_recv, uint32_t flags, void* data);

/// The platform's socket; the platform's invalid handle when there is none (NULL, not connected and not listening, or
/// disconnected). The transport still owns it: the caller must not close it, and must not use it once any thread may
/// have disconnected the transport.
///
/// Requirements: SRS_SOCKET_TRANSPORT_01_046
ASYNC_SOCKET_API SOCKET_HANDLE socket_transport_get_underlying_socket(SOCKET_TRANSPORT_HANDLE socket_transport);

/// True while the transport is connected or listening; false for NULL, before that, and after a disconnect. It says
/// nothing about the peer.
///
/// Requirements: SRS_SOCKET_TRANSPORT_01_047
ASYNC_SOCKET_API bool socket_transport_is_valid_socket(SOCKET_TRANSPORT_HANDLE socket_transport);

/// The bytes that hold every numeric address with its zone, as in fe80::1%eth0, and the NUL at the end.
///
/// Requirements: SRS_SOCKET_TRANSPORT_01_070
#define SOCKET_TRANSPORT_ADDRESS_SIZE 65

/// The address and port that the socket is bound to.
///
/// \param socket_transport  the transport
/// \param host              receives the numeric address, NUL-terminated
/// \param size              bytes at host; SOCKET_TRANSPORT_ADDRESS_SIZE are enough for every address
/// \param port              receives the port
///
/// \return 0; non-zero, with host and port untouched, for a NULL argument, a size that is too small, and a transport
/// that is neither connected nor listening.
///
/// Requirements: SRS_SOCKET_TRANSPORT_01_048, _049, _070
ASYNC_SOCKET_API int socket_transport_get_local_endpoint(SOCKET_TRANSPORT_HANDLE socket_transport, char* host,
                                                         size_t size, uint16_t* port);

/// \{

/// The name of the value as the enum spells it; "?" for a value that is not in the enum. Never NULL.
///
/// Requirements: SRS_SOCKET_TRANSPORT_01_050
ASYNC_SOCKET_API const char* socket_send_result_to_string(SOCKET_SEND_RESULT value);
ASYNC_SOCKET_API const char* socket_receive_result_to_string(SOCKET_RECEIVE_RESULT value);
ASYNC_SOCKET_API const char* socket_accept_result_to_string(SOCKET_ACCEPT_RESULT value);
ASYNC_SOCKET_API const char* socket_type_to_string(SOCKET_TYPE value);

/// \}

#ifdef __cplusplus
}
#endif

#endif

/// \}
