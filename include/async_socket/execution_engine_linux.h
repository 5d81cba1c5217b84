// SPDX-License-Identifier: MIT

/// \defgroup engine_linux Engine on Linux
/// \ingroup engine
///
/// What an execution engine consists of on Linux: a fixed set of worker threads, each with its own kernel queue. Only
/// for programs that want to choose; execution_engine_create chooses on its own.
///
/// What is created in a callback, another engine for one, uses the processors that the process may use, also where the
/// worker that runs the callback stays on one of them.
///
/// Requirements: SRS_EXECUTION_ENGINE_LINUX_01_030 .. _034 (fork, processors, unloading, destructors)
///
/// \{

#ifndef ASYNC_SOCKET_EXECUTION_ENGINE_LINUX_H
#define ASYNC_SOCKET_EXECUTION_ENGINE_LINUX_H

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

/// How the workers of an engine wait.
typedef enum EXECUTION_ENGINE_LINUX_BACKEND {
    EXECUTION_ENGINE_LINUX_BACKEND_ANY = 1,  ///< io_uring where the kernel allows it, epoll where it does not
    EXECUTION_ENGINE_LINUX_BACKEND_IO_URING, ///< io_uring or nothing
    EXECUTION_ENGINE_LINUX_BACKEND_EPOLL     ///< epoll
} EXECUTION_ENGINE_LINUX_BACKEND;

/// What an engine is to consist of.
typedef struct EXECUTION_ENGINE_LINUX_PARAMETERS_TAG {
    /// How the workers wait.
    EXECUTION_ENGINE_LINUX_BACKEND backend;
    /// The number of worker threads; 0: one for each processor that the process may use.
    uint32_t worker_count;
    /// Whether each worker stays on one processor: the n-th worker on the n-th processor that the process may use,
    /// wrapping around.
    bool pin_workers;
} EXECUTION_ENGINE_LINUX_PARAMETERS;

/// Creates an engine as specified and hands its first reference to the caller. `parameters` is read during the call
/// only.
///
/// \return the engine, to be released with execution_engine_dec_ref; NULL when parameters is NULL or its backend is not
/// a value of the enum, when the kernel refuses io_uring and nothing else was allowed, and when threads, descriptors or
/// memory cannot be allocated. On failure nothing is left behind. May be called from any thread.
///
/// Requirements: SRS_EXECUTION_ENGINE_LINUX_01_002 .. _004
ASYNC_SOCKET_API EXECUTION_ENGINE_HANDLE
execution_engine_linux_create(const EXECUTION_ENGINE_LINUX_PARAMETERS* parameters);

/// Which back end is in use: ..._IO_URING or ..._EPOLL; for NULL ..._ANY. May be called from any thread that holds a
/// reference.
///
/// Requirements: SRS_EXECUTION_ENGINE_LINUX_01_005
ASYNC_SOCKET_API EXECUTION_ENGINE_LINUX_BACKEND
execution_engine_linux_get_backend(EXECUTION_ENGINE_HANDLE execution_engine);

/// The number of worker threads; for NULL 0. May be called from any thread that holds a reference.
///
/// Requirements: SRS_EXECUTION_ENGINE_LINUX_01_006
ASYNC_SOCKET_API uint32_t execution_engine_linux_get_worker_count(EXECUTION_ENGINE_HANDLE execution_engine);

/// How long, in microseconds, a worker that has nothing to do looks for work before it sleeps, unless another limit is
/// set.
///
/// Waking a sleeping thread takes longer than a nearby peer takes to answer, so looking for work reduces latency; but
/// it uses processor time. So a worker looks only while most of its recent waits ended within the limit, stops when
/// another thread wants the processor, and then does not look for a number of waits. An idle engine uses no processor
/// time at all.
#define EXECUTION_ENGINE_LINUX_DEFAULT_SPIN_LIMIT_US 50

/// Sets how long a worker looks for work before it sleeps.
///
/// \param execution_engine  the engine
/// \param microseconds      the limit, at most 1000; 0: the workers sleep at once
/// \return 0; non-zero, with nothing changed, when execution_engine is NULL or the limit is too large.
///
/// It takes effect with the next wait of each worker; an engine starts with
/// EXECUTION_ENGINE_LINUX_DEFAULT_SPIN_LIMIT_US. May be called from any thread that holds a reference.
///
/// Requirements: SRS_EXECUTION_ENGINE_LINUX_01_011 .. _016
ASYNC_SOCKET_API int execution_engine_linux_set_spin_limit(EXECUTION_ENGINE_HANDLE execution_engine,
                                                           uint32_t microseconds);

/// The name of the value as the enum spells it; "?" for a value that is not in the enum. Never NULL.
///
/// Requirements: SRS_EXECUTION_ENGINE_LINUX_01_010
ASYNC_SOCKET_API const char* execution_engine_linux_backend_to_string(EXECUTION_ENGINE_LINUX_BACKEND value);

#ifdef __cplusplus
}
#endif

#endif

/// \}
