// SPDX-License-Identifier: MIT

/// \defgroup operations Operations
///
/// How an operation reports its result, and how it is identified while it is in progress. Used by the functions that
/// report more than the fixed callbacks of async_socket.h can (async_socket_ex.h, async_connect.h, async_listener.h,
/// async_delay.h).
///
/// \{

#ifndef ASYNC_SOCKET_ASYNC_OPERATION_H
#define ASYNC_SOCKET_ASYNC_OPERATION_H

#ifdef __cplusplus
#include <cstdint>
#else
#include <stdint.h>
#endif

#include "async_socket/export.h"

#ifdef __cplusplus
extern "C" {
#endif

/// How an operation went; the same on every platform. The first value is 1: a zeroed structure never holds a result.
typedef enum ASYNC_STATUS {
    ASYNC_STATUS_OK = 1,            ///< done as asked
    ASYNC_STATUS_END_OF_STREAM,     ///< receive: the peer has closed its side cleanly
    ASYNC_STATUS_RESET,             ///< the peer or the network has broken the connection
    ASYNC_STATUS_CLOSED,            ///< this side closed the socket, the listener or the transport first
    ASYNC_STATUS_CANCELLED,         ///< async_..._cancel
    ASYNC_STATUS_TIMED_OUT,         ///< the operation's own time limit expired; or, where system_error is not 0, the
                                    ///< system gave up on the peer
    ASYNC_STATUS_REFUSED,           ///< connect: nothing is listening there
    ASYNC_STATUS_UNREACHABLE,       ///< connect: no route to the host
    ASYNC_STATUS_NAME_NOT_RESOLVED, ///< connect: the host's name has no address
    ASYNC_STATUS_ADDRESS_IN_USE,    ///< the local address or port is taken, or none is left
    ASYNC_STATUS_NO_RESOURCES,      ///< no memory, descriptors, handles or buffers
    ASYNC_STATUS_ERROR              ///< anything else; system_error says what
} ASYNC_STATUS;

/// What an operation reports when it has ended.
typedef struct ASYNC_COMPLETION_TAG {
    /// How it went.
    ASYNC_STATUS status;
    /// The platform's error number behind the status; 0 if no call failed. An operation whose own time limit expired
    /// has 0, and its connection is as it was; one whose peer the system gave up on has the system's number (ETIMEDOUT,
    /// WSAETIMEDOUT), and the connection is over. Requirements: SRS_ASYNC_OPERATION_01_002
    int32_t system_error;
    /// Bytes transferred. A receive with ASYNC_STATUS_OK: at least 1; with any other status: 0, and nothing that
    /// arrived is lost: the next receive gets it. A send: all of them with ASYNC_STATUS_OK; with any other status those
    /// known to have been handed to the system before it ended. Any other operation: 0.
    uint32_t bytes;
} ASYNC_COMPLETION;

/// Called once when an operation has ended. `completion` is valid during the call only.
typedef void (*ON_ASYNC_COMPLETE)(void* context, const ASYNC_COMPLETION* completion);

/// Called once when a close that nobody waited for has ended (async_socket_close_async, async_listener_close_async).
typedef void (*ON_ASYNC_CLOSED)(void* context);

/// Identifies one operation, from the call that starts it until the process ends; an ID is never reused. Where a
/// function takes a pointer to an ID, the pointer may be NULL, and the ID is written before the operation starts: the
/// callback may read it. 0 identifies no operation.
typedef uint64_t ASYNC_OPERATION_ID;

/// As a timeout in milliseconds: no limit.
#define ASYNC_NO_TIMEOUT UINT32_MAX

/// The name of the value as the enum spells it; "?" for a value that is not in the enum. Never NULL.
///
/// Requirements: SRS_ASYNC_OPERATION_01_001
ASYNC_SOCKET_API const char* async_status_to_string(ASYNC_STATUS value);

#ifdef __cplusplus
}
#endif

#endif

/// \}
