// SPDX-License-Identifier: MIT
//
// What a worker does for that which belongs to it, a connect under way for one. So such a thing knows of its worker no
// more than this, and lies below it.

#ifndef ASYNC_SOCKET_LINUX_OPERATION_WORKER_SERVICES_HPP
#define ASYNC_SOCKET_LINUX_OPERATION_WORKER_SERVICES_HPP

#include "linux/operation/fd_watch.hpp"
#include "linux/operation/operation.hpp"
#include "linux/operation/worker_timer.hpp"

namespace async_socket::detail {

class worker_services {
public:
    worker_services(const worker_services&) = delete;
    worker_services& operator=(const worker_services&) = delete;

    // Any thread. Whoever holds a reference to the engine holds its workers.
    [[nodiscard]] virtual EXECUTION_ENGINE_HANDLE engine() const noexcept = 0;
    // Any thread: from here on it is the worker's.
    virtual void deliver(work_item* delivered) noexcept = 0;

    // All below on the worker's thread.
    virtual void start_timer(worker_timer& started) noexcept = 0;
    // Does nothing where it is not running.
    virtual void stop_timer(worker_timer& stopped) noexcept = 0;
    // 0; EBUSY where the kernel takes nothing more for now; or the error.
    [[nodiscard]] virtual int watch(fd_watch& started) noexcept = 0;
    // Ends it: at once, unreported, where is_watched is false afterwards; or else soon, reported.
    virtual void cancel_watch(fd_watch& cancelled) noexcept = 0;
    // An attached socket has got a connection. 0, or the error.
    [[nodiscard]] virtual int attach_connected(ASYNC_SOCKET_HANDLE socket) noexcept = 0;
    // The operation has ended, and its result is written.
    virtual void finish(operation* ended) noexcept = 0;

protected:
    worker_services() noexcept = default;
    ~worker_services() = default;
};

} // namespace async_socket::detail

#endif
