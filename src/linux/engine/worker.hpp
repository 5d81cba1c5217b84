// SPDX-License-Identifier: MIT
//
// One thread of an engine with the sockets that belong to it. A socket's queues and its callbacks are this thread's
// alone, so they need no lock; other threads leave what they have in the inbox.
//
// A round: take what the inbox has and start it; call the callbacks of what has ended; go on with what the last wait of
// the back end has brought, or, where nothing is left of that, give a turn to all that had more to do than their last
// turn held, give the kernel what was started, and wait; end what has no time left.
//
// Code of the program runs where nothing is in motion: in the callbacks of a round (call), and in the turns of sockets
// with a send or receive of the program's own. Whatever it calls, even a close that works on in work_until, finds the
// queues as they are between two steps. Of a socket that is served, the frame on the stack (service) is told when the
// socket is no longer the worker's.

#ifndef ASYNC_SOCKET_LINUX_ENGINE_WORKER_HPP
#define ASYNC_SOCKET_LINUX_ENGINE_WORKER_HPP

#include <pthread.h>

#include <atomic>
#include <cstdint>
#include <optional>

#include "async_socket/counters.h"
#include "common/lifecycle/cooperative_wait.hpp"
#include "common/operation/counter.hpp"
#include "linux/backend/backend.hpp"
#include "linux/connect/resolver.hpp"
#include "linux/engine/spinning.hpp"
#include "linux/engine/worker_load.hpp"
#include "linux/operation/inbox.hpp"
#include "linux/operation/index.hpp"
#include "linux/operation/pool.hpp"
#include "linux/operation/worker_services.hpp"
#include "linux/socket/background_closing.hpp"
#include "linux/socket/socket.hpp"

namespace async_socket::detail {

class worker final : public cooperative_thread, private backend_reports, public worker_services {
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

    [[nodiscard]] EXECUTION_ENGINE_HANDLE engine() const noexcept override { return engine_; }

    // Any thread: attaches a socket that is being opened. 0, or the error.
    [[nodiscard]] int attach(ASYNC_SOCKET_HANDLE socket) noexcept;
    // Any thread, inside a counted call: a record with room for so many buffers, and with an extra in use if it is
    // wanted; nullptr when there is no memory.
    [[nodiscard]] operation* make_operation(std::uint32_t buffer_count, bool with_extra) noexcept;
    // Any thread, inside a counted call: from here on the operation is the worker's.
    void submit(operation* submitted) noexcept;
    // Any thread, when all calls have left a socket in the state CLOSING.
    void close(ASYNC_SOCKET_HANDLE socket) noexcept;
    // Any thread, when the socket is in the state CLOSING.
    void close_in_background(background_closing& begun) noexcept;

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

    // A socket is attached without a connection. Any thread.
    void count_attached() noexcept { load_.add_socket(); }
    // Any thread.
    [[nodiscard]] const worker_load& load() const noexcept { return load_; }

    void deliver(work_item* delivered) noexcept override;
    void start_timer(worker_timer& started) noexcept override { timers_.push(started); }
    void stop_timer(worker_timer& stopped) noexcept override;
    [[nodiscard]] int watch(fd_watch& started) noexcept override { return backend_->watch(started); }
    void cancel_watch(fd_watch& cancelled) noexcept override { backend_->cancel_watch(cancelled); }
    [[nodiscard]] int attach_connected(ASYNC_SOCKET_HANDLE socket) noexcept override
    {
        return backend_->attach(socket);
    }
    void finish(operation* ended) noexcept override { move_to_ended(ended); }

    void work_at_hand(const condition& done, const lifecycle& awaited) noexcept override;
    void work_until(const condition& done, const lifecycle& awaited) noexcept override;
    void look_again() noexcept override;

private:
    // A socket whose callbacks are being called, on the stack of the thread.
    struct service {
        ASYNC_SOCKET_HANDLE socket; // nullptr: it is not the worker's any more, and perhaps gone
        service* outer;
    };
    // While it lives, no code of the program may run.
    class motion {
    public:
        explicit motion(worker& own) noexcept : own_(own), before_(own.is_in_motion_) { own.is_in_motion_ = true; }
        ~motion() { own_.is_in_motion_ = before_; }
        motion(const motion&) = delete;
        motion& operator=(const motion&) = delete;

    private:
        worker& own_;
        const bool before_;
    };

