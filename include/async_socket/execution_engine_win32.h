// SPDX-License-Identifier: MIT
//
// What an execution engine is made of on Windows. Only for programs that put work of their own on the engine's pool, or
// that want its operations reused.

#ifndef ASYNC_SOCKET_EXECUTION_ENGINE_WIN32_H
#define ASYNC_SOCKET_EXECUTION_ENGINE_WIN32_H

#ifdef __cplusplus
#include <cstdint>
#else
#include <stdbool.h>
#include <stdint.h>
#endif

#include "async_socket/execution_engine.h"
#include "async_socket/export.h"

#ifdef __cplusplus
extern "C" {
#endif

// Of an engine that reuses operations: what each socket keeps at most, and up to how many buffers an operation may have
// for that.
#define EXECUTION_ENGINE_WIN32_KEPT_OPERATIONS 8
#define EXECUTION_ENGINE_WIN32_KEPT_BUFFERS 8

//   min_thread_count, max_thread_count  as in EXECUTION_ENGINE_PARAMETERS
//   reuse_operations                    see below
typedef struct EXECUTION_ENGINE_WIN32_PARAMETERS_TAG {
    uint32_t min_thread_count;
    uint32_t max_thread_count;
    bool reuse_operations;
} EXECUTION_ENGINE_WIN32_PARAMETERS;

// Creates an engine as execution_engine_create does, which may be asked to reuse operations, and hands its first
// reference to the caller. `parameters` is read during the call only.
//
// By default each send and each receive has a context and an event of its own, made when it starts and given back when
// it ends: one allocation, one CreateEvent and one CloseHandle each. With reuse_operations a socket of the engine keeps
// the context and the event of an operation that has ended, up to EXECUTION_ENGINE_WIN32_KEPT_OPERATIONS of them, for
// its later sends and receives of up to EXECUTION_ENGINE_WIN32_KEPT_BUFFERS buffers, which then need no memory and no
// event of the system's, and cannot fail for want of them. What an operation does and when it calls back is the same.
//
// That relaxes these requirements, and no others, for the sockets of this engine:
//   SRS_ASYNC_SOCKET_WIN32_01_057, and _080 for receives: an event may be one that an earlier operation has created;
//   SRS_ASYNC_SOCKET_WIN32_01_068, and _072 with it: on_io_complete may keep event and context instead of closing the
//     one and freeing the other; so may a call that fails, which _029 and _084 say the same of;
//   SRS_ASYNC_SOCKET_WIN32_01_028 and _077: the context may be one that was kept, made anew in the same memory.
//
// Cost: less than 512 bytes and one event for each that is kept, at most EXECUTION_ENGINE_WIN32_KEPT_OPERATIONS a
// socket; a socket keeps no more than it has ever had under way at once. They are given back when the socket is closed,
// before close returns, and not before: idle sockets keep theirs.
//
// Returns the engine, to be given back with execution_engine_dec_ref; NULL when parameters is NULL, when
// max_thread_count is not 0 and less than min_thread_count, and when the system refuses memory or the pool. On failure
// nothing is left behind. May be called from any thread.
//
// Requirements: SRS_EXECUTION_ENGINE_WIN32_01_007 .. _012
ASYNC_SOCKET_API EXECUTION_ENGINE_HANDLE
execution_engine_win32_create(const EXECUTION_ENGINE_WIN32_PARAMETERS* parameters);

// As <windows.h> declares it; repeated so that this header does not bring all of <windows.h> along.
typedef struct _TP_POOL* PTP_POOL;

// Returns the thread pool of the engine; NULL when execution_engine is NULL.
//
// The pool stays the engine's: it is valid for as long as the caller holds a reference to the engine and must not be
// closed. May be called from any thread.
//
// Requirements: SRS_EXECUTION_ENGINE_WIN32_01_001, _002
ASYNC_SOCKET_API PTP_POOL execution_engine_win32_get_threadpool(EXECUTION_ENGINE_HANDLE execution_engine);

#ifdef __cplusplus
}
#endif

#endif
