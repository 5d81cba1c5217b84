// SPDX-License-Identifier: MIT
//
// One thread of an engine with the sockets that belong to it. A socket's queues and its callbacks are this thread's
// alone, so they need no lock; other threads leave what they have in the inbox.
//
// A round: take what the inbox has and start it; call the callbacks of what has ended; give the kernel what was
// started, and wait; end what has no time left. Callbacks are called in the second step only, and a close inside a
// callback works on in work_until.

#ifndef ASYNC_SOCKET_LINUX_WORKER_HPP
#define ASYNC_SOCKET_LINUX_WORKER_HPP

#include <pthread.h>

#include <atomic>
#include <cstdint>

#include "async_socket/counters.h"
#include "common/cooperative_wait.hpp"
#include "common/counter.hpp"
#include "linux/async_socket.hpp"
#include "linux/backend.hpp"
#include "linux/inbox.hpp"
#include "linux/operation_index.hpp"
#include "linux/operation_pool.hpp"
#include "linux/resolver.hpp"
#include "linux/spinning.hpp"

namespace async_socket::detail {

// Makes a worker's way of waiting, on the worker's thread; nullptr and the error where the system refuses.
using backend_factory = backend* (*)(class worker& owner, int& error) noexcept;

class worker final : public cooperative_thread {
public:
    worker() noexcept { house_.attached = true; }
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
    // Any thread, inside a counted call: a record with room for so many buffers, and with an extra in use if it is
    // wanted; nullptr when there is no memory.
    [[nodiscard]] operation* make_operation(std::uint32_t buffer_count, bool with_extra) noexcept;
    // Any thread, inside a counted call: from here on the operation is the worker's.
    void submit(operation* submitted) noexcept;
    // Any thread, when all calls have left a socket in the state CLOSING.
    void close(ASYNC_SOCKET_HANDLE socket) noexcept;

    // What delays belong to instead of a socket.
    [[nodiscard]] ASYNC_SOCKET_HANDLE house() noexcept { return &house_; }
    // Any thread: asks for the end of the operation `id` of the socket, inside a visit of it that this ends; or of a
    // delay, with a reference to the engine that this drops. False, and the visit or the reference still the caller's,
    // when there is no memory.
    [[nodiscard]] bool cancel(ASYNC_SOCKET_HANDLE socket, ASYNC_OPERATION_ID id) noexcept;
    // On the thread itself: the same, and returns when its callback has returned. Needs no memory.
    void cancel_and_wait_here(ASYNC_SOCKET_HANDLE socket, ASYNC_OPERATION_ID id) noexcept;
    // On any other thread: the request's waiter is signalled when the callback has returned.
    void post_cancel(cancel_request& request) noexcept;

    // Any thread.
    void add_counters_to(EXECUTION_ENGINE_COUNTERS& sum) const noexcept;

    // For the back end, on the thread itself: the operation, which is the first of its queue or a notification, has
    // ended with `error` (0: none).
    void end(operation* ended, int error) noexcept;
    // The same for a watch.
    void watch_ended(fd_watch& ended) noexcept;

    // Any thread: from here on it is the worker's.
    void deliver(resolution* answer) noexcept;

    // For what belongs to this worker, on the thread itself:
    void start_timer(worker_timer& started) noexcept { timers_.push(started); }
    void stop_timer(worker_timer& stopped) noexcept;
    [[nodiscard]] bool watch(fd_watch& started) noexcept { return backend_->watch(started); }
    void cancel_watch(fd_watch& cancelled) noexcept { backend_->cancel_watch(cancelled); }
    // A listener is short of something; its accepts are tried again after a while.
    void pause(ASYNC_SOCKET_HANDLE listener) noexcept;
    // The operation has ended, and its result is written.
    void finish(operation* ended) noexcept { move_to_ended(ended); }
    // A socket is attached without a connection. Any thread.
    void count_attached() noexcept { socket_count_.add(1); }
    // An attached socket has got a connection. 0, or the error.
    [[nodiscard]] int attach_connected(ASYNC_SOCKET_HANDLE socket) noexcept { return backend_->attach(socket); }

    // For the back end, on the thread itself: the wait has ended.
    void woke_up() noexcept { inbox_.wake_up(); }

    void work_at_hand(const condition& done, const lifecycle& awaited) noexcept override;
    void work_until(const condition& done, const lifecycle& awaited) noexcept override;
    void look_again() noexcept override;

private:
    [[nodiscard]] int create_thread() noexcept;
    static void* thread_main(void* self) noexcept;
    void run() noexcept;

    void take_inbox() noexcept;
    void enqueue(operation* added) noexcept;
    void give_its_turn(operation* added) noexcept;
    void begin_timing(operation* added) noexcept;
    void end_early(operation* asked, early_end reason) noexcept;
    void end_what_is_due() noexcept;
    void go_on_accepting(ASYNC_SOCKET_HANDLE listener) noexcept;
    void leave_after_cancel(ASYNC_SOCKET_HANDLE socket) noexcept;
    void take_resolution(resolution* answer) noexcept;
    void serve_cancel(cancel_request* request) noexcept;
    void begin_closing(ASYNC_SOCKET_HANDLE socket) noexcept;
    void give_up_queue(channel& direction) noexcept;
    void give_up_notifications(ASYNC_SOCKET_HANDLE socket) noexcept;
    void move_to_ended(operation* ended) noexcept;

    void call_ready() noexcept;
    void call_ended(ASYNC_SOCKET_HANDLE socket) noexcept;
    [[nodiscard]] bool call(operation* ended) noexcept;
    void count(ASYNC_SOCKET_HANDLE socket, const struct ended_call& ended) noexcept;
    [[nodiscard]] ASYNC_STATUS settle_connect(ASYNC_SOCKET_HANDLE socket, ASYNC_STATUS status, bool& gave_up) noexcept;
    [[nodiscard]] static bool can_detach(const ASYNC_SOCKET_TAG& socket) noexcept;
    void detach_if_done(ASYNC_SOCKET_HANDLE socket) noexcept;
    [[nodiscard]] bool serve_closing(const lifecycle& awaited) noexcept;
    void wait(bool may_block) noexcept;
    unsigned sleep(bool may_block, time_point_ns limit) noexcept;
    [[nodiscard]] unsigned look(time_point_ns begin, time_point_ns end) noexcept;

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
    socket_list<ready_link> ready_;   // have ended operations
    socket_list<ready_link> calling_; // the part of them that this round calls
    socket_list<closing_link> closing_;
    bool disposes_of_engine_ = false;
    timer_heap timers_;
    spinning spinning_;
    operation_index index_; // of the operations that have a name, until their callbacks are called
    struct running_operation* running_ = nullptr; // the named ones whose callbacks are on the stack, innermost first
    ASYNC_SOCKET_TAG house_;

    // Written by the thread, but the last one by any; read by any.
    transfer_counters counters_;
    counter accepts_;
    counter connects_;
    counter wake_ups_;
    counter socket_count_;
};

} // namespace async_socket::detail

#endif
