// SPDX-License-Identifier: MIT

/// \defgroup counters Counters
///
/// What sockets and engines have done so far. The counters may be read at any time, from any thread, without a lock.
/// The values of one reading need not be from the same moment; each of them only grows (except `pending` and
/// `sockets`).
///
/// Requirement IDs below are short for SRS_COUNTERS_01_...
///
/// \{

#ifndef ASYNC_SOCKET_COUNTERS_H
#define ASYNC_SOCKET_COUNTERS_H

#ifdef __cplusplus
#include <cstdint>
#else
#include <stdint.h>
#endif

#include "async_socket/async_listener.h"
#include "async_socket/async_socket.h"
#include "async_socket/export.h"

#ifdef __cplusplus
extern "C" {
#endif

/// What a socket has done so far.
typedef struct ASYNC_SOCKET_COUNTERS_TAG {
    uint64_t bytes_sent;     ///< bytes of sends that have ended
    uint64_t bytes_received; ///< bytes of receives that have ended
    uint64_t sends;          ///< sends that have ended, however they went
    uint64_t receives;       ///< receives that have ended, however they went
    uint64_t errors;         ///< sends and receives that ended with neither OK nor the end of the stream
    uint32_t pending;        ///< operations that were accepted and whose callback has not returned
} ASYNC_SOCKET_COUNTERS;

/// What all sockets of an engine have done so far, including those that are gone.
typedef struct EXECUTION_ENGINE_COUNTERS_TAG {
    uint64_t bytes_sent;     ///< as for a socket
    uint64_t bytes_received; ///< as for a socket
    uint64_t sends;          ///< as for a socket
    uint64_t receives;       ///< as for a socket
    uint64_t errors;         ///< as for a socket
    uint64_t accepts;        ///< connections that listeners have handed out
    uint64_t connects;       ///< connects that have succeeded
    uint64_t wake_ups;       ///< how often a thread of the engine was woken, or called by the system
    uint32_t sockets;        ///< sockets and listeners that are open now
} EXECUTION_ENGINE_COUNTERS;

/// Reads the counters of a socket.
///
/// \return 0; non-zero, with nothing written, when an argument is NULL.
///
/// Requirements: 001 .. 003
ASYNC_SOCKET_API int async_socket_get_counters(ASYNC_SOCKET_HANDLE async_socket, ASYNC_SOCKET_COUNTERS* counters);

/// Reads the counters of an engine, to which the caller holds a reference.
///
/// \return 0; non-zero, with nothing written, when an argument is NULL.
///
/// Requirements: 004
ASYNC_SOCKET_API int execution_engine_get_counters(EXECUTION_ENGINE_HANDLE execution_engine,
                                                   EXECUTION_ENGINE_COUNTERS* counters);

#ifdef __cplusplus
}
#endif

#endif

/// \}
