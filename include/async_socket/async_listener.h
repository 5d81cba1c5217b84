// SPDX-License-Identifier: MIT

/// \defgroup listener Listener
///
/// async_listener: accepting connections without blocking anybody.
///
/// What async_socket.h promises holds here, too: an accepted operation calls back exactly once, never inside the call
/// that started it, never after close has returned; close and destroy are legal in any callback; every function may be
/// called from any thread until the handle is destroyed; what is refused changes nothing and is reported (log.h).
///
/// When the system has no descriptors, handles or buffers left, the listener reports it once (a warning, log.h), waits,
/// and goes on by itself: accepts stay pending, connections wait in the system's backlog.
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

/// `accepted` is a connected client transport, the callback's to keep and to free with socket_transport_destroy, when
/// the status is OK; NULL otherwise.
typedef void (*ON_ASYNC_LISTENER_ACCEPT_COMPLETE)(void* context, const ASYNC_COMPLETION* completion,
                                                  SOCKET_TRANSPORT_HANDLE accepted);

/// Creates a listener in the state CLOSED, which holds a reference to the engine until it is destroyed.
///
/// \return NULL when execution_engine is NULL or the system refuses memory.
///
/// Requirements: 001, 002
ASYNC_SOCKET_API ASYNC_LISTENER_HANDLE async_listener_create(EXECUTION_ENGINE_HANDLE execution_engine);

/// Destroys the listener; an open one is closed first. NULL: returns. As async_socket_destroy.
///
/// Requirements: 003
ASYNC_SOCKET_API void async_listener_destroy(ASYNC_LISTENER_HANDLE async_listener);

/// Opens the listener on a listening server transport.
///
/// \param async_listener    the listener
/// \param socket_transport  from a successful call on the listener owns what it listens on: close and destroy
///                          disconnect it. The memory of the handle stays the caller's. After a failed call all of it
///                          is still the caller's
///
/// \return 0; non-zero when an argument is NULL, the listener is open or was, the transport is not listening or is
/// another listener's, or the system refuses.
///
/// Requirements: 004 .. 006
ASYNC_SOCKET_API int async_listener_open(ASYNC_LISTENER_HANDLE async_listener,
                                         SOCKET_TRANSPORT_HANDLE socket_transport);

/// Closes the listener: stops listening, ends every pending accept with CLOSED, and waits for these callbacks, as
/// async_socket_close does; for good. NULL, or one that is not open: returns.
///
/// Requirements: 007, 008
ASYNC_SOCKET_API void async_listener_close(ASYNC_LISTENER_HANDLE async_listener);

/// Waits for one connection. Any number may be outstanding; they are served in the order in which they were started.
///
/// \param async_listener  the listener
/// \param timeout_ms      milliseconds until it ends with TIMED_OUT; ASYNC_NO_TIMEOUT: no limit. With 0 it takes what
///                        is there
/// \param id              receives the name to cancel it by; may be NULL
/// \param on_complete     required; called once, on a thread of the engine, if and only if the result is 0, with OK,
///                        CLOSED, CANCELLED, TIMED_OUT or ERROR. A connection that came at the moment of a cancel or a
///                        time-out is handed out with OK, by this accept or by the next: none is lost
/// \param context         handed to on_complete; may be NULL
///
/// A connection that its peer gave up before it was accepted counts as none.
///
/// \return 0 when accepted; non-zero when async_listener or on_complete is NULL, the listener is not open, or the
/// system refuses memory.
///
/// Requirements: 009 .. 014
ASYNC_SOCKET_API int async_listener_accept_async(ASYNC_LISTENER_HANDLE async_listener, uint32_t timeout_ms,
                                                 ASYNC_OPERATION_ID* id, ON_ASYNC_LISTENER_ACCEPT_COMPLETE on_complete,
                                                 void* context);

/// As async_socket_cancel, for an accept.
///
/// Requirements: 015
ASYNC_SOCKET_API int async_listener_cancel(ASYNC_LISTENER_HANDLE async_listener, ASYNC_OPERATION_ID id);

/// As async_socket_cancel_and_wait, for an accept.
///
/// Requirements: 016
ASYNC_SOCKET_API int async_listener_cancel_and_wait(ASYNC_LISTENER_HANDLE async_listener, ASYNC_OPERATION_ID id);

#ifdef __cplusplus
}
#endif

#endif

/// \}
