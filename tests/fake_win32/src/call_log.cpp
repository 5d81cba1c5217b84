// SPDX-License-Identifier: MIT

#include <algorithm>
#include <iterator>

#include "call_scope.h"

namespace fake_win32 {

std::vector<call_record> calls()
{
    world& all = the_world();
    const std::lock_guard<std::mutex> lock(all.mutex);
    return all.calls;
}

std::vector<call_record> calls_of(api function)
{
    std::vector<call_record> result = calls();
    result.erase(std::remove_if(result.begin(), result.end(),
                                [function](const call_record& record) { return record.function != function; }),
                 result.end());
    return result;
}

std::size_t count_of(api function)
{
    world& all = the_world();
    const std::lock_guard<std::mutex> lock(all.mutex);
    return all.call_counts[static_cast<std::size_t>(function)];
}

void forget_calls()
{
    world& all = the_world();
    const std::lock_guard<std::mutex> lock(all.mutex);
    all.calls.clear();
    std::fill(std::begin(all.call_counts), std::end(all.call_counts), std::size_t{0});
}

void record_calls(bool on)
{
    world& all = the_world();
    const std::lock_guard<std::mutex> lock(all.mutex);
    all.recording = on;
}

bool wait_for_calls(api function, std::size_t count)
{
    world& all = the_world();
    std::unique_lock<std::mutex> lock(all.mutex);
    return all.changed.wait_for(lock, generous_limit,
                                [&] { return all.call_counts[static_cast<std::size_t>(function)] >= count; });
}

} // namespace fake_win32