    void ended(operation* operation_that_ended, int error) noexcept override;
    void given_up(operation* abandoned) noexcept override;
    void watch_ended(fd_watch& ended) noexcept override;
    void paused(ASYNC_SOCKET_HANDLE socket, time_point_ns pause) noexcept override;
    void program_code_begins() const noexcept override;
    void woke_up() noexcept override { inbox_.wake_up(); }
    void kernel_has_failed(int error) noexcept override;

    static void* thread_main(void* self) noexcept;
    void run() noexcept;
    void note_round() noexcept;

    void take_inbox() noexcept;
    void enqueue(operation* added) noexcept;
    void begin_timing(operation* added) noexcept;
    void end_early(operation* asked, early_end reason) noexcept;
    void end_what_is_due() noexcept;
    void leave_after_cancel(ASYNC_SOCKET_HANDLE socket) noexcept;
    void take_resolution(resolution* answer) noexcept;
    void serve_cancel(cancel_request* request) noexcept;
    void move_to_ended(operation* ended) noexcept;
    void make_ready(ASYNC_SOCKET_HANDLE socket) noexcept;

    void begin_closing(ASYNC_SOCKET_HANDLE socket) noexcept;
    void leave(ASYNC_SOCKET_HANDLE socket) noexcept;
    [[nodiscard]] static bool can_detach(const ASYNC_SOCKET_TAG& socket) noexcept;
    void detach_if_done(ASYNC_SOCKET_HANDLE socket) noexcept;
    [[nodiscard]] bool is_closing_here(const ASYNC_SOCKET_TAG& socket) const noexcept;
    [[nodiscard]] static bool has_work(const ASYNC_SOCKET_TAG& socket) noexcept;
    [[nodiscard]] ASYNC_SOCKET_HANDLE awaited_with_work(const lifecycle& awaited) const noexcept;
    [[nodiscard]] ASYNC_SOCKET_HANDLE take_closing() noexcept;
    [[nodiscard]] ASYNC_SOCKET_HANDLE left_out_with_work() const noexcept;
    [[nodiscard]] bool serve_closing(const lifecycle& awaited) noexcept;

    void go_on_with(background_closing& closing) noexcept;
    void settle() noexcept;
    [[nodiscard]] bool call_closed() noexcept;

    void call_ready() noexcept;
    void call_ended(ASYNC_SOCKET_HANDLE socket) noexcept;
    void call(operation* ended) noexcept;
    void count(ASYNC_SOCKET_HANDLE socket, const struct ended_call& ended) noexcept;
    [[nodiscard]] ASYNC_STATUS settle_connect(ASYNC_SOCKET_HANDLE socket, ASYNC_STATUS status) noexcept;

    [[nodiscard]] bool take_more() noexcept;
    void go_on(bool may_block) noexcept;
    void wait(bool may_block) noexcept;
    unsigned sleep(bool may_block, time_point_ns limit) noexcept;
    [[nodiscard]] unsigned look(time_point_ns begin, time_point_ns end) noexcept;
    [[nodiscard]] unsigned look_on(time_point_ns& now, time_point_ns end) noexcept;

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
    socket_list<ready_link> later_;   // have had a turn, and are to have another when all have had theirs
    // The same of those that are being closed, for a wait inside a callback, which calls these only; or they may be
    // detached.
    socket_list<ready_link> closing_ready_;
    socket_list<ready_link> closing_later_;
    // Of these, such as a wait has found called back on the stack: the round sees to what is left of them.
    socket_list<ready_link> closing_held_;
    socket_list<closing_link> closing_;
    socket_list<closing_link> open_; // that have had an operation, and are not being closed
    // Of closes in the background: those that wait for what happens on other threads, of which `settling_wait_` lets
    // this one hear; and those that are to be told of.
    background_closings settling_;
    std::optional<waiting> settling_wait_;
    background_closings closed_;
    bool disposes_of_engine_ = false;
    timer_heap timers_;
    spinning spinning_;
    operation_index index_;       // of the operations that have a name, until their callbacks are called
    service* services_ = nullptr; // innermost first
    bool is_in_motion_ = false;
    struct running_operation* running_ = nullptr; // the named ones whose callbacks are on the stack, innermost first
    ASYNC_SOCKET_TAG house_;

    // Written by the thread, but the last one in part by any; read by any.
    transfer_counters counters_;
    counter accepts_;
    counter connects_;
    counter wake_ups_;
    worker_load load_;
};

} // namespace async_socket::detail

#endif
