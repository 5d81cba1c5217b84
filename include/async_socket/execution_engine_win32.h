// SPDX-License-Identifier: MIT

/// \defgroup engine_win32 Engine on Windows
/// \ingroup engine
///
/// What an execution engine consists of on Windows. Only for programs that put work of their own on the engine's pool,
/// or that want its operations reused.
///
/// \{

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

/// How many operations each socket of an engine that reuses them keeps at most.
#define EXECUTION_ENGINE_WIN32_KEPT_OPERATIONS 8

/// How many buffers an operation may have at most for its context to be kept.
#define EXECUTION_ENGINE_WIN32_KEPT_BUFFERS 8

/// How an engine is to be created on Windows.
typedef struct EXECUTION_ENGINE_WIN32_PARAMETERS_TAG {
    uint32_t min_thread_count; ///< As in EXECUTION_ENGINE_PARAMETERS.
    uint32_t max_thread_count; ///< As in EXECUTION_ENGINE_PARAMETERS.
    bool reuse_operations;     ///< See execution_engine_win32_create.
} EXECUTION_ENGINE_WIN32_PARAMETERS;

/// Creates an engine as execution_engine_create does, optionally one that reuses operations, and hands its first
/// reference to the caller.
///
/// \param parameters  how many threads, and whether operations are reused; read during the call only
/// \return the engine, to be released with execution_engine_dec_ref; NULL when parameters is NULL, when
///     max_thread_count is not 0 and less than min_thread_count, and when memory or the pool cannot be allocated. On
///     failure nothing is left behind.
///
/// By default each send and each receive has a context and an event of its own, created when it starts and released
/// when it ends: one allocation, one CreateEvent and one CloseHandle each. With reuse_operations a socket of the engine
/// keeps the context and the event of an operation that has ended, up to EXECUTION_ENGINE_WIN32_KEPT_OPERATIONS of
/// them, for its later sends and receives of up to EXECUTION_ENGINE_WIN32_KEPT_BUFFERS buffers, which then need no
/// memory and no event from the system, and cannot fail for lack of them. What an operation does and when it calls back
/// is the same.
///
/// That relaxes these requirements, and no others, for the sockets of this engine:
///   - SRS_ASYNC_SOCKET_WIN32_01_057, and _080 for receives: an event may be one that an earlier operation created;
///   - SRS_ASYNC_SOCKET_WIN32_01_068, and _072 with it: on_io_complete may keep the event and the context instead of
///     closing the one and freeing the other; so may a call that fails, for which _029 and _084 say the same;
///   - SRS_ASYNC_SOCKET_WIN32_01_028 and _077: the context may be a kept one, constructed again in the same memory.
///
/// Cost: less than 512 bytes and one event for each that is kept, at most EXECUTION_ENGINE_WIN32_KEPT_OPERATIONS a
/// socket; a socket keeps no more than it has ever had under way at once. They are released when the socket is closed,
/// before close returns, and no earlier: idle sockets keep theirs.
///
/// May be called from any thread.
///
/// Requirements: SRS_EXECUTION_ENGINE_WIN32_01_007 .. _012
ASYNC_SOCKET_API EXECUTION_ENGINE_HANDLE
execution_engine_win32_create(const EXECUTION_ENGINE_WIN32_PARAMETERS* parameters);

/// As declared in `windows.h`; repeated here so that this header does not pull in all of that.
typedef struct _TP_POOL* PTP_POOL;

/// The thread pool of the engine.
///
/// \return the pool; NULL when execution_engine is NULL.
///
/// The engine still owns the pool: it is valid for as long as the caller holds a reference to the engine and must not
/// be closed. May be called from any thread.
///
/// Work that the program puts on the pool takes up its threads. A close that waits for callbacks there is told from one
/// on any other thread by nothing; so where the engine has a maximum, and a close outside of callbacks has waited for
/// 50 ms while callbacks did not hold all of its threads, the pool may have one more until that close returns. Other
/// waits, async_socket_cancel_and_wait for one, may wait for ever there when such work holds all of the threads.
///
/// Requirements: SRS_EXECUTION_ENGINE_WIN32_01_001, _002, _014
ASYNC_SOCKET_API PTP_POOL execution_engine_win32_get_threadpool(EXECUTION_ENGINE_HANDLE execution_engine);

#ifdef __cplusplus
}
#endif

#endif

/// \}
