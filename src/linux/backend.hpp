// SPDX-License-Identifier: MIT
//
// A way of waiting: how a worker starts operations and learns of their ends. All but attach and wake are called on the
// worker's thread, and none calls a callback: ends are reported to the worker (worker::end), which calls them later.

#ifndef ASYNC_SOCKET_LINUX_BACKEND_HPP
#define ASYNC_SOCKET_LINUX_BACKEND_HPP

#include "common/timer_heap.hpp"
#include "linux/async_socket.hpp"

namespace async_socket::detail {

// Waits once until a descriptor that belongs to no socket can be written, or has failed.
struct fd_watch {
    int fd = -1;
    bool is_watched = false; // written by the back end
    class connecting* owner = nullptr;
};

class backend {
public:
    virtual ~backend() = default;
    backend(const backend&) = delete;
    backend& operator=(const backend&) = delete;

    // Makes the socket known, on any thread. 0, or the error.
    [[nodiscard]] virtual int attach(ASYNC_SOCKET_HANDLE socket) noexcept = 0;
    // Forgets it. Nothing of it is in flight.
    virtual void detach(ASYNC_SOCKET_HANDLE socket) noexcept = 0;

    // The first of the queue has its turn, and nothing of this direction is in flight.
    virtual void start(ASYNC_SOCKET_HANDLE socket, channel& direction) noexcept = 0;
    virtual void start_notification(operation* notified) noexcept = 0;

    // Hurries the end of what is in flight. The worker gives up what is not.
    virtual void cancel(ASYNC_SOCKET_HANDLE socket) noexcept = 0;
    // Hurries the end of the first operation of this direction, which is in flight.
    virtual void cancel_first(ASYNC_SOCKET_HANDLE socket, channel& direction) noexcept = 0;
    // Whether the kernel may still use memory of this operation.
    [[nodiscard]] virtual bool is_in_flight(const operation& asked) const noexcept = 0;

    // False where the kernel takes nothing more. The end is reported to the worker (worker::watch_ended).
    [[nodiscard]] virtual bool watch(fd_watch& started) noexcept = 0;
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

} // namespace async_socket::detail

#endif
