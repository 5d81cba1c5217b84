// SPDX-License-Identifier: MIT

#include "fake_win32/faults.h"

#include "call_scope.h"

namespace fake_win32 {

void fail_call(api function, std::size_t nth, DWORD error)
{
    world& all = the_world();
    const std::lock_guard<std::mutex> lock(all.mutex);
    if (nth != 0) {
        all.faults.push_back({function, nth, error});
    }
}

void fail_call(api function, std::size_t nth)
{
    fail_call(function, nth, usual_error_of(function));
}

void fail_every_call(api function, DWORD error)
{
    world& all = the_world();
    const std::lock_guard<std::mutex> lock(all.mutex);
    all.faults.push_back({function, 0, error});
}

void fail_nth_fallible_call(std::size_t nth)
{
    world& all = the_world();
    const std::lock_guard<std::mutex> lock(all.mutex);
    all.fallible_remaining = nth;
}

void stall_calls(api function)
{
    world& all = the_world();
    const std::lock_guard<std::mutex> lock(all.mutex);
    all.stalled.insert(function);
}

void release_calls()
{
    world& all = the_world();
    const std::lock_guard<std::mutex> lock(all.mutex);
    all.stalled.clear();
    all.changed.notify_all();
}

bool clear_faults()
{
    const bool allocation_fired = clear_allocation_fault();
    world& all = the_world();
    const std::lock_guard<std::mutex> lock(all.mutex);
    all.faults.clear();
    all.fallible_remaining = 0;
    const bool fired = all.fault_fired || allocation_fired;
    all.fault_fired = false;
    return fired;
}

} // namespace fake_win32
