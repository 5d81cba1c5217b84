// SPDX-License-Identifier: MIT

#include "linux/worker.hpp"

#include <sched.h>

#include <cerrno>

#include "common/callback_scope.hpp"
#include "linux/connecting.hpp"
#include "linux/execution_engine.hpp"
#include "linux/listening.hpp"
#include "linux/outcome.hpp"
#include "linux/socket_transport.hpp"
#include "linux/system_error.hpp"
#include "linux/thread_signals.hpp"
#include "linux/worker_running.hpp"

namespace async_socket::detail {

namespace {

thread_local worker* current_worker = nullptr;

// How many callbacks of one socket are called before the others have their turn.
constexpr int turn_length = 64;

void stay_on(int processor) noexcept
{
    cpu_set_t only;
    CPU_ZERO(&only);
    CPU_SET(static_cast<unsigned>(processor), &only);
    const int error = pthread_setaffinity_np(pthread_self(), sizeof only, &only);
    if (error != 0) {
        log_system_failure("execution_engine_linux_create", "pthread_setaffinity_np", error);
    }
}

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

    const int error = create_thread();
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

int worker::create_thread() noexcept
{
    const signals_blocked blocked;
    return pthread_create(&thread_, nullptr, thread_main, this);
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
    current_worker = me;
    set_current(me);
    // SRS_EXECUTION_ENGINE_LINUX_01_004
    if (me->processor_ >= 0) {
        stay_on(me->processor_);
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
        wait(ready_.empty());
    }
}

int worker::attach(ASYNC_SOCKET_HANDLE socket) noexcept
{
    // Relaxed: read by counted calls, which come after the end of the opening, and by visits after a state that does.
    socket->worker.store(this, std::memory_order_relaxed);
    socket->attached = true;
    socket_count_.add(1);
    const int error = backend_->attach(socket);
    if (error != 0) {
        socket->attached = false;
        socket_count_.add(UINT64_MAX);
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
    work_item* item = inbox_.take_all();
    while (item != nullptr) {
        work_item* const next = item->next;
        switch (item->kind) {
        case work_kind::close:
            begin_closing(static_cast<ASYNC_SOCKET_HANDLE>(static_cast<close_request*>(item)));
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
}

// SRS_ASYNC_SOCKET_LINUX_01_012, SRS_ASYNC_SOCKET_LINUX_01_019
void worker::enqueue(operation* added) noexcept
{
    if (added->uses_extra) {
        begin_timing(added);
    }
    give_its_turn(added);
    // SRS_ASYNC_SOCKET_EX_01_002, SRS_ASYNC_SOCKET_EX_01_007: what could be had without waiting, it has.
    if (added->uses_extra && added->extra->at_once) {
        end_early(added, early_end::timed_out);
    }
}

void worker::give_its_turn(operation* added) noexcept
{
    ASYNC_SOCKET_HANDLE const socket = added->socket;
    if (added->kind == work_kind::delay) {
        return;
    }
    if (added->kind == work_kind::connect) {
        socket->connecting->begin(*this, added);
        return;
    }
    if (is_notification(added->kind)) {
        socket->notifications.push_back(added);
        backend_->start_notification(added);
        return;
    }
    channel& direction = channel_of(*added);
    const bool has_its_turn = direction.queue.empty();
    direction.queue.push_back(added);
    if (has_its_turn) {
        backend_->start(socket, direction);
    }
}

// SRS_ASYNC_SOCKET_LINUX_01_025
void worker::begin_closing(ASYNC_SOCKET_HANDLE socket) noexcept
{
    socket->closing = true;
    closing_.push_back(socket);
    // One that is to be released stays connected, and is disconnected from the transport only, at the end.
    if (socket->transport != nullptr && socket->close_mode != disconnect_mode::leave_connected) {
        transport_disconnect(socket->transport, socket->close_mode);
    }
    backend_->cancel(socket);
    if (socket->listener != nullptr) {
        stop_timer(socket->listener->retry);
    }
    // SRS_ASYNC_CONNECT_01_011
    if (socket->connecting != nullptr) {
        socket->connecting->give_up(*this);
    }
    give_up_queue(socket->sends);
    give_up_queue(socket->receives);
    give_up_notifications(socket);
    // Even one with nothing to end has to be detached.
    if (!socket->ready_link::is_linked()) {
        ready_.push_back(socket);
    }
}

// Ends what is not in flight. What is in flight must end first, and calls this again.
void worker::give_up_queue(channel& direction) noexcept
{
    while (!direction.in_flight() && !direction.queue.empty()) {
        operation* const given_up = direction.queue.pop_front();
        write_result_of_abandoned(*given_up);
        move_to_ended(given_up);
    }
}

void worker::give_up_notifications(ASYNC_SOCKET_HANDLE socket) noexcept
{
    operation* next = nullptr;
    for (operation* each = socket->notifications.front(); each != nullptr; each = next) {
        next = operation_queue::next_of(each);
        if (!backend_->is_in_flight(*each)) {
            socket->notifications.remove(each);
            write_result_of_abandoned(*each);
            move_to_ended(each);
        }
    }
}

void worker::end(operation* ended, int error) noexcept
{
    ASYNC_SOCKET_HANDLE const socket = ended->socket;
    write_result(*ended, error);
    if (is_notification(ended->kind)) {
        socket->notifications.remove(ended);
        move_to_ended(ended);
        return;
    }
    channel& direction = channel_of(*ended);
    direction.queue.pop_front();
    move_to_ended(ended);
    if (socket->closing) {
        give_up_queue(direction);
    }
}

void worker::move_to_ended(operation* ended) noexcept
{
    ASYNC_SOCKET_HANDLE const socket = ended->socket;
    ended->has_ended = true;
    if (ended->uses_extra) {
        stop_timer(ended->extra->timer);
    }
    socket->ended.push_back(ended);
    if (!socket->ready_link::is_linked()) {
        ready_.push_back(socket);
    }
}

void worker::call_ready() noexcept
{
    calling_.take_all(ready_);
    while (!calling_.empty()) {
        call_ended(calling_.front());
    }
}

// Calls the callbacks of the socket's ended operations. The socket may be gone afterwards.
void worker::call_ended(ASYNC_SOCKET_HANDLE socket) noexcept
{
    socket->ready_link::unlink();
    for (int called = 0; called < turn_length && !socket->ended.empty(); ++called) {
        if (!call(socket->ended.pop_front())) {
            return;
        }
    }
    if (socket->ended.empty()) {
        // A callback may have put it there for an end that was called since.
        socket->ready_link::unlink();
        detach_if_done(socket);
    } else if (!socket->ready_link::is_linked()) {
        ready_.push_back(socket);
    }
}

bool worker::can_detach(const ASYNC_SOCKET_TAG& socket) noexcept
{
    return socket.closing && socket.connecting == nullptr && socket.sends.queue.empty() &&
           socket.receives.queue.empty() && socket.notifications.empty() && socket.ended.empty();
}

void worker::detach_if_done(ASYNC_SOCKET_HANDLE socket) noexcept
{
    if (!can_detach(*socket)) {
        return;
    }
    socket->closing_link::unlink();
    socket->attached = false;
    socket_count_.add(UINT64_MAX);
    if (socket->transport != nullptr) {
        backend_->detach(socket);
        // SRS_ASYNC_SOCKET_EX_01_020
        if (socket->close_mode == disconnect_mode::leave_connected) {
            transport_disconnect(socket->transport, disconnect_mode::leave_connected);
        }
        // SRS_ASYNC_SOCKET_LINUX_01_027: from here on the descriptor may be closed.
        transport_use::leave(socket->transport);
    }
    if (socket->life.end_operation()) {
        free_socket(socket);
    }
}

// Calls the callbacks of one socket that is being closed, if there is one that may be served now. One whose callback is
// on the stack of this thread waits until that has returned, unless it is the one that is being waited for.
// SRS_ASYNC_SOCKET_LINUX_01_026
bool worker::serve_closing(const lifecycle& awaited) noexcept
{
    ASYNC_SOCKET_HANDLE const socket = closing_.find([&awaited](ASYNC_SOCKET_HANDLE each) {
        const bool has_work = !each->ended.empty() || can_detach(*each);
        return has_work && (&each->life == &awaited || callback_scope::depth(each) == 0);
    });
    if (socket == nullptr) {
        return false;
    }
    call_ended(socket);
    return true;
}

void worker::work_at_hand(const condition& done, const lifecycle& awaited) noexcept
{
    bool has_worked = true;
    while (has_worked && !done.holds()) {
        take_inbox();
        has_worked = serve_closing(awaited);
    }
}

void worker::work_until(const condition& done, const lifecycle& awaited) noexcept
{
    while (!done.holds()) {
        take_inbox();
        if (!serve_closing(awaited) && !done.holds()) {
            wait(true);
        }
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
