// SPDX-License-Identifier: MIT

/// \defgroup socket_ex Extended socket operations
/// \ingroup socket
///
/// What an async socket can do beyond async_socket.h: sends and receives that take a time limit, can be cancelled and
/// say how they went; half close, reset, release, and the underlying transport.
///
/// Everything that async_socket.h promises applies here, too: an accepted operation calls back exactly once, never
/// inside the call that started it, never after close has returned; every function may be called from any thread and
/// inside any callback, until the handle is destroyed; what is refused changes nothing and is reported (log.h).
/// Operations of both kinds may be mixed: all sends form one sequence, and so do all receives.
///
/// Requirement IDs below are short for SRS_ASYNC_SOCKET_EX_01_...
///
/// SOCKET_HANDLE (socket_handle.h) is the platform's own name for a socket: a file descriptor, an `int`, or a kernel
/// handle, a `void*`.
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

/// Like async_socket_send_async, with a time limit and a completion that says how it went.
///
/// \param async_socket  the socket
/// \param payload       as for async_socket_send_async
/// \param buffer_count  as for async_socket_send_async
/// \param timeout_ms    milliseconds from the call to the end, time in the queue included; ASYNC_NO_TIMEOUT: no limit.
///                      A send that times out is cut short: it ends with ASYNC_STATUS_TIMED_OUT and the number of bytes
///                      that had been sent. What is queued behind it is still sent; a program whose messages must be
///                      whole closes the socket. With 0 the limit expires at once: only as much is sent as the system
///                      takes without waiting
/// \param id            receives the ID to cancel it with; may be NULL
/// \param on_complete   required; called once, on a thread of the engine, if and only if the result is SEND_SYNC_OK,
///                      with OK, RESET, CLOSED, CANCELLED, TIMED_OUT, NO_RESOURCES or ERROR
/// \param context       passed to on_complete; may be NULL
///
/// \return as async_socket_send_async does; also NOT_OPEN after async_socket_shutdown_send_async.
///
/// Requirements: 001 .. 005
ASYNC_SOCKET_API ASYNC_SOCKET_SEND_SYNC_RESULT async_socket_send_ex_async(ASYNC_SOCKET_HANDLE async_socket,
                                                                          const ASYNC_SOCKET_BUFFER* payload,
                                                                          uint32_t buffer_count, uint32_t timeout_ms,
                                                                          ASYNC_OPERATION_ID* id,
                                                                          ON_ASYNC_COMPLETE on_complete, void* context);

/// Like async_socket_receive_async, with a time limit and a completion that says how it went.
///
/// \param async_socket  the socket
/// \param payload       as for async_socket_receive_async
/// \param buffer_count  as for async_socket_receive_async
/// \param timeout_ms    as for send_ex; a receive whose time limit expires before anything has arrived ends with
///                      TIMED_OUT; data that arrives at the same moment is delivered with OK, by this receive or by the
///                      next. With 0 it receives what has already arrived
/// \param id            receives the ID to cancel it with; may be NULL
/// \param on_complete   required; called once, on a thread of the engine, if and only if the result is 0, with OK,
///                      END_OF_STREAM, RESET, CLOSED, CANCELLED, TIMED_OUT, NO_RESOURCES or ERROR
/// \param context       passed to on_complete; may be NULL
///
/// Of the receives that have an ID or a time limit the system is given one at a time, each when the one before it has
/// ended, so that ending one ends no other and no byte is lost or out of order. A program that wants the system to have
/// several at a time starts them without either.
///
/// \return as async_socket_receive_async does.
///
/// Requirements: 006 .. 010
ASYNC_SOCKET_API int async_socket_receive_ex_async(ASYNC_SOCKET_HANDLE async_socket, ASYNC_SOCKET_BUFFER* payload,
                                                   uint32_t buffer_count, uint32_t timeout_ms, ASYNC_OPERATION_ID* id,
                                                   ON_ASYNC_COMPLETE on_complete, void* context);

/// Asks to cancel one operation of the socket: a send_ex, a receive_ex, a connect_ex or a delay. It calls back with
/// CANCELLED or, if it ends by itself at the same moment, with its own result: data that has arrived is delivered. An
/// operation that has already ended, or is not one of the socket's, is left alone.
///
/// No more than 2^23 requests may wait for the threads of the engine on one socket; the next one is refused
/// (SRS_ASYNC_SOCKET_GUARANTEE_01_022).
///
/// \return 0 when the request is made (the callback may come before or after the return); non-zero when async_socket is
/// NULL, id is 0, the socket is neither connecting nor OPEN, or memory cannot be allocated: the operation then
/// continues.
///
/// Requirements: 011 .. 013
ASYNC_SOCKET_API int async_socket_cancel(ASYNC_SOCKET_HANDLE async_socket, ASYNC_OPERATION_ID id);

/// Like async_socket_cancel, but returns only when the callback of the operation has returned, so that everything that
/// belongs to the operation may be freed. Inside the callback of that same operation it returns at once. On the thread
/// of the engine that would run the callback, the callback is called inside this call.
///
/// A callback may wait in this way for an operation whose callback runs on another thread. It must not do so while a
/// callback on that thread waits for this one, be it in this function, in async_delay_cancel_and_wait, or in a close or
/// destroy of this one's socket: each would wait for the other to return, and only rings that consist of closes and
/// destroys are found (async_socket_close). async_socket_cancel, whose operation tells of its end by its callback, has
/// no such rule.
///
/// \return 0 when the operation's callback has returned, or will never be called because there is no such operation;
/// non-zero for a bad argument, as async_socket_cancel does. It allocates nothing, and it also waits while the socket
/// is being closed.
///
/// Requirements: 014, 015
ASYNC_SOCKET_API int async_socket_cancel_and_wait(ASYNC_SOCKET_HANDLE async_socket, ASYNC_OPERATION_ID id);

