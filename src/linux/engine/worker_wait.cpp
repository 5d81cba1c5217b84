// SPDX-License-Identifier: MIT
//
// The part of a worker that waits: by looking for a while, where that has lately paid, and then by sleeping.

#include <sched.h>

#include <algorithm>

#include "linux/engine/execution_engine.hpp"
#include "linux/engine/worker.hpp"

namespace async_socket::detail {

namespace {

// A look that is interrupted for longer than this was interrupted by another thread, or by an interrupt, if seldom.
constexpr time_point_ns crowded_after = 2'000;
// How often a look asks for that.
constexpr time_point_ns yields_every = 4'000;

} // namespace

void worker::wait(bool may_block) noexcept
{
    const motion moving(*this);
    const time_point_ns due = timers_.empty() ? never : timers_.front()->due;
    const time_point_ns spin_limit = may_block ? engine_->spin_limit_ns.load(std::memory_order_relaxed) : 0;
    if (spin_limit == 0 || spinning_.passes()) {
        sleep(may_block, due);
    } else {
        const time_point_ns begin = now_ns();
        unsigned brought = spinning_.is_worth_it() ? look(begin, std::min(due, begin + spin_limit)) : 0;
        if (brought == 0) {
            brought = sleep(true, due);
        }
        spinning_.has_waited(now_ns() - begin, spin_limit, brought);
    }
}

unsigned worker::sleep(bool may_block, time_point_ns limit) noexcept
{
    const bool blocks = may_block && inbox_.fall_asleep();
    const unsigned brought = backend_->wait(blocks, limit);
    wake_ups_.add_alone(blocks ? 1 : 0);
    return brought;
}

// Looks for something to do until there is something, somebody else wants the processor, or it is `end`. Returns how
// much there is.
// SRS_EXECUTION_ENGINE_LINUX_01_011, SRS_EXECUTION_ENGINE_LINUX_01_013, SRS_EXECUTION_ENGINE_LINUX_01_016
unsigned worker::look(time_point_ns begin, time_point_ns end) noexcept
{
    // Gives the kernel what was started. A wake is something, too: a stop, for one, is told by nothing else.
    if (const unsigned brought = backend_->wait(false, never); brought != 0) {
        return brought;
    }
    time_point_ns now = begin;
    const unsigned found = look_on(now, end);
    load_.has_spun(now - begin);
    return found;
}

// The part of it that is for nothing but what may come.
unsigned worker::look_on(time_point_ns& now, time_point_ns end) noexcept
{
    time_point_ns next_yield = now + yields_every;
    while (now < end) {
        const unsigned found = inbox_.empty() ? backend_->poll() : 1;
        if (found != 0) {
            spinning_.has_found();
            return found;
        }
        if (now >= next_yield) {
            // Whoever wants the processor gets it now, and is noticed by the time that has gone.
            sched_yield();
            next_yield = now + yields_every;
        }
        const time_point_ns before = now;
        now = now_ns();
        if (now - before > crowded_after) {
            spinning_.is_crowded();
            return backend_->poll();
        }
    }
    return 0;
}

} // namespace async_socket::detail
