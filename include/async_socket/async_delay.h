// SPDX-License-Identifier: MIT

/// \defgroup delay Delay
///
/// Getting called back on a thread of an engine: after some time, or as soon as possible.
///
/// Requirement IDs below are short for SRS_ASYNC_DELAY_01_...
///
/// \{

#ifndef ASYNC_SOCKET_ASYNC_DELAY_H
#define ASYNC_SOCKET_ASYNC_DELAY_H

#ifdef __cplusplus
#include <cstdint>
#else
#include <stdint.h>
#endif

#include "async_socket/async_operation.h"
#include "async_socket/execution_engine.h"
#include "async_socket/export.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Calls back after `delay_ms` milliseconds on a thread of the engine: never earlier, never inside this call, exactly
/// once. Where the platform ties sockets to threads, a delay that is started inside a callback of the engine calls back
/// on the thread that runs the callbacks of the same sockets.
///
/// \param execution_engine  the engine
/// \param delay_ms          0: as soon as possible; UINT32_MAX is refused
/// \param id                receives the ID to cancel it with; may be NULL
/// \param on_complete       required; called with OK when the time has passed, with CANCELLED after async_delay_cancel
/// \param context           passed to on_complete; may be NULL
///
/// A delay holds a reference to the engine until its callback has returned.
///
/// \return 0 when accepted; non-zero when an argument is refused, or memory or a timer cannot be allocated.
///
/// Requirements: 001 .. 005
ASYNC_SOCKET_API int async_delay_start(EXECUTION_ENGINE_HANDLE execution_engine, uint32_t delay_ms,
                                       ASYNC_OPERATION_ID* id, ON_ASYNC_COMPLETE on_complete, void* context);

/// Ends a delay early: it calls back with CANCELLED. A delay that has already ended, or is not one of the engine's, is
/// left alone. The caller must hold a reference to the engine.
///
/// \return 0 when the request is made; non-zero when execution_engine is NULL, id is 0, or memory cannot be allocated.
///
/// Requirements: 006
ASYNC_SOCKET_API int async_delay_cancel(EXECUTION_ENGINE_HANDLE execution_engine, ASYNC_OPERATION_ID id);

/// Like async_delay_cancel, but returns only when the callback has returned, or will never be called. On the thread of
/// the engine that would run the callback, the callback is called inside this call. Inside that callback itself it
/// returns at once. It allocates nothing.
///
/// A callback may wait in this way for a delay whose callback runs on another thread. It must not do so while a
/// callback on that thread waits for this one, be it in this function, in async_socket_cancel_and_wait, or in a close
/// or destroy of this one's socket: each would wait for the other to return, and only rings that consist of closes and
/// destroys are found (async_socket_close).
///
/// \return 0; non-zero for a bad argument.
///
/// Requirements: 007
ASYNC_SOCKET_API int async_delay_cancel_and_wait(EXECUTION_ENGINE_HANDLE execution_engine, ASYNC_OPERATION_ID id);

#ifdef __cplusplus
}
#endif

#endif

/// \}
