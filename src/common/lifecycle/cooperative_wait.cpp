// SPDX-License-Identifier: MIT

#include "common/lifecycle/cooperative_wait.hpp"

#include <atomic>
#include <cstdint>
#include <mutex>

namespace async_socket::detail {

namespace {

thread_local cooperative_thread* current_thread = nullptr;

// The number of waiting threads. Sequentially consistent, as is the change that is waited for: a thread counts itself
// before it looks at the condition, and whoever makes the condition true looks at the count afterwards, so that one of
// the two sees the other.
std::atomic<std::uint32_t> waiting_count{0};

std::mutex list_mutex;
cooperative_thread* first_waiting = nullptr; // under the mutex, with the links

} // namespace

cooperative_thread* cooperative_thread::current() noexcept
{
    return current_thread;
}

void cooperative_thread::set_current(cooperative_thread* thread) noexcept
{
    current_thread = thread;
}

// The thread is in the list once, however many of its waits there are: it is to look again once. They need not end in
// the reverse order of their beginnings, as those on behalf of closes in the background do not.
// SRS_ASYNC_SOCKET_GUARANTEE_01_021
void cooperative_thread::begin_wait() noexcept
{
    if (waits_++ != 0) {
        return;
    }
    {
        const std::lock_guard lock(list_mutex);
        next_ = first_waiting;
        if (next_ != nullptr) {
            next_->previous_ = this;
        }
        first_waiting = this;
    }
    waiting_count.fetch_add(1, std::memory_order_seq_cst);
}

void cooperative_thread::end_wait() noexcept
{
    if (--waits_ != 0) {
        return;
    }
    waiting_count.fetch_sub(1, std::memory_order_seq_cst);
    const std::lock_guard lock(list_mutex);
    if (next_ != nullptr) {
        next_->previous_ = previous_;
    }
    if (previous_ != nullptr) {
        previous_->next_ = next_;
    } else {
        first_waiting = next_;
    }
    previous_ = nullptr;
    next_ = nullptr;
}

void cooperative_thread::wake_waiting() noexcept
{
    if (waiting_count.load(std::memory_order_seq_cst) == 0) {
        return;
    }
    const std::lock_guard lock(list_mutex);
    for (cooperative_thread* each = first_waiting; each != nullptr; each = each->next_) {
        each->look_again();
    }
}

} // namespace async_socket::detail
