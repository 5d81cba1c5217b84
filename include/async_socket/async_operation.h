// SPDX-License-Identifier: MIT

/// \defgroup operations Operations
///
/// How an operation that says how it went says so, and what it is called while it is under way. Used by the functions
/// that have more to tell than the fixed callbacks of async_socket.h can (async_socket_ex.h, async_connect.h,
/// async_listener.h, async_delay.h).
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
    ASYNC_STATUS_OK = 1,            ///< as asked for
    ASYNC_STATUS_END_OF_STREAM,     ///< receive: the peer has closed its side in order
    ASYNC_STATUS_RESET,             ///< the peer or the network has ended the connection
    ASYNC_STATUS_CLOSED,            ///< this side has closed the socket, the listener or the transport first
    ASYNC_STATUS_CANCELLED,         ///< async_..._cancel
    ASYNC_STATUS_TIMED_OUT,         ///< the operation's own time was over, or the system gave the peer up
    ASYNC_STATUS_REFUSED,           ///< connect: nobody listens there
    ASYNC_STATUS_UNREACHABLE,       ///< connect: there is no way there
    ASYNC_STATUS_NAME_NOT_RESOLVED, ///< connect: the host's name has no address
    ASYNC_STATUS_ADDRESS_IN_USE,    ///< the local address or port is somebody else's, or none is left
    ASYNC_STATUS_NO_RESOURCES,      ///< no memory, descriptors, handles or buffers
    ASYNC_STATUS_ERROR              ///< anything else; system_error tells what
} ASYNC_STATUS;

/// What an operation has to say when it has ended.
typedef struct ASYNC_COMPLETION_TAG {
    /// How it went.
    ASYNC_STATUS status;
    /// The error number of the platform that status stands for; 0 where no call failed.
    int32_t system_error;
    /// Bytes transferred. A receive with ASYNC_STATUS_OK: at least 1; with any other status: 0, and nothing that
    /// arrived is lost: the next receive gets it. A send: all of them with ASYNC_STATUS_OK; with any other status those
    /// that are known to have been handed to the system before it ended. Any other operation: 0.
    uint32_t bytes;
} ASYNC_COMPLETION;

/// Called once when an operation has ended. `completion` is read during the call only.
typedef void (*ON_ASYNC_COMPLETE)(void* context, const ASYNC_COMPLETION* completion);

/// Names one operation from the call that starts it on, for as long as the process runs; never used twice. Where a
/// function takes a pointer to one, it may be NULL, and is written before the operation starts: the callback may read
/// it. 0 names no operation.
typedef uint64_t ASYNC_OPERATION_ID;

/// For a timeout in milliseconds: no limit.
#define ASYNC_NO_TIMEOUT UINT32_MAX

/// The name of the value as the enum spells it; "?" for a value that is none of the enum's. Never NULL.
///
/// Requirements: SRS_ASYNC_OPERATION_01_001
ASYNC_SOCKET_API const char* async_status_to_string(ASYNC_STATUS value);

#ifdef __cplusplus
}
#endif

#endif

/// \}
