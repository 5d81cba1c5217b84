// SPDX-License-Identifier: MIT
//
// A way of waiting: how a worker starts operations and learns of their ends. All but attach and wake are called on the
// worker's thread, and none calls a callback: ends are reported to the worker (backend_reports), which calls them
// later.

#ifndef ASYNC_SOCKET_LINUX_BACKEND_BACKEND_HPP
#define ASYNC_SOCKET_LINUX_BACKEND_BACKEND_HPP

#include "common/time/timer_heap.hpp"
#include "linux/operation/fd_watch.hpp"
#include "linux/operation/operation.hpp"
#include "linux/socket/socket.hpp"

namespace async_socket::detail {

// To whom a back end reports: its worker, on the worker's thread.
class backend_reports {
public:
    backend_reports(const backend_reports&) = delete;
    backend_reports& operator=(const backend_reports&) = delete;

    // The operation has left its queue: it has ended with `error` (0: none), or was given up by this side.
    virtual void ended(operation* operation_that_ended, int error) noexcept = 0;
    virtual void given_up(operation* abandoned) noexcept = 0;
    virtual void watch_ended(fd_watch& ended) noexcept = 0;
    // Nobody will tell when the socket's paused directions can go on: backend::resume is to be called after a while.
    virtual void paused(ASYNC_SOCKET_HANDLE socket, time_point_ns pause) noexcept = 0;
    // The program's own send or receive is about to be called.
    virtual void program_code_begins() const noexcept = 0;
    // The wait has ended.
    virtual void woke_up() noexcept = 0;
    // The kernel takes and gives nothing more, for good: backend::end_all is to be called for every socket.
    virtual void kernel_has_failed(int error) noexcept = 0;

protected:
    backend_reports() noexcept = default;
    ~backend_reports() = default;
};

class backend {
public:
    virtual ~backend() = default;
    backend(const backend&) = delete;
    backend& operator=(const backend&) = delete;

    // Makes the socket known, on any thread. 0, or the error.
    [[nodiscard]] virtual int attach(ASYNC_SOCKET_HANDLE socket) noexcept = 0;
    // Forgets it. Nothing of it is queued or in flight.
    virtual void detach(ASYNC_SOCKET_HANDLE socket) noexcept = 0;

    // Queues the operation, and starts it where it is its turn.
    virtual void submit(operation* added) noexcept = 0;
    // Hurries the end of an operation that is queued or in flight, and whose extra says why.
    virtual void end_early(operation* asked) noexcept = 0;
    // The same for all operations of a socket that is being closed.
    virtual void close(ASYNC_SOCKET_HANDLE socket) noexcept = 0;
    // The program's own function is on the stack, and whoever it has called waits for the end of its operation, or of
    // all of the socket: gives that operation up.
    virtual void give_up_attempted(ASYNC_SOCKET_HANDLE socket) noexcept = 0;

    // The kernel has failed: ends whatever it had of the socket.
    virtual void end_all(ASYNC_SOCKET_HANDLE socket, int error) noexcept = 0;

    // Gives a turn to all sockets that were left with something to do. Not inside a callback.
    virtual void run_turns() noexcept = 0;
    [[nodiscard]] virtual bool has_turns() const noexcept = 0;
    // A socket is about to have one: by its callbacks.
    virtual void begin_turn() noexcept = 0;
    // Tries again what is paused.
    virtual void resume(ASYNC_SOCKET_HANDLE socket) noexcept = 0;

    // 0; EBUSY where the kernel takes nothing more for now; or the error. The end is reported to the worker
    // (backend_reports::watch_ended).
    [[nodiscard]] virtual int watch(fd_watch& started) noexcept = 0;
    // Ends it: at once, unreported, where is_watched is false afterwards; or else soon, reported.
    virtual void cancel_watch(fd_watch& cancelled) noexcept = 0;

    // Where nothing is left of the last wait: gives the kernel all that was started and takes what has ended, or some
    // of it; waits for something to end or for a wake where `may_block`, but not past `limit`. Returns how much has
    // ended, wakes included.
    virtual unsigned wait(bool may_block, time_point_ns limit) noexcept = 0;
    // The same without waiting; the kernel is not entered where that would bring nothing.
    [[nodiscard]] virtual unsigned poll() noexcept = 0;
    // Goes on with what the last wait has brought. False: nothing of that is left.
    virtual bool take_more() noexcept { return false; }
    // Ends a wait, the next one if none is under way. On any thread.
    virtual void wake() noexcept = 0;

protected:
    backend() noexcept = default;
};

// Makes a worker's way of waiting, on the worker's thread; nullptr and the error where the system refuses.
using backend_factory = backend* (*)(backend_reports& owner, int& error) noexcept;

} // namespace async_socket::detail

#endif
