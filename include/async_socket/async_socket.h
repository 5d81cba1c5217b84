// SPDX-License-Identifier: MIT

/// \defgroup socket Socket
///
/// async_socket: asynchronous send and receive over a connected TCP socket.
///
/// The contract, in short:
///   - Every accepted operation calls back exactly once; a refused one never does.
///   - A send or receive callback never runs inside the call that started it; it runs on a thread of the engine.
///   - After close has returned, no callback of the socket is running, and none will run.
///   - Close and destroy are legal anywhere, callbacks of the same socket included.
///   - Bytes leave in the order of the sends and arrive in the order of the receives; sends are never cut short. (Sends
///     made at the same time by several threads have no defined order among themselves.)
///   - The data is not copied: payload memory remains the caller's, and must be left untouched from the accepted call
///     until its callback is called. The array of ASYNC_SOCKET_BUFFER itself is read during the call only.
///
/// Threads: every function may be called from any thread at any time, except that nothing may be called on a handle
/// once async_socket_destroy has been called on it, and destroy is called only once.
///
/// The states: CLOSED when created; OPENING during open; OPEN; CLOSING during close; then CLOSED for good: a socket is
/// opened once, because what it is opened on (an accepted connection, say) cannot be obtained again.
///
/// Callbacks must not throw. A callback may block, but holds up a thread of the engine for as long as it does.
///
/// When given a bad argument, every function returns its failure value, changes nothing, and names the argument in the
/// log (log.h). Requirement IDs below are short for SRS_ASYNC_SOCKET_WIN32_...; SRS_ASYNC_SOCKET_GUARANTEE_01_001 ..
/// _010 apply to all of it.
///
/// \{

#ifndef ASYNC_SOCKET_ASYNC_SOCKET_H
#define ASYNC_SOCKET_ASYNC_SOCKET_H

#ifdef __cplusplus
#include <cstddef>
#include <cstdint>
#else
#include <stddef.h>
#include <stdint.h>
#endif

#include "async_socket/execution_engine.h"
#include "async_socket/export.h"
#include "async_socket/socket_transport.h"

