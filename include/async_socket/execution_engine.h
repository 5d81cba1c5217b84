// SPDX-License-Identifier: MIT

/// \defgroup engine Engine
///
/// execution_engine: the threads on which the callbacks of async sockets run.
///
/// An engine is reference counted. Its creator holds one reference; every async socket holds one from
/// async_socket_create until async_socket_destroy. The threads end when the last reference is dropped.
///
/// Every function here may be called from any thread, callbacks of async sockets included.
///
/// A process that is forked while an engine exists has none of its threads, and shares their descriptors with its
/// parent. In such a child every function of the library but the ..._to_string functions fails, or returns where it
/// returns nothing, at once, and the first of them says so to the log handler; the parent notices nothing. Fork before
/// the first engine is created or after the last one has been released, or let the child call exec. A callback that
/// forks may return in the child, whose thread ends then.
///
/// \{

#ifndef ASYNC_SOCKET_EXECUTION_ENGINE_H
#define ASYNC_SOCKET_EXECUTION_ENGINE_H

#ifdef __cplusplus
#include <cstdint>
#else
#include <stdint.h>
#endif

#include "async_socket/export.h"

#ifdef __cplusplus
extern "C" {
#endif

/// An engine.
typedef struct EXECUTION_ENGINE_TAG* EXECUTION_ENGINE_HANDLE;

/// Bounds on the number of threads of an engine. Where threads are not bound to sockets, the engine has another one
/// while a callback waits in a close, a destroy or a cancel for others. When that wait is over, both threads may be in
/// callbacks until one of these returns, even where the maximum is 1: it is no means to keep callbacks apart.
typedef struct EXECUTION_ENGINE_PARAMETERS_TAG {
    uint32_t min_thread_count; ///< the engine keeps at least this many threads; 0 leaves it to the system
    uint32_t max_thread_count; ///< the engine has at most this many threads; 0 (DEFAULT_MAX_THREAD_COUNT): no maximum
} EXECUTION_ENGINE_PARAMETERS;

#define DEFAULT_MIN_THREAD_COUNT 4 ///< min_thread_count where no parameters are given
#define DEFAULT_MAX_THREAD_COUNT 0 ///< max_thread_count where no parameters are given

/// Creates an engine and hands its first reference to the caller.
///
/// \param parameters  read during the call only; NULL: the defaults above
///
/// \return the engine, to be released with execution_engine_dec_ref; NULL when max_thread_count is neither 0 nor at
/// least min_thread_count, and when threads or memory cannot be allocated. On failure nothing is left allocated.
///
/// Requirements: SRS_EXECUTION_ENGINE_01_001 .. _006
ASYNC_SOCKET_API EXECUTION_ENGINE_HANDLE execution_engine_create(const EXECUTION_ENGINE_PARAMETERS* parameters);

/// Adds a reference. The caller must hold a reference already. NULL: does nothing.
///
/// Requirements: SRS_EXECUTION_ENGINE_01_007, _008
ASYNC_SOCKET_API void execution_engine_inc_ref(EXECUTION_ENGINE_HANDLE execution_engine);

/// Drops a reference; the handle must not be used afterwards unless the caller holds another one. Dropping the last
/// reference ends the threads and frees the engine, and is legal inside a callback that one of these threads is
/// running: that thread ends when the callback has returned. NULL: does nothing.
///
/// Requirements: SRS_EXECUTION_ENGINE_01_009, _010
ASYNC_SOCKET_API void execution_engine_dec_ref(EXECUTION_ENGINE_HANDLE execution_engine);

#ifdef __cplusplus
}
#endif

#endif

/// \}