/// Closes the sending side when all sends accepted before it have ended: the peer then receives the end of the stream,
/// and may keep sending. Once this call is accepted, sends are refused with SEND_SYNC_NOT_OPEN.
///
/// \param async_socket  the socket
/// \param on_complete   required; called once, on a thread of the engine, if and only if the result is 0, with OK,
///                      RESET, CLOSED or ERROR
/// \param context       passed to on_complete; may be NULL
///
/// \return 0 when accepted; non-zero when async_socket or on_complete is NULL, the socket is not OPEN, its sending side
/// has already been closed this way, or memory cannot be allocated.
///
/// Requirements: 016 .. 018
ASYNC_SOCKET_API int async_socket_shutdown_send_async(ASYNC_SOCKET_HANDLE async_socket, ON_ASYNC_COMPLETE on_complete,
                                                      void* context);

/// Calls back after `delay_ms` milliseconds, as async_delay_start does, but as an operation of the socket: on a thread
/// that runs the callbacks of the socket, named and cancelled as its sends and receives are, and never after a close of
/// the socket has returned. For what a program knows already and wants to be told as the socket tells the rest.
///
/// \param async_socket  the socket
/// \param delay_ms      0: as soon as possible; ASYNC_NO_TIMEOUT: until it is cancelled or the socket closed
/// \param id            receives the name to cancel it by; may be NULL
/// \param on_complete   required; called once, on a thread of the engine and never inside this call, if and only if the
///                      result is 0, with OK when the time is over, CANCELLED or CLOSED
/// \param context       handed to on_complete; may be NULL
///
/// \return 0 when accepted; non-zero when async_socket or on_complete is NULL, the socket is not OPEN, or memory cannot
/// be allocated.
///
/// Requirements: 030 .. 032
ASYNC_SOCKET_API int async_socket_delay_async(ASYNC_SOCKET_HANDLE async_socket, uint32_t delay_ms,
                                              ASYNC_OPERATION_ID* id, ON_ASYNC_COMPLETE on_complete, void* context);

/// Like async_socket_close, but the connection is reset: unsent data is discarded, and the peer's receives and sends
/// fail. For a peer that violates the protocol, and for a server that must not be left with thousands of connections in
/// TIME_WAIT. NULL, or a socket that is not OPEN: as async_socket_close.
///
/// Requirements: 019
ASYNC_SOCKET_API void async_socket_reset(ASYNC_SOCKET_HANDLE async_socket);

/// Like async_socket_close, but waits for nobody: what is pending ends and calls back after this call as well, and then
/// on_closed tells of the end. So it is legal anywhere: inside any callback of any socket, whatever that callback's own
/// socket is being used for, and in a thread for which a callback waits.
///
/// \param async_socket  the socket
/// \param on_closed     required; called once, on a thread of the engine and never inside this call, if and only if the
///                      result is 0. It is the last callback of the socket: every accepted operation has had its own,
///                      and all of them have returned. The socket is CLOSED for good by then and may be destroyed, also
///                      inside on_closed
/// \param context       passed to on_closed; may be NULL
///
/// From the call on the socket is CLOSING: nothing more is accepted, another close does nothing, and
/// async_socket_destroy waits until on_closed has returned. Destroy inside another callback of the socket cannot: there
/// on_closed comes after it has returned, and finds the handle gone.
///
/// \return 0 when the close has begun; non-zero, and nothing changed, when async_socket or on_closed is NULL, the
/// socket is not OPEN and not connecting, which includes that it is being closed, or memory cannot be allocated.
///
/// Requirements: 040 .. 043
ASYNC_SOCKET_API int async_socket_close_async(ASYNC_SOCKET_HANDLE async_socket, ON_ASYNC_CLOSED on_closed,
                                              void* context);

/// Like async_socket_close, but the connection stays up: pending operations end with CLOSED (the fixed callbacks:
/// abandoned), and the platform's socket becomes the caller's, to use and to close. Bytes that arrived and were not
/// received are still in it. A platform may not allow a handle that its thread pool has used to be given to another
/// pool. Where the sockets of a platform live only for as long as its socket library is started, that is started once
/// more with the release, and ending it (WSACleanup) is the caller's, when the socket is closed.
///
/// \return 0, with the socket stored in `released`; non-zero, with the socket unchanged, when an argument is NULL, the
/// socket is not OPEN, or a system call fails.
///
/// Requirements: 020, 021
ASYNC_SOCKET_API int async_socket_release(ASYNC_SOCKET_HANDLE async_socket, SOCKET_HANDLE* released);

/// The transport that the socket is open on, for socket_options.h; NULL for NULL and for a socket that is not OPEN. Its
/// owner stays the same: it is valid until the socket is destroyed, and the caller must not destroy it if the socket
/// made its own connection. (For a socket that was opened on the caller's transport, it is that transport.)
///
/// Requirements: 022
ASYNC_SOCKET_API SOCKET_TRANSPORT_HANDLE async_socket_get_transport(ASYNC_SOCKET_HANDLE async_socket);

#ifdef __cplusplus
}
#endif

#endif

/// \}
