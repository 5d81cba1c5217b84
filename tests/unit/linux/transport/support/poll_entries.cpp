// SPDX-License-Identifier: MIT

#include "support/poll_entries.h"

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "linux_faults/faults.h"

namespace transport_test {

namespace {

std::mutex mutex;
std::condition_variable changed;
std::size_t entries = 0; // under the mutex

int announce_and_poll(pollfd* polled, nfds_t count, int timeout_ms)
{
    {
        const std::lock_guard<std::mutex> lock(mutex);
        ++entries;
        changed.notify_all();
    }
    return ::poll(polled, count, timeout_ms);
}

} // namespace

poll_entries::poll_entries()
{
    {
        const std::lock_guard<std::mutex> lock(mutex);
        entries = 0;
    }
    linux_faults::replace_poll(&announce_and_poll);
}

poll_entries::~poll_entries()
{
    linux_faults::replace_poll(nullptr);
}

bool poll_entries::wait_for(std::size_t number)
{
    std::unique_lock<std::mutex> lock(mutex);
    return changed.wait_for(lock, std::chrono::seconds(60), [=] { return entries >= number; });
}

} // namespace transport_test