#ifdef __cplusplus
extern "C" {
#endif

/// A socket.
typedef struct ASYNC_SOCKET_TAG* ASYNC_SOCKET_HANDLE;

// The first value of each enum is 1: a zeroed structure never holds a result.

/// How an open went.
typedef enum ASYNC_SOCKET_OPEN_RESULT {
    ASYNC_SOCKET_OPEN_OK = 1, ///< the socket is OPEN
    ASYNC_SOCKET_OPEN_ERROR   ///< it is not
} ASYNC_SOCKET_OPEN_RESULT;

/// Whether a send was accepted.
typedef enum ASYNC_SOCKET_SEND_SYNC_RESULT {
    ASYNC_SOCKET_SEND_SYNC_OK = 1,  ///< accepted: the callback will be called once
    ASYNC_SOCKET_SEND_SYNC_ERROR,   ///< refused: the callback will not be called
    ASYNC_SOCKET_SEND_SYNC_NOT_OPEN ///< refused, because the socket is not open or the peer has reset the connection
} ASYNC_SOCKET_SEND_SYNC_RESULT;

/// How a send went.
typedef enum ASYNC_SOCKET_SEND_RESULT {
    ASYNC_SOCKET_SEND_OK = 1,   ///< every byte was handed to the system
    ASYNC_SOCKET_SEND_ERROR,    ///< a system error; some of the bytes may have been sent
    ASYNC_SOCKET_SEND_ABANDONED ///< the connection ended first (a platform may report this as ERROR)
} ASYNC_SOCKET_SEND_RESULT;

/// How a receive went.
typedef enum ASYNC_SOCKET_RECEIVE_RESULT {
    ASYNC_SOCKET_RECEIVE_OK = 1,   ///< bytes_received bytes, at least 1, are in the buffers
    ASYNC_SOCKET_RECEIVE_ERROR,    ///< a system error
    ASYNC_SOCKET_RECEIVE_ABANDONED ///< the stream has ended: closed by the peer or by this side; bytes_received is 0
} ASYNC_SOCKET_RECEIVE_RESULT;

/// What to wait for.
typedef enum ASYNC_SOCKET_NOTIFY_IO_TYPE {
    ASYNC_SOCKET_NOTIFY_IO_TYPE_IN = 1, ///< until the socket can be read
    ASYNC_SOCKET_NOTIFY_IO_TYPE_OUT     ///< until the socket can be written
} ASYNC_SOCKET_NOTIFY_IO_TYPE;

/// How the wait ended.
typedef enum ASYNC_SOCKET_NOTIFY_IO_RESULT {
    ASYNC_SOCKET_NOTIFY_IO_RESULT_IN = 1,    ///< the socket can be read
    ASYNC_SOCKET_NOTIFY_IO_RESULT_OUT,       ///< the socket can be written
    ASYNC_SOCKET_NOTIFY_IO_RESULT_ABANDONED, ///< it was closed first
    ASYNC_SOCKET_NOTIFY_IO_RESULT_ERROR      ///< an error of the socket
} ASYNC_SOCKET_NOTIFY_IO_RESULT;

/// Called once when an open or a connect has ended.
typedef void (*ON_ASYNC_SOCKET_OPEN_COMPLETE)(void* context, ASYNC_SOCKET_OPEN_RESULT open_result);
/// Called once when a send has ended.
typedef void (*ON_ASYNC_SOCKET_SEND_COMPLETE)(void* context, ASYNC_SOCKET_SEND_RESULT send_result);
/// Called once when a receive has ended.
typedef void (*ON_ASYNC_SOCKET_RECEIVE_COMPLETE)(void* context, ASYNC_SOCKET_RECEIVE_RESULT receive_result,
                                                 uint32_t bytes_received);
/// Called once when the wait of async_socket_notify_io_async has ended.
typedef void (*ON_ASYNC_SOCKET_NOTIFY_IO_COMPLETE)(void* context, ASYNC_SOCKET_NOTIFY_IO_RESULT notify_io_result);

/// The program's own send function, for async_socket_create_with_transport. It must behave like the platform's send()
/// on a non-blocking socket: it returns a number of bytes, or -1 with the platform's last error set. If it would block
/// although the socket is ready, it is called again at intervals of up to 64 ms. It must not call functions of this
/// library on `async_socket`; on other sockets it may. If such a call ends the operation that it works for (it closes
/// another socket, a callback of which closes this one), the buffer is the program's again, and its result is ignored.
typedef int (*ON_ASYNC_SOCKET_SEND)(void* context, ASYNC_SOCKET_HANDLE async_socket, const void* buf, size_t len);

/// The program's own receive function, to go with ON_ASYNC_SOCKET_SEND; 0 bytes: the end of the stream.
typedef int (*ON_ASYNC_SOCKET_RECV)(void* context, ASYNC_SOCKET_HANDLE async_socket, void* buf, size_t len);

/// One piece of payload memory: `length` bytes at `buffer`.
typedef struct ASYNC_SOCKET_BUFFER_TAG {
    void* buffer;    ///< not NULL
    uint32_t length; ///< not 0
} ASYNC_SOCKET_BUFFER;

/// Creates a socket in the state CLOSED.
///
/// \param execution_engine  runs the callbacks; the socket holds a reference to it until it is destroyed
///
/// \return the socket, to be freed with async_socket_destroy; NULL when execution_engine is NULL or memory cannot be
/// allocated, and then no reference is held.
///
/// Requirements: 01_001, 01_002, 01_003, 01_035, 42_004
ASYNC_SOCKET_API ASYNC_SOCKET_HANDLE async_socket_create(EXECUTION_ENGINE_HANDLE execution_engine);

/// Like async_socket_create, but with the program's own send and receive functions in place of the platform's (for a
/// layer over the socket, or for a test). Both callbacks are required; they are called on a thread of the engine, as
/// the callbacks of the socket are, and never two at the same time for one socket.
///
/// \return NULL on a platform that does not offer it, and where async_socket_create returns NULL.
///
/// Requirements: 04_001
ASYNC_SOCKET_API ASYNC_SOCKET_HANDLE async_socket_create_with_transport(EXECUTION_ENGINE_HANDLE execution_engine,
                                                                        ON_ASYNC_SOCKET_SEND on_send,
                                                                        void* on_send_context,
                                                                        ON_ASYNC_SOCKET_RECV on_recv,
                                                                        void* on_recv_context);

/// Destroys the socket. NULL: does nothing.
///
/// An OPEN socket is closed first, as async_socket_close does. While another thread is opening or closing the socket,
/// waits until that has ended, whether it succeeds or fails. When it returns, no callback of the socket is running or
/// will run, except one that called it (or is waiting in async_socket_close of this socket on another thread; then
/// memory is freed when the last of these has returned).
///
/// Requirements: 01_004, 01_005, 01_006, 01_093, 42_005
ASYNC_SOCKET_API void async_socket_destroy(ASYNC_SOCKET_HANDLE async_socket);

/// Opens the socket on a connected transport.
///
/// \param async_socket      the socket
/// \param socket_transport  after a successful call the async socket owns the connection: close and destroy disconnect
///                          it. The handle itself remains the caller's, to be freed with socket_transport_destroy at
///                          any time, before or after the close. After a failed call the connection is still the
///                          caller's.
/// \param on_open_complete  required; called with ASYNC_SOCKET_OPEN_OK on the calling thread before this returns, and
///                          not at all when this fails. The socket is OPEN when it runs: it may send, receive, close
///                          and destroy
/// \param context           passed to on_open_complete; may be NULL
///
/// \return 0 on success. Returns non-zero when an argument other than context is NULL; when the socket is OPEN,
/// OPENING, CLOSING, or was open before; when the transport is not connected, or belongs to another async socket; when
/// a system call fails. The socket's state is then unchanged.
///
/// Requirements: 01_007, 01_008, 01_009, 01_014 .. 01_017, 01_023, 01_034, 01_036, 01_039, 01_058, 01_094
ASYNC_SOCKET_API int async_socket_open_async(ASYNC_SOCKET_HANDLE async_socket, SOCKET_TRANSPORT_HANDLE socket_transport,
                                             ON_ASYNC_SOCKET_OPEN_COMPLETE on_open_complete, void* context);

/// Closes the socket: waits for every send_async and receive_async call that is still executing, disconnects the
/// transport, so that every pending operation ends and calls back, and waits for these callbacks. NULL: does nothing.
///
/// When it returns, no callback of the socket is running or will run, every accepted operation has had its callback,
/// and the socket is CLOSED for good. Called inside a callback of the same socket, it does the same for all other
/// callbacks; the one that called it is then the only one still running.
///
/// A socket that is not OPEN: returns at once. That includes a second close at the same time: the promise above is made
/// by the call that does the closing.
///
/// A callback of one socket may close another. Where callbacks would wait in a ring, each in a close for the next one
/// to return, none does: each of these closes returns when no other callbacks are left than those that wait so, and a
/// warning names the sockets (log.h). The same goes for destroy. A callback that the thread calls while it waits in a
/// close counts as one that the waiting callback waits for. What is left of a rule:
///   - A callback that closes another socket, a callback of which may be closing its own, must not free what that one
///     uses. async_socket_close_async is for that: its on_closed always is the last callback.
///   - A callback must not wait in another way (for a mutex, for a thread to end, in the destructor of a
///     std::stop_callback, in async_socket_cancel_and_wait or async_delay_cancel_and_wait) for a thread that is inside
///     a close of the callback's socket; that one should use async_socket_close_async, too.
///   - A close in a callback that is called inside a close in a callback, and so on, takes stack each time: less than
///     1 KiB beside what the callbacks take. async_socket_close_async takes none.
///
/// Requirements: 01_018 .. 01_022, 01_040, 01_042, 01_059, SRS_ASYNC_SOCKET_GUARANTEE_01_020, _021
ASYNC_SOCKET_API void async_socket_close(ASYNC_SOCKET_HANDLE async_socket);

/// Starts sending the bytes of all the buffers, in order.
///
/// \param async_socket              the socket
/// \param payload                   buffer_count buffers, read during the call; the memory that they point to must stay
///                                  unchanged until on_send_complete is called
/// \param buffer_count              at least 1; the total of all lengths at most UINT32_MAX bytes
/// \param on_send_complete          required; called once, on a thread of the engine, if and only if the result is
///                                  SEND_SYNC_OK
/// \param on_send_complete_context  passed to it; may be NULL
///
/// Any number of sends may be outstanding.
///
/// \return ASYNC_SOCKET_SEND_SYNC_OK when accepted; ASYNC_SOCKET_SEND_SYNC_NOT_OPEN when the socket is not OPEN or the
/// system says that the peer has reset the connection; ASYNC_SOCKET_SEND_SYNC_ERROR when an argument is refused (NULL
/// socket, payload or on_send_complete; buffer_count 0, or so large that the record of the operation would exceed
/// UINT32_MAX bytes; a buffer that is NULL or of length 0; a total over UINT32_MAX) or a system call fails.
///
/// Requirements: 01_024 .. 01_029, 01_045, 01_050, 01_053, 01_056, 01_057, 01_060 .. 01_062, 01_085, 01_089, 01_090,
///               01_097, 01_100, 01_101, 01_103, 01_106, 42_002; completion: 01_066 .. 01_068, 01_102
ASYNC_SOCKET_API ASYNC_SOCKET_SEND_SYNC_RESULT async_socket_send_async(ASYNC_SOCKET_HANDLE async_socket,
                                                                       const ASYNC_SOCKET_BUFFER* payload,
                                                                       uint32_t buffer_count,
                                                                       ON_ASYNC_SOCKET_SEND_COMPLETE on_send_complete,
                                                                       void* on_send_complete_context);

/// Starts a receive into the buffers, in order. It completes as soon as at least one byte has arrived, with as many as
/// are available and fit, or when the stream has ended.
///
/// \param async_socket                 the socket
/// \param payload                      as for send; the memory belongs to the operation until on_receive_complete is
///                                     called
/// \param buffer_count                 as for send
/// \param on_receive_complete          required; called once, on a thread of the engine, if and only if the result is 0
/// \param on_receive_complete_context  passed to it; may be NULL
///
/// Any number of receives may be outstanding; they are filled in the order in which they were started.
///
/// \return 0 when accepted; non-zero when the socket is not OPEN, and for what send_async refuses.
///
/// Requirements: 01_054, 01_055, 01_073 .. 01_084, 01_086, 01_091, 01_092, 01_096, 01_098, 01_099, 01_103, 01_105;
///               completion: 01_068 .. 01_070, 01_095, 42_001, 42_003
ASYNC_SOCKET_API int async_socket_receive_async(ASYNC_SOCKET_HANDLE async_socket, ASYNC_SOCKET_BUFFER* payload,
                                                uint32_t buffer_count,
                                                ON_ASYNC_SOCKET_RECEIVE_COMPLETE on_receive_complete,
                                                void* on_receive_complete_context);

/// Calls back once when the socket can be read (IN) or written (OUT), with ABANDONED when it is closed first, with
/// ERROR on an error of the socket. For programs that read and write the socket themselves.
///
/// \return 0 when accepted: on_notify_io_complete will be called once, on a thread of the engine. Returns non-zero when
/// async_socket or on_notify_io_complete is NULL, io_type is not a value of its enum, the socket is not OPEN, a system
/// call fails, or the platform does not offer it.
///
/// Requirements: 04_002
ASYNC_SOCKET_API int async_socket_notify_io_async(ASYNC_SOCKET_HANDLE async_socket, ASYNC_SOCKET_NOTIFY_IO_TYPE io_type,
                                                  ON_ASYNC_SOCKET_NOTIFY_IO_COMPLETE on_notify_io_complete,
                                                  void* on_notify_io_complete_context);

/// \{

/// The name of the value as the enum spells it; "?" for a value that is not in the enum. Never NULL.
///
/// Requirements: SRS_ASYNC_SOCKET_GUARANTEE_01_011
ASYNC_SOCKET_API const char* async_socket_open_result_to_string(ASYNC_SOCKET_OPEN_RESULT value);
ASYNC_SOCKET_API const char* async_socket_send_sync_result_to_string(ASYNC_SOCKET_SEND_SYNC_RESULT value);
ASYNC_SOCKET_API const char* async_socket_send_result_to_string(ASYNC_SOCKET_SEND_RESULT value);
ASYNC_SOCKET_API const char* async_socket_receive_result_to_string(ASYNC_SOCKET_RECEIVE_RESULT value);
ASYNC_SOCKET_API const char* async_socket_notify_io_type_to_string(ASYNC_SOCKET_NOTIFY_IO_TYPE value);
ASYNC_SOCKET_API const char* async_socket_notify_io_result_to_string(ASYNC_SOCKET_NOTIFY_IO_RESULT value);

/// \}

#ifdef __cplusplus
}
#endif

#endif

/// \}
