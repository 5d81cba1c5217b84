// SPDX-License-Identifier: MIT

/// \defgroup engine_win32 Engine on Windows
/// \ingroup engine
///
/// What an execution engine is made of on Windows. Only for programs that put work of their own on the engine's pool.
///
/// \{

#ifndef ASYNC_SOCKET_EXECUTION_ENGINE_WIN32_H
#define ASYNC_SOCKET_EXECUTION_ENGINE_WIN32_H

#include "async_socket/execution_engine.h"
#include "async_socket/export.h"

#ifdef __cplusplus
extern "C" {
#endif

/// As `windows.h` declares it; repeated so that this header does not bring all of that along.
typedef struct _TP_POOL* PTP_POOL;

/// The thread pool of the engine.
///
/// \return the pool; NULL when execution_engine is NULL.
///
/// The pool stays the engine's: it is valid for as long as the caller holds a reference to the engine and must not be
/// closed. May be called from any thread.
///
/// Requirements: SRS_EXECUTION_ENGINE_WIN32_01_001, _002
ASYNC_SOCKET_API PTP_POOL execution_engine_win32_get_threadpool(EXECUTION_ENGINE_HANDLE execution_engine);

#ifdef __cplusplus
}
#endif

#endif

/// \}
