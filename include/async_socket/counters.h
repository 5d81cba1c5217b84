// SPDX-License-Identifier: MIT
//
// What sockets and engines have done so far, to be read at any time, from any thread, without a lock. The figures of
// one reading need not be of one moment; each by itself only grows (but `pending` and `sockets`).
//
// Requirement IDs below are short for SRS_COUNTERS_01_...

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

//   bytes_sent, bytes_received  bytes of operations that have ended
//   sends, receives             operations that have ended, however they went
//   errors                      those of them that did not end with OK or the end of the stream
//   pending                     operations that were accepted and whose callback has not returned
typedef struct ASYNC_SOCKET_COUNTERS_TAG {
    uint64_t bytes_sent;
    uint64_t bytes_received;
    uint64_t sends;
    uint64_t receives;
    uint64_t errors;
    uint32_t pending;
} ASYNC_SOCKET_COUNTERS;

// The same over all sockets of the engine, those that are gone included; and
//   sockets   sockets and listeners that are open now
//   accepts   connections that listeners have handed out
//   connects  connects that have succeeded
//   wake_ups  how often a thread of the engine was woken, or a call of it was begun by the system
typedef struct EXECUTION_ENGINE_COUNTERS_TAG {
    uint64_t bytes_sent;
    uint64_t bytes_received;
    uint64_t sends;
    uint64_t receives;
    uint64_t errors;
    uint64_t accepts;
    uint64_t connects;
    uint64_t wake_ups;
    uint32_t sockets;
} EXECUTION_ENGINE_COUNTERS;

// Returns 0; non-zero, with nothing written, when an argument is NULL. Requirements: 001 .. 003
ASYNC_SOCKET_API int async_socket_get_counters(ASYNC_SOCKET_HANDLE async_socket, ASYNC_SOCKET_COUNTERS* counters);

// Returns 0; non-zero, with nothing written, when an argument is NULL. The caller holds a reference to the engine.
// Requirements: 004
ASYNC_SOCKET_API int execution_engine_get_counters(EXECUTION_ENGINE_HANDLE execution_engine,
                                                   EXECUTION_ENGINE_COUNTERS* counters);

#ifdef __cplusplus
}
#endif

#endif
