// SPDX-License-Identifier: MIT

/// \defgroup listener Listener
///
/// async_listener: accepting connections without blocking.
///
/// What async_socket.h promises applies here, too: an accepted operation calls back exactly once, never inside the call
/// that started it, never after close has returned; close and destroy are legal in any callback; every function may be
/// called from any thread until the handle is destroyed; what is refused changes nothing and is reported (log.h).
///
/// When the system runs out of descriptors, handles or buffers, the listener reports it once (a warning, log.h), waits,
/// and resumes on its own: accepts stay pending, connections wait in the system's backlog.
///
/// Requirement IDs below are short for SRS_ASYNC_LISTENER_01_...
///
/// \{

#ifndef ASYNC_SOCKET_ASYNC_LISTENER_H
#define ASYNC_SOCKET_ASYNC_LISTENER_H

#ifdef __cplusplus
#include <cstdint>
#else
#include <stdint.h>
#endif

#include "async_socket/async_operation.h"
#include "async_socket/execution_engine.h"
#include "async_socket/export.h"
#include "async_socket/socket_transport.h"

#ifdef __cplusplus
extern "C" {
#endif

/// A listener.
typedef struct ASYNC_LISTENER_TAG* ASYNC_LISTENER_HANDLE;

/// When the status is OK, `accepted` is a connected client transport, which the callback owns and frees with
/// socket_transport_destroy; otherwise it is NULL.
typedef void (*ON_ASYNC_LISTENER_ACCEPT_COMPLETE)(void* context, const ASYNC_COMPLETION* completion,
                                                  SOCKET_TRANSPORT_HANDLE accepted);

/// Creates a listener in the state CLOSED, which holds a reference to the engine until it is destroyed.
///
/// \return NULL when execution_engine is NULL or memory cannot be allocated.
///
/// Requirements: 001, 002
ASYNC_SOCKET_API ASYNC_LISTENER_HANDLE async_listener_create(EXECUTION_ENGINE_HANDLE execution_engine);

/// Destroys the listener; an open one is closed first. NULL: does nothing. It behaves like async_socket_destroy.
///
/// Requirements: 003
ASYNC_SOCKET_API void async_listener_destroy(ASYNC_LISTENER_HANDLE async_listener);

/// Opens the listener on a listening server transport.
///
/// \param async_listener    the listener
/// \param socket_transport  after a successful call the listener owns what it listens on: close and destroy disconnect
///                          it. The handle itself remains the caller's to destroy. After a failed call all of it is
///                          still the caller's
///
/// \return 0; non-zero when an argument is NULL, the listener is or was open, the transport is not listening or belongs
/// to another listener, or a system call fails.
///
/// Requirements: 004 .. 006
ASYNC_SOCKET_API int async_listener_open(ASYNC_LISTENER_HANDLE async_listener,
                                         SOCKET_TRANSPORT_HANDLE socket_transport);

/// Closes the listener for good: stops listening, ends every pending accept with CLOSED, and waits for their callbacks,
/// as async_socket_close does. NULL, or a listener that is not open: does nothing.
///
/// Requirements: 007, 008
ASYNC_SOCKET_API void async_listener_close(ASYNC_LISTENER_HANDLE async_listener);

/// Like async_listener_close, but waits for nobody: as async_socket_close_async, with on_closed as the last callback of
/// the listener, after which it may be destroyed, also inside on_closed.
///
/// \return 0 when the close has begun; non-zero, and nothing changed, when async_listener or on_closed is NULL, the
/// listener is not open, or memory cannot be allocated.
///
/// Requirements: 020
ASYNC_SOCKET_API int async_listener_close_async(ASYNC_LISTENER_HANDLE async_listener, ON_ASYNC_CLOSED on_closed,
                                                void* context);

/// Waits for one connection. Any number may be outstanding; they are served in the order in which they were started.
///
/// \param async_listener  the listener
/// \param timeout_ms      milliseconds until it ends with TIMED_OUT; ASYNC_NO_TIMEOUT: no limit. With 0 it takes a
///                        connection that is already waiting
/// \param id              receives the ID to cancel it with; may be NULL
/// \param on_complete     required; called once, on a thread of the engine, if and only if the result is 0, with OK,
///                        CLOSED, CANCELLED, TIMED_OUT or ERROR. A connection that arrives at the moment of a cancel or
///                        a time-out is handed out with OK, by this accept or by the next: none is lost
/// \param context         passed to on_complete; may be NULL
///
/// A connection that its peer gave up before it was accepted does not count.
///
/// \return 0 when accepted; non-zero when async_listener or on_complete is NULL, the listener is not open, or memory
/// cannot be allocated.
///
/// Requirements: 009 .. 014
ASYNC_SOCKET_API int async_listener_accept_async(ASYNC_LISTENER_HANDLE async_listener, uint32_t timeout_ms,
                                                 ASYNC_OPERATION_ID* id, ON_ASYNC_LISTENER_ACCEPT_COMPLETE on_complete,
                                                 void* context);

/// Like async_socket_cancel, for an accept.
///
/// Requirements: 015
ASYNC_SOCKET_API int async_listener_cancel(ASYNC_LISTENER_HANDLE async_listener, ASYNC_OPERATION_ID id);

/// Like async_socket_cancel_and_wait, for an accept.
///
/// Requirements: 016
ASYNC_SOCKET_API int async_listener_cancel_and_wait(ASYNC_LISTENER_HANDLE async_listener, ASYNC_OPERATION_ID id);

#ifdef __cplusplus
}
#endif

#endif

/// \}
