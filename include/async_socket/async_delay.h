// SPDX-License-Identifier: MIT

/// \defgroup delay Delay
///
/// Being called on a thread of an engine: after some time, or as soon as may be.
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
/// once. From inside a callback of the engine it is a thread that runs callbacks of the same sockets, where the
/// platform ties sockets to threads.
///
/// \param execution_engine  the engine
/// \param delay_ms          0: as soon as may be; UINT32_MAX is refused
/// \param id                receives the name to cancel it by; may be NULL
/// \param on_complete       required; called with OK when the time is over, with CANCELLED after async_delay_cancel
/// \param context           handed to on_complete; may be NULL
///
/// A delay holds a reference to the engine until its callback has returned.
///
/// \return 0 when accepted; non-zero when an argument is refused or the system refuses memory or a timer.
///
/// Requirements: 001 .. 005
ASYNC_SOCKET_API int async_delay_start(EXECUTION_ENGINE_HANDLE execution_engine, uint32_t delay_ms,
                                       ASYNC_OPERATION_ID* id, ON_ASYNC_COMPLETE on_complete, void* context);

/// Ends a delay before its time: it calls back with CANCELLED. One that has ended already, or is none of the engine's,
/// is left alone. The caller must hold a reference to the engine.
///
/// \return 0 when the request is made; non-zero when execution_engine is NULL, id is 0, or the system refuses memory.
///
/// Requirements: 006
ASYNC_SOCKET_API int async_delay_cancel(EXECUTION_ENGINE_HANDLE execution_engine, ASYNC_OPERATION_ID id);

/// As async_delay_cancel, and returns when the callback has returned, or never will be called; on the thread of the
/// engine that would run the callback, the callback is called inside this call. Inside that callback itself it returns
/// at once. It needs no memory.
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
