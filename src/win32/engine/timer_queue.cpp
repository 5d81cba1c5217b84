// SPDX-License-Identifier: MIT

#include "win32/engine/timer_queue.hpp"

#include "async_socket/execution_engine_win32.h"
#include "win32/engine/execution_engine.hpp"
#include "win32/system/callback_environment.hpp"
#include "win32/system/last_error.hpp"

namespace async_socket::detail {

namespace {

// The timer's callback that this thread runs: at most one, for callbacks of a pool are not nested.
struct running_callback {
    EXECUTION_ENGINE_HANDLE engine = nullptr;
    PTP_CALLBACK_INSTANCE instance = nullptr;
    bool is_disassociated = false;
};

thread_local running_callback running;

// From now on, in the units of the system, rounded up. Negative: relative.
FILETIME due_time(time_point_ns due) noexcept
{
    const time_point_ns now = now_ns();
    const std::uint64_t ticks = due <= now ? 0 : (due - now + 99) / 100;
    const std::uint64_t value = std::uint64_t{0} - ticks;
    return {static_cast<DWORD>(value), static_cast<DWORD>(value >> 32)};
}

} // namespace

EXECUTION_ENGINE_HANDLE engine_of_timer_callback() noexcept
{
    return running.engine;
}

void disassociate_from(PTP_CALLBACK_INSTANCE instance) noexcept
{
    if (instance == running.instance) {
        if (running.is_disassociated) {
            return;
        }
        running.is_disassociated = true;
    }
    DisassociateCurrentThreadFromCallback(instance);
}

bool timer_queue::prepare(const char* function, EXECUTION_ENGINE_HANDLE engine) noexcept
{
    DWORD error = 0;
    {
        const std::lock_guard lock(mutex_);
        if (timer_ != nullptr) {
            return true;
        }
        TP_CALLBACK_ENVIRON environment;
        initialize_environment(environment, engine->pool);
        timer_ = CreateThreadpoolTimer(on_timer, engine, &environment);
        error = timer_ == nullptr ? GetLastError() : 0;
        DestroyThreadpoolEnvironment(&environment);
    }
    if (error != 0) {
        log_system_failure(function, "CreateThreadpoolTimer", error);
    }
    return error == 0;
}

void timer_queue::schedule(timer_entry& entry, time_point_ns due) noexcept
{
    const std::lock_guard lock(mutex_);
    if (!entry.is_closed && !(timer_heap::is_queued(entry) && entry.due <= due)) {
        take_out(entry);
        queue(entry, due);
    }
}

void timer_queue::hurry(timer_entry& entry) noexcept
{
    const std::lock_guard lock(mutex_);
    if (timer_heap::is_queued(entry)) {
        take_out(entry);
        queue(entry, 0);
    }
}

void timer_queue::remove(timer_entry& entry) noexcept
{
    const std::lock_guard lock(mutex_);
    take_out(entry);
}

void timer_queue::close(timer_entry& entry) noexcept
{
    const std::lock_guard lock(mutex_);
    entry.is_closed = true;
    take_out(entry);
}

void timer_queue::queue(timer_entry& entry, time_point_ns due) noexcept
{
    entry.due = due;
    if (due != never) {
        heap_.push(entry);
        set_timer();
    }
}

void timer_queue::take_out(timer_entry& entry) noexcept
{
    if (timer_heap::is_queued(entry)) {
        heap_.remove(entry);
    }
}

// A timer that is set too early costs one callback for nothing, and is left so: most time limits are never reached.
void timer_queue::set_timer() noexcept
{
    if (heap_.empty() || heap_.front()->due >= timer_is_set_to_) {
        return;
    }
    timer_is_set_to_ = heap_.front()->due;
    FILETIME due = due_time(timer_is_set_to_);
    SetThreadpoolTimer(timer_, &due, 0, 0);
}

// Expires what is due, up to the first entry that is to be run.
timer_entry* timer_queue::take_due() noexcept
{
    while (!heap_.empty() && heap_.front()->due <= now_ns()) {
        auto* const entry = static_cast<timer_entry*>(heap_.front());
        heap_.remove(*entry);
        switch (entry->expire == nullptr ? timer_step::run : entry->expire(*entry)) {
        case timer_step::run:
            return entry;
        case timer_step::again:
            queue(*entry, due_in_ms(cancel_again_ms));
            break;
        case timer_step::ended:
            break;
        }
    }
    return nullptr;
}

void CALLBACK timer_queue::on_timer(PTP_CALLBACK_INSTANCE instance, void* context, PTP_TIMER)
{
    const auto engine = static_cast<EXECUTION_ENGINE_HANDLE>(context);
    timer_queue& self = engine->timers;
    timer_entry* entry = nullptr;
    // SRS_COUNTERS_01_004
    engine->counters_for(engine).wake_ups.add(1);
    {
        const std::lock_guard lock(self.mutex_);
        self.timer_is_set_to_ = never;
        entry = self.take_due();
        // Whatever else is due is another thread's: this one may be busy for long.
        self.set_timer();
    }
    if (entry != nullptr) {
        running = {engine, instance, false};
        // It may drop the last reference to the engine.
        entry->run(*entry, instance);
        running = {};
    }
}

void timer_queue::stop() noexcept
{
    if (timer_ == nullptr) {
        return;
    }
    SetThreadpoolTimer(timer_, nullptr, 0, 0);
    // The caller may be a callback of this very timer. Others are about to return: what they have run does not touch
    // the queue any more.
    if (running.engine != nullptr && &running.engine->timers == this) {
        disassociate_from(running.instance);
    }
    WaitForThreadpoolTimerCallbacks(timer_, TRUE);
    CloseThreadpoolTimer(timer_);
}

} // namespace async_socket::detail
