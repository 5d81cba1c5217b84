// SPDX-License-Identifier: MIT
//
// One thread of an engine with the sockets that belong to it. A socket's queues and its callbacks are this thread's
// alone, so they need no lock; other threads leave what they have in the inbox.
//
// A round: take what the inbox has and start it; call the callbacks of what has ended; give the kernel what was
// started, and wait. Callbacks are called in the second step only, and a close inside a callback works on in
// work_until.

#ifndef ASYNC_SOCKET_LINUX_WORKER_HPP
#define ASYNC_SOCKET_LINUX_WORKER_HPP

#include <pthread.h>

#include <atomic>
#include <cstdint>

#include "common/cooperative_wait.hpp"
#include "linux/async_socket.hpp"
#include "linux/backend.hpp"
#include "linux/inbox.hpp"
#include "linux/operation_pool.hpp"

namespace async_socket::detail {

// Makes a worker's way of waiting, on the worker's thread; nullptr and the error where the system refuses.
using backend_factory = backend* (*)(class worker& owner, int& error) noexcept;

class worker final : public cooperative_thread {
public:
    worker() noexcept = default;
    // When the thread has ended.
    ~worker();
    worker(const worker&) = delete;
    worker& operator=(const worker&) = delete;

    // The worker whose thread this is; nullptr on any other thread.
    [[nodiscard]] static worker* current() noexcept;

    // Starts the thread and waits until it is ready. 0, or the error, and then there is no thread. `processor` is the
    // one to stay on; -1: any.
    [[nodiscard]] int start(EXECUTION_ENGINE_HANDLE engine, backend_factory make_backend, int processor) noexcept;
    // Before either is started; the other one must outlive this one.
    void share_records_with(worker& other) noexcept { pool_.share_finished_with(other.pool_); }
    // Lets the thread end when it has nothing more to do. Any thread.
    void request_stop() noexcept;
    // Waits for its end. Not on the thread itself.
    void join() noexcept;
    // On the thread itself, which is the one to dispose of the engine when it ends.
    void dispose_of_engine_at_end() noexcept { disposes_of_engine_ = true; }

    [[nodiscard]] EXECUTION_ENGINE_HANDLE engine() const noexcept { return engine_; }

    // Any thread: attaches a socket that is being opened. 0, or the error.
    [[nodiscard]] int attach(ASYNC_SOCKET_HANDLE socket) noexcept;
    // Any thread, inside a counted call: a record with room for so many buffers; nullptr when there is no memory.
    [[nodiscard]] operation* make_operation(std::uint32_t buffer_count) noexcept;
    // Any thread, inside a counted call: from here on the operation is the worker's.
    void submit(operation* submitted) noexcept;
    // Any thread, when all calls have left a socket in the state CLOSING.
    void close(ASYNC_SOCKET_HANDLE socket) noexcept;

    // For the back end, on the thread itself: the operation, which is the first of its queue or a notification, has
    // ended with `error` (0: none).
    void end(operation* ended, int error) noexcept;
    // For the back end, on the thread itself: the wait has ended.
    void woke_up() noexcept { inbox_.wake_up(); }

    void work_until(const condition& done, const lifecycle& awaited) noexcept override;
    void look_again() noexcept override;

private:
    static void* thread_main(void* self) noexcept;
    void run() noexcept;

    void take_inbox() noexcept;
    void enqueue(operation* added) noexcept;
    void begin_closing(ASYNC_SOCKET_HANDLE socket) noexcept;
    void give_up_queue(channel& direction) noexcept;
    void give_up_notifications(ASYNC_SOCKET_HANDLE socket) noexcept;
    void move_to_ended(operation* ended, std::uint8_t result) noexcept;

    void call_ready() noexcept;
    void call_ended(ASYNC_SOCKET_HANDLE socket) noexcept;
    [[nodiscard]] bool call(operation* ended) noexcept;
    [[nodiscard]] static bool can_detach(const ASYNC_SOCKET_TAG& socket) noexcept;
    void detach_if_done(ASYNC_SOCKET_HANDLE socket) noexcept;
    [[nodiscard]] bool serve_closing(const lifecycle& awaited) noexcept;
    void wait(bool may_block) noexcept;

    // Written by start before the thread exists.
    EXECUTION_ENGINE_HANDLE engine_ = nullptr;
    backend_factory make_backend_ = nullptr;
    int processor_ = -1;
    pthread_t thread_{};

    // Any thread.
    inbox inbox_;
    std::atomic<bool> stop_requested_{false};

    // How the start went: not_started until the thread has stored the error or 0, with what it made, in release order.
    static constexpr int not_started = -1;
    std::atomic<int> start_error_{not_started};

    // Written by the thread before it stores start_error_. Other threads use only what backend.hpp allows them.
    backend* backend_ = nullptr;
    operation_pool pool_; // see there which thread may do what

    // The thread only.
    socket_list ready_;   // have ended operations
    socket_list calling_; // the part of them that this round calls
    socket_list closing_;
    bool disposes_of_engine_ = false;
};

} // namespace async_socket::detail

#endif
