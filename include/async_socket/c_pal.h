// SPDX-License-Identifier: MIT

/// \defgroup c_pal What only the original has
///
/// For programs that were written for the C API elsewhere: names that the other headers have no use for, and the other
/// form of async_socket_open_async. Include it instead of the other headers. docs/moving-from-the-original.md says what
/// still differs.
///
/// \{

#ifndef ASYNC_SOCKET_C_PAL_H
#define ASYNC_SOCKET_C_PAL_H

#include "async_socket/async_socket.h"
#include "async_socket/c_pal_socket.h"
#include "async_socket/execution_engine.h"
#include "async_socket/export.h"
#include "async_socket/socket_transport.h"

// For each enum: its values in order; the 0 that is none of them; and its name as the original's tag.

#define SOCKET_SEND_RESULT_TAG SOCKET_SEND_RESULT          ///< `enum SOCKET_SEND_RESULT_TAG` is the enum
#define SOCKET_SEND_RESULT_INVALID ((SOCKET_SEND_RESULT)0) ///< no value of SOCKET_SEND_RESULT
/// The values in their order.
#define SOCKET_SEND_RESULT_VALUES                                                                                      \
    SOCKET_SEND_INVALID_ARG, SOCKET_SEND_OK, SOCKET_SEND_ERROR, SOCKET_SEND_FAILED, SOCKET_SEND_SHUTDOWN

#define SOCKET_RECEIVE_RESULT_TAG SOCKET_RECEIVE_RESULT          ///< `enum SOCKET_RECEIVE_RESULT_TAG` is the enum
#define SOCKET_RECEIVE_RESULT_INVALID ((SOCKET_RECEIVE_RESULT)0) ///< no value of SOCKET_RECEIVE_RESULT
/// The values in their order.
#define SOCKET_RECEIVE_RESULT_VALUES                                                                                   \
    SOCKET_RECEIVE_INVALID_ARG, SOCKET_RECEIVE_OK, SOCKET_RECEIVE_WOULD_BLOCK, SOCKET_RECEIVE_ERROR,                   \
        SOCKET_RECEIVE_SHUTDOWN

#define SOCKET_ACCEPT_RESULT_TAG SOCKET_ACCEPT_RESULT          ///< `enum SOCKET_ACCEPT_RESULT_TAG` is the enum
#define SOCKET_ACCEPT_RESULT_INVALID ((SOCKET_ACCEPT_RESULT)0) ///< no value of SOCKET_ACCEPT_RESULT
/// The values in their order.
#define SOCKET_ACCEPT_RESULT_VALUES                                                                                    \
    SOCKET_ACCEPT_OK, SOCKET_ACCEPT_ERROR, SOCKET_ACCEPT_PORT_EXHAUSTION, SOCKET_ACCEPT_INPROGRESS,                    \
        SOCKET_ACCEPT_NO_CONNECTION

#define SOCKET_TYPE_TAG SOCKET_TYPE          ///< `enum SOCKET_TYPE_TAG` is the enum
#define SOCKET_TYPE_INVALID ((SOCKET_TYPE)0) ///< no value of SOCKET_TYPE
/// The values in their order.
#define SOCKET_TYPE_VALUES SOCKET_BINDING, SOCKET_CLIENT

#define ASYNC_SOCKET_OPEN_RESULT_TAG ASYNC_SOCKET_OPEN_RESULT ///< `enum ASYNC_SOCKET_OPEN_RESULT_TAG` is the enum
#define ASYNC_SOCKET_OPEN_RESULT_INVALID ((ASYNC_SOCKET_OPEN_RESULT)0) ///< no value of ASYNC_SOCKET_OPEN_RESULT
/// The values in their order.
#define ASYNC_SOCKET_OPEN_RESULT_VALUES ASYNC_SOCKET_OPEN_OK, ASYNC_SOCKET_OPEN_ERROR

/// `enum ASYNC_SOCKET_SEND_SYNC_RESULT_TAG` is the enum.
#define ASYNC_SOCKET_SEND_SYNC_RESULT_TAG ASYNC_SOCKET_SEND_SYNC_RESULT
/// No value of ASYNC_SOCKET_SEND_SYNC_RESULT.
#define ASYNC_SOCKET_SEND_SYNC_RESULT_INVALID ((ASYNC_SOCKET_SEND_SYNC_RESULT)0)
/// The values in their order.
#define ASYNC_SOCKET_SEND_SYNC_RESULT_VALUES                                                                           \
    ASYNC_SOCKET_SEND_SYNC_OK, ASYNC_SOCKET_SEND_SYNC_ERROR, ASYNC_SOCKET_SEND_SYNC_NOT_OPEN

