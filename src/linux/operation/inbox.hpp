// SPDX-License-Identifier: MIT
//
// What other threads have for a worker: a lock-free stack that any thread pushes to and the worker takes as a whole.
// The same word says that the worker is asleep, so that exactly the first of those who push while it sleeps is told to
// wake it.

#ifndef ASYNC_SOCKET_LINUX_OPERATION_INBOX_HPP
#define ASYNC_SOCKET_LINUX_OPERATION_INBOX_HPP

#include <atomic>
#include <cstdint>

namespace async_socket::detail {

enum class work_kind : std::uint8_t {
    send,
    receive,
    notify_in,
    notify_out,
    shutdown,
    connect,
    accept,
    delay,
    close,
    close_in_background,
    cancel,
    resolved
};

struct work_item {
    explicit work_item(work_kind kind_of_work) noexcept : kind(kind_of_work) {}

    work_item* next = nullptr;
    work_kind kind;
};

// On a cache line of its own, for other threads write to it.
class alignas(64) inbox {
public:
    // Any thread. True: the worker is asleep, and the caller is the one to wake it. The item, and whatever was written
    // before, is seen by the worker that takes it.
    // SRS_EXECUTION_ENGINE_LINUX_01_008
    [[nodiscard]] bool push(work_item* item) noexcept
    {
        work_item* top = top_.load(std::memory_order_relaxed);
        do {
            item->next = top == &asleep_ ? nullptr : top;
        } while (!top_.compare_exchange_weak(top, item, std::memory_order_release, std::memory_order_relaxed));
        return top == &asleep_;
    }

    // The worker's thread, as are all below. Whether there is something to take.
    [[nodiscard]] bool empty() const noexcept
    {
        const work_item* const top = top_.load(std::memory_order_relaxed);
        return top == nullptr || top == &asleep_;
    }

    // Everything there is, in the order in which it was pushed. Wakes up, if it was asleep.
    [[nodiscard]] work_item* take_all() noexcept
    {
        if (top_.load(std::memory_order_relaxed) == nullptr) {
            return nullptr;
        }
        work_item* newest = top_.exchange(nullptr, std::memory_order_acquire);
        if (newest == &asleep_) {
            return nullptr;
        }
        work_item* oldest = nullptr;
        while (newest != nullptr) {
            work_item* const older = newest->next;
            newest->next = oldest;
            oldest = newest;
            newest = older;
        }
        return oldest;
    }

    // False: there is something, stay awake.
    [[nodiscard]] bool fall_asleep() noexcept
    {
        work_item* top = nullptr;
        return top_.compare_exchange_strong(top, &asleep_, std::memory_order_acq_rel, std::memory_order_relaxed) ||
               top == &asleep_;
    }

    // Not asleep any more: nobody needs to wake the worker from here on.
    void wake_up() noexcept
    {
        work_item* top = &asleep_;
        if (top_.load(std::memory_order_relaxed) == top) {
            top_.compare_exchange_strong(top, nullptr, std::memory_order_relaxed);
        }
    }

private:
    // Never read or written, only pointed at.
    static inline work_item asleep_{work_kind::close};

    std::atomic<work_item*> top_{nullptr};
};

} // namespace async_socket::detail

#endif
