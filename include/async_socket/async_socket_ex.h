// SPDX-License-Identifier: MIT

/// \defgroup socket_ex More of a socket
/// \ingroup socket
///
/// More to ask of an async socket than async_socket.h does: sends and receives that can be timed and cancelled and that
/// say how they went, half close, reset, release, and the transport beneath.
///
/// All that async_socket.h promises holds here, too: an accepted operation calls back exactly once, never inside the
/// call that started it, never after close has returned; every function may be called from any thread and inside any
/// callback, until the handle is destroyed; what is refused changes nothing and is reported (log.h). Operations of both
/// kinds may be mixed: there is one order of the sends and one of the receives.
///
/// Requirement IDs below are short for SRS_ASYNC_SOCKET_EX_01_...
///
/// \{

#ifndef ASYNC_SOCKET_ASYNC_SOCKET_EX_H
#define ASYNC_SOCKET_ASYNC_SOCKET_EX_H

#ifdef __cplusplus
#include <cstdint>
#else
#include <stdint.h>
#endif

#include "async_socket/async_operation.h"
#include "async_socket/async_socket.h"
#include "async_socket/export.h"

#ifdef __cplusplus
extern "C" {
#endif

/// As async_socket_send_async, with a time limit and a completion that says how it went.
///
/// \param async_socket  the socket
/// \param payload       as for async_socket_send_async
/// \param buffer_count  as for async_socket_send_async
/// \param timeout_ms    milliseconds from the call to the end, time in the queue included; ASYNC_NO_TIMEOUT: no limit.
///                      A send whose time is over is cut short: ASYNC_STATUS_TIMED_OUT and the number of bytes that had
///                      left. What is queued behind it is sent all the same; a program whose messages must be whole
///                      closes the socket. With 0 the time is over at once: it is sent only as far as the system takes
///                      it without waiting
/// \param id            receives the name to cancel it by; may be NULL
/// \param on_complete   required; called once, on a thread of the engine, if and only if the result is SEND_SYNC_OK,
///                      with OK, RESET, CLOSED, CANCELLED, TIMED_OUT, NO_RESOURCES or ERROR
/// \param context       handed to on_complete; may be NULL
///
/// \return as async_socket_send_async does; NOT_OPEN, too, after async_socket_shutdown_send_async.
///
/// Requirements: 001 .. 005
ASYNC_SOCKET_API ASYNC_SOCKET_SEND_SYNC_RESULT async_socket_send_ex_async(ASYNC_SOCKET_HANDLE async_socket,
                                                                          const ASYNC_SOCKET_BUFFER* payload,
                                                                          uint32_t buffer_count, uint32_t timeout_ms,
                                                                          ASYNC_OPERATION_ID* id,
                                                                          ON_ASYNC_COMPLETE on_complete, void* context);

/// As async_socket_receive_async, with a time limit and a completion that says how it went.
///
/// \param async_socket  the socket
/// \param payload       as for async_socket_receive_async
/// \param buffer_count  as for async_socket_receive_async
/// \param timeout_ms    as for send_ex; a receive whose time is over while nothing has arrived ends with TIMED_OUT;
///                      data that arrives at the same moment is delivered with OK, by this receive or by the next. With
///                      0 it receives what is there already
/// \param id            receives the name to cancel it by; may be NULL
/// \param on_complete   required; called once, on a thread of the engine, if and only if the result is 0, with OK,
///                      END_OF_STREAM, RESET, CLOSED, CANCELLED, TIMED_OUT, NO_RESOURCES or ERROR
/// \param context       handed to on_complete; may be NULL
///
/// \return as async_socket_receive_async does.
///
/// Requirements: 006 .. 010
ASYNC_SOCKET_API int async_socket_receive_ex_async(ASYNC_SOCKET_HANDLE async_socket, ASYNC_SOCKET_BUFFER* payload,
                                                   uint32_t buffer_count, uint32_t timeout_ms, ASYNC_OPERATION_ID* id,
                                                   ON_ASYNC_COMPLETE on_complete, void* context);

/// Asks for the end of one operation of the socket: a send_ex, a receive_ex or a connect_ex. It calls back with
/// CANCELLED, or, when it ends by itself at the same moment, with what it came to: data that arrived is delivered. What
/// has ended already, or is no operation of the socket, is left alone.
///
/// \return 0 when the request is made (the callback may come before or after the return); non-zero when async_socket is
/// NULL, id is 0, the socket is neither connecting nor OPEN, or the system refuses memory: the operation then goes on.
///
/// Requirements: 011 .. 013
ASYNC_SOCKET_API int async_socket_cancel(ASYNC_SOCKET_HANDLE async_socket, ASYNC_OPERATION_ID id);

/// As async_socket_cancel, and returns when the callback of the operation has returned, so that everything that belongs
/// to the operation may be freed. Inside a callback of this very operation it returns at once. On the thread of the
/// engine that would run the callback, the callback is called inside this call.
///
/// A callback may wait so for an operation whose callbacks another thread runs. It must not do so while a callback
/// there waits for an operation of its own thread: each would wait for the other to return.
///
/// \return 0 when the operation's callback has returned, or never will be called because there is no such operation;
/// non-zero as async_socket_cancel does for a bad argument. It needs no memory, and a socket that is being closed is
/// waited for.
///
/// Requirements: 014, 015
ASYNC_SOCKET_API int async_socket_cancel_and_wait(ASYNC_SOCKET_HANDLE async_socket, ASYNC_OPERATION_ID id);

/// Closes the sending side when all sends that were accepted before have ended: the peer then receives the end of the
/// stream, and may go on sending. From the accepted call on, sends are refused with SEND_SYNC_NOT_OPEN.
///
/// \param async_socket  the socket
/// \param on_complete   required; called once, on a thread of the engine, if and only if the result is 0, with OK,
///                      RESET, CLOSED or ERROR
/// \param context       handed to on_complete; may be NULL
///
/// \return 0 when accepted; non-zero when async_socket or on_complete is NULL, the socket is not OPEN, its sending side
/// was closed so before, or the system refuses memory.
///
/// Requirements: 016 .. 018
ASYNC_SOCKET_API int async_socket_shutdown_send_async(ASYNC_SOCKET_HANDLE async_socket, ON_ASYNC_COMPLETE on_complete,
                                                      void* context);

/// As async_socket_close, but the connection is reset: what has not left yet is thrown away, and the peer's receives
/// and sends fail. For a peer that does not keep to the protocol, and for a server that must not be left with thousands
/// of connections in TIME_WAIT. NULL, or a socket that is not OPEN: as async_socket_close.
///
/// Requirements: 019
ASYNC_SOCKET_API void async_socket_reset(ASYNC_SOCKET_HANDLE async_socket);

/// As async_socket_close, but the connection is not ended: pending operations end with CLOSED (the fixed callbacks:
/// abandoned), and the platform's socket is the caller's, to use and to close. Bytes that arrived and were not received
/// are still in it. A platform may keep a handle that has been in use by its thread pool from being given to another.
///
/// \return 0 and stores the socket at `released`; non-zero, with the socket as it was, when an argument is NULL, the
/// socket is not OPEN, or the system refuses.
///
/// Requirements: 020, 021
ASYNC_SOCKET_API int async_socket_release(ASYNC_SOCKET_HANDLE async_socket, SOCKET_HANDLE* released);

/// The transport that the socket is open on, for socket_options.h; NULL for NULL and for a socket that is not OPEN. It
/// stays whose it is: valid until the socket is destroyed, and not to be destroyed by the caller if the socket
/// connected by itself. (A socket that was opened on a transport of the caller's gives that one.)
///
/// Requirements: 022
ASYNC_SOCKET_API SOCKET_TRANSPORT_HANDLE async_socket_get_transport(ASYNC_SOCKET_HANDLE async_socket);

#ifdef __cplusplus
}
#endif

#endif

/// \}