#define ASYNC_SOCKET_SEND_RESULT_TAG ASYNC_SOCKET_SEND_RESULT ///< `enum ASYNC_SOCKET_SEND_RESULT_TAG` is the enum
#define ASYNC_SOCKET_SEND_RESULT_INVALID ((ASYNC_SOCKET_SEND_RESULT)0) ///< no value of ASYNC_SOCKET_SEND_RESULT
/// The values in their order.
#define ASYNC_SOCKET_SEND_RESULT_VALUES ASYNC_SOCKET_SEND_OK, ASYNC_SOCKET_SEND_ERROR, ASYNC_SOCKET_SEND_ABANDONED

/// `enum ASYNC_SOCKET_RECEIVE_RESULT_TAG` is the enum.
#define ASYNC_SOCKET_RECEIVE_RESULT_TAG ASYNC_SOCKET_RECEIVE_RESULT
/// No value of ASYNC_SOCKET_RECEIVE_RESULT.
#define ASYNC_SOCKET_RECEIVE_RESULT_INVALID ((ASYNC_SOCKET_RECEIVE_RESULT)0)
/// The values in their order.
#define ASYNC_SOCKET_RECEIVE_RESULT_VALUES                                                                             \
    ASYNC_SOCKET_RECEIVE_OK, ASYNC_SOCKET_RECEIVE_ERROR, ASYNC_SOCKET_RECEIVE_ABANDONED

/// `enum ASYNC_SOCKET_NOTIFY_IO_TYPE_TAG` is the enum.
#define ASYNC_SOCKET_NOTIFY_IO_TYPE_TAG ASYNC_SOCKET_NOTIFY_IO_TYPE
/// No value of ASYNC_SOCKET_NOTIFY_IO_TYPE.
#define ASYNC_SOCKET_NOTIFY_IO_TYPE_INVALID ((ASYNC_SOCKET_NOTIFY_IO_TYPE)0)
/// The values in their order.
#define ASYNC_SOCKET_NOTIFY_IO_TYPE_VALUES ASYNC_SOCKET_NOTIFY_IO_TYPE_IN, ASYNC_SOCKET_NOTIFY_IO_TYPE_OUT

/// `enum ASYNC_SOCKET_NOTIFY_IO_RESULT_TAG` is the enum.
#define ASYNC_SOCKET_NOTIFY_IO_RESULT_TAG ASYNC_SOCKET_NOTIFY_IO_RESULT
/// No value of ASYNC_SOCKET_NOTIFY_IO_RESULT.
#define ASYNC_SOCKET_NOTIFY_IO_RESULT_INVALID ((ASYNC_SOCKET_NOTIFY_IO_RESULT)0)
/// The values in their order.
#define ASYNC_SOCKET_NOTIFY_IO_RESULT_VALUES                                                                           \
    ASYNC_SOCKET_NOTIFY_IO_RESULT_IN, ASYNC_SOCKET_NOTIFY_IO_RESULT_OUT, ASYNC_SOCKET_NOTIFY_IO_RESULT_ABANDONED,      \
        ASYNC_SOCKET_NOTIFY_IO_RESULT_ERROR

#ifdef __cplusplus
extern "C" {
#endif

/// Opens the socket on a connected socket of the platform's: async_socket_open_async of a transport that is made of it.
/// After a failed call the connection is still the caller's, with the properties that
/// socket_transport_create_from_socket gives it.
///
/// \param async_socket      the socket
/// \param connected         belongs to the async socket after a successful call
/// \param on_open_complete  called as by async_socket_open_async
/// \param context           passed to on_open_complete
///
/// \return 0 on success; non-zero when async_socket_open_async or socket_transport_create_from_socket fails.
///
/// Requirements: SRS_C_PAL_01_001, _002
ASYNC_SOCKET_API int async_socket_open_socket_async(ASYNC_SOCKET_HANDLE async_socket, SOCKET_HANDLE connected,
                                                    ON_ASYNC_SOCKET_OPEN_COMPLETE on_open_complete, void* context);

#ifdef __cplusplus
}

/// async_socket_open_async takes a transport or a socket, as the original's versions do.
inline int async_socket_open_async(ASYNC_SOCKET_HANDLE async_socket, SOCKET_HANDLE connected,
                                   ON_ASYNC_SOCKET_OPEN_COMPLETE on_open_complete, void* context)
{
    return async_socket_open_socket_async(async_socket, connected, on_open_complete, context);
}
#elif __STDC_VERSION__ >= 201112L
/// async_socket_open_async takes a transport or a socket, as the original's versions do.
#define async_socket_open_async(async_socket, connection, on_open_complete, context)                                   \
    _Generic((connection), SOCKET_TRANSPORT_HANDLE                                                                     \
             : async_socket_open_async, default                                                                        \
             : async_socket_open_socket_async)((async_socket), (connection), (on_open_complete), (context))
#else
/// async_socket_open_async takes a socket.
#define async_socket_open_async async_socket_open_socket_async
#endif

#endif

/// \}
