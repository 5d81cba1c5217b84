// SPDX-License-Identifier: MIT

/// \defgroup placement Placement
///
/// Which thread of an engine has what: for programs that want to choose. Those that do not need nothing of it.
///
/// Where the platform ties sockets to threads, a socket belongs to one thread of its engine from its open or
/// connect on, and all its callbacks but the open callback run there, one after the other: **the callbacks of one
/// socket never run at the same time**, and neither do those of sockets and delays of the same thread. Where the
/// platform does not, any thread of the pool runs any callback, and a send and a receive of one socket may
/// call back at the same time; the functions below then are accepted and change nothing.
///
/// What is not placed goes:
///   - to the thread with the fewest open sockets, of those that keep up: a socket that is opened on a connection that
///     an async_listener has handed out, whoever opens it; and whatever a thread opens or connects that is not one of
///     the engine's. A thread does not keep up when a callback has held it up for 20 ms, or when it has had less than
///     a tenth of the last quarter of a second to spare; where none keeps up, all count.
///   - to the thread of the callback that begins it: what a callback connects, or opens on a connection that it came by
///     in another way (socket_transport_accept, socket_transport_create_from_socket); a listener; a delay.
///   - to one thread after the other: a delay that is started elsewhere.
///
/// Threads are numbered from 0 to execution_engine_get_thread_count - 1.
///
/// Requirement IDs below are short for SRS_PLACEMENT_01_...
///
/// \{

#ifndef ASYNC_SOCKET_PLACEMENT_H
#define ASYNC_SOCKET_PLACEMENT_H

#ifdef __cplusplus
#include <cstdint>
#else
#include <stdint.h>
#endif

#include "async_socket/async_delay.h"
#include "async_socket/async_listener.h"
#include "async_socket/async_socket.h"
#include "async_socket/execution_engine.h"
#include "async_socket/export.h"

#ifdef __cplusplus
extern "C" {
#endif

/// No thread in particular.
#define EXECUTION_ENGINE_ANY_THREAD UINT32_MAX

/// How many threads run callbacks. It does not change while the engine lives.
///
/// \return their number; for NULL 0. Where the system adds threads as they are needed: the most that were
/// asked for, or, where there is no maximum, the least, but at least 1. May be called from any thread that holds a
/// reference.
///
/// Requirements: 001
ASYNC_SOCKET_API uint32_t execution_engine_get_thread_count(EXECUTION_ENGINE_HANDLE execution_engine);

/// Which of the engine's threads the calling thread is.
///
/// \return its number; EXECUTION_ENGINE_ANY_THREAD when it is none of them, for NULL, and where the platform does not
/// tie sockets to threads.
///
/// Requirements: 002
ASYNC_SOCKET_API uint32_t execution_engine_get_current_thread(EXECUTION_ENGINE_HANDLE execution_engine);

/// Which of its engine's threads runs the callbacks of the socket.
///
/// \return its number; EXECUTION_ENGINE_ANY_THREAD before the first open or connect of a socket that was not placed,
/// for NULL, and where the platform does not tie sockets to threads. May be called from any thread.
///
/// Requirements: 003
ASYNC_SOCKET_API uint32_t async_socket_get_thread(ASYNC_SOCKET_HANDLE async_socket);

/// Like async_socket_create, for a socket that is to belong to a thread of the caller's choice, from whichever thread
/// it is then opened or connected.
///
/// \param execution_engine  as for async_socket_create
/// \param thread            a thread of the engine, that of another socket for one (async_socket_get_thread);
///                          EXECUTION_ENGINE_ANY_THREAD: as async_socket_create
///
/// \return the socket; NULL where async_socket_create returns NULL, and when there is no such thread.
///
/// Requirements: 004, 005
ASYNC_SOCKET_API ASYNC_SOCKET_HANDLE async_socket_create_on(EXECUTION_ENGINE_HANDLE execution_engine, uint32_t thread);

/// The same for a listener. It says which thread accepts; what is accepted goes where connections go.
///
/// Requirements: 004, 005
ASYNC_SOCKET_API ASYNC_LISTENER_HANDLE async_listener_create_on(EXECUTION_ENGINE_HANDLE execution_engine,
                                                                uint32_t thread);

/// Like async_delay_start, for a delay that is to call back on a thread of the caller's choice. With 0 milliseconds it
/// runs a function there.
///
/// \param execution_engine  as for async_delay_start
/// \param thread            as for async_socket_create_on
/// \param delay_ms          as for async_delay_start
/// \param id                as for async_delay_start
/// \param on_complete       as for async_delay_start
/// \param context           as for async_delay_start
///
/// \return 0 when accepted; non-zero where async_delay_start returns that, and when there is no such thread or its
/// number is above 1023.
///
/// Requirements: 006, 005
ASYNC_SOCKET_API int async_delay_start_on(EXECUTION_ENGINE_HANDLE execution_engine, uint32_t thread, uint32_t delay_ms,
                                          ASYNC_OPERATION_ID* id, ON_ASYNC_COMPLETE on_complete, void* context);

#ifdef __cplusplus
}
#endif

#endif

/// \}
