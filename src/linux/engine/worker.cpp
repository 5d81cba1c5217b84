// SPDX-License-Identifier: MIT

#include "linux/engine/worker.hpp"

#include <cassert>

#include "common/diagnostics/forked_child.hpp"
#include "linux/connect/connecting.hpp"
#include "linux/engine/execution_engine.hpp"
#include "linux/socket/outcome.hpp"
#include "linux/system/clocks.hpp"
#include "linux/system/library_thread.hpp"
#include "linux/system/processors.hpp"
#include "linux/system/system_error.hpp"

namespace async_socket::detail {

namespace {

thread_local worker* current_worker = nullptr;

} // namespace

worker::~worker()
{
    delete backend_;
}

worker* worker::current() noexcept
{
    return current_worker;
}

int worker::start(EXECUTION_ENGINE_HANDLE engine, backend_factory make_backend, int processor) noexcept
{
    engine_ = engine;
    make_backend_ = make_backend;
    processor_ = processor;

    const int error = start_library_thread(thread_, thread_main, this);
    if (error != 0) {
        return error;
    }
    start_error_.wait(not_started, std::memory_order_acquire);
    const int start_error = start_error_.load(std::memory_order_acquire);
    if (start_error != 0) {
        join();
    }
    return start_error;
}

void worker::request_stop() noexcept
{
    stop_requested_.store(true, std::memory_order_release);
    backend_->wake();
}

void worker::join() noexcept
{
    pthread_join(thread_, nullptr);
}

void* worker::thread_main(void* self) noexcept
{
    auto* const me = static_cast<worker*>(self);
    library_thread_begins();
    current_worker = me;
    set_current(me);
    // SRS_EXECUTION_ENGINE_LINUX_01_004
    if (me->processor_ >= 0) {
        if (const int error = stay_on(me->processor_); error != 0) {
            log_system_failure("execution_engine_linux_create", "pthread_setaffinity_np", error);
        }
    }
    int error = 0;
    me->backend_ = me->make_backend_(*me, error);
    // From here on the one who started the thread may dispose of it, if there was an error.
    const bool failed = me->backend_ == nullptr;
    me->start_error_.store(failed ? error : 0, std::memory_order_release);
    me->start_error_.notify_one();
    if (failed) {
        return nullptr;
    }

    me->run();

    // SRS_EXECUTION_ENGINE_LINUX_01_034: what the program's thread-local objects do when they are destroyed, they do on
    // a thread like any other. From here on this one is no worker.
    current_worker = nullptr;
    set_current(nullptr);
    if (in_forked_child()) {
        return nullptr;
    }
    // SRS_EXECUTION_ENGINE_01_010: nobody else is left to do it where the last reference was dropped here.
    if (me->disposes_of_engine_) {
        pthread_detach(pthread_self());
        dispose_of_engine(me->engine_, me);
    }
    return nullptr;
}

void worker::run() noexcept
{
    while (!stop_requested_.load(std::memory_order_acquire)) {
        take_inbox();
        call_ready();
        // A callback has forked: the thread that goes on in the child has nothing to do there.
        // SRS_EXECUTION_ENGINE_LINUX_01_030
        if (in_forked_child()) {
            return;
        }
        if (!take_more()) {
            // All that the last wait has brought has had a turn.
            // SRS_ASYNC_SOCKET_LINUX_01_034
            backend_->run_turns();
            if (in_forked_child()) {
                return;
            }
            ready_.take_all(later_);
            closing_ready_.take_all(closing_later_);
            closing_ready_.take_all(closing_held_);
            settle();
            load_.rests();
            wait(ready_.empty() && closing_ready_.empty() && closed_.empty() && !backend_->has_turns());
            note_round();
        }
        end_what_is_due();
    }
}

void worker::note_round() noexcept
{
    if (const time_point_ns now = coarse_now_ns(); load_.goes_on(now)) {
        load_.end_period(now, thread_time_ns());
    }
}

// For a wait inside a callback, which gives no turns.
void worker::go_on(bool may_block) noexcept
{
    if (!take_more()) {
        wait(may_block);
    }
    end_what_is_due();
}

bool worker::take_more() noexcept
{
    const motion moving(*this);
    return backend_->take_more();
}

// SRS_ASYNC_SOCKET_LINUX_01_036
void worker::program_code_begins() const noexcept
{
    assert(!is_in_motion_);
}

int worker::attach(ASYNC_SOCKET_HANDLE socket) noexcept
{
    // Relaxed: read by counted calls, which come after the end of the opening, and by visits after a state that does.
    socket->worker.store(this, std::memory_order_relaxed);
    socket->attached = true;
    load_.add_socket();
    const int error = backend_->attach(socket);
    if (error != 0) {
        socket->attached = false;
        load_.remove_socket();
    }
    return error;
}

operation* worker::make_operation(std::uint32_t buffer_count, bool with_extra) noexcept
{
    return current() == this ? pool_.take(buffer_count, with_extra) : pool_.take_elsewhere(buffer_count, with_extra);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_006
void worker::submit(operation* submitted) noexcept
{
    if (current() == this) {
        // What other threads were done with before must come first, for its calls have returned before this one.
        // SRS_ASYNC_SOCKET_GUARANTEE_01_007
        take_inbox();
        enqueue(submitted);
    }
    // SRS_EXECUTION_ENGINE_LINUX_01_008
    else if (inbox_.push(submitted)) {
        backend_->wake();
    }
}

void worker::close(ASYNC_SOCKET_HANDLE socket) noexcept
{
    if (current() == this) {
        take_inbox();
        begin_closing(socket);
    } else if (inbox_.push(socket)) {
        backend_->wake();
    }
}

void worker::take_inbox() noexcept
{
    const motion moving(*this);
    work_item* item = inbox_.take_all();
    if (item != nullptr) {
        backend_->begin_turn();
    }
    while (item != nullptr) {
        work_item* const next = item->next;
        switch (item->kind) {
        case work_kind::close:
            begin_closing(static_cast<ASYNC_SOCKET_HANDLE>(static_cast<close_request*>(item)));
            break;
        case work_kind::close_in_background:
            go_on_with(*static_cast<background_closing*>(item));
            break;
        case work_kind::cancel:
            serve_cancel(static_cast<cancel_request*>(item));
            break;
        case work_kind::resolved:
            take_resolution(static_cast<resolution*>(item));
            break;
        default:
            enqueue(static_cast<operation*>(item));
            break;
        }
        item = next;
    }
    settle();
}

void worker::enqueue(operation* added) noexcept
{
    if (added->uses_extra) {
        begin_timing(added);
    }
    if (added->kind != work_kind::delay && !added->socket->closing_link::is_linked()) {
        open_.push_back(added->socket);
    }
    if (added->kind != work_kind::delay && added->kind != work_kind::connect) {
        backend_->submit(added);
        return;
    }
    if (added->kind == work_kind::connect) {
        added->socket->connecting->begin(*this, added);
    } else if (added->socket != house()) {
        // SRS_ASYNC_SOCKET_EX_01_031: a close finds it there.
        added->socket->notifications.push_back(added);
    }
    if (added->is_hurried()) {
        end_early(added, early_end::timed_out);
    }
}

void worker::ended(operation* operation_that_ended, int error) noexcept
{
    write_result(*operation_that_ended, error);
    move_to_ended(operation_that_ended);
}

void worker::given_up(operation* abandoned) noexcept
{
    write_result_of_abandoned(*abandoned);
    move_to_ended(abandoned);
}

void worker::move_to_ended(operation* ended) noexcept
{
    ASYNC_SOCKET_HANDLE const socket = ended->socket;
    ended->has_ended = true;
    if (ended->uses_extra) {
        stop_timer(ended->extra->timer);
    }
    socket->ended.push_back(ended);
    make_ready(socket);
}

void worker::make_ready(ASYNC_SOCKET_HANDLE socket) noexcept
{
    if (!socket->ready_link::is_linked()) {
        (socket->closing ? closing_ready_ : ready_).push_back(socket);
    }
}

// SRS_EXECUTION_ENGINE_LINUX_01_008: this thread looks again by itself after all that it does.
void worker::look_again() noexcept
{
    if (current() != this) {
        backend_->wake();
    }
}

} // namespace async_socket::detail
