// SPDX-License-Identifier: MIT
//
// A thread that waits until the callback of one operation has returned. It lives on the stack of that thread; the
// operation's side links it, and signals it once, after which it may be gone.

#ifndef ASYNC_SOCKET_COMMON_LIFECYCLE_END_WAITER_HPP
#define ASYNC_SOCKET_COMMON_LIFECYCLE_END_WAITER_HPP

#include <atomic>

#include "common/lifecycle/cooperative_wait.hpp"
#include "common/lifecycle/parking.hpp"

namespace async_socket::detail {

class end_waiter {
public:
    // For whoever keeps a list of them.
    end_waiter* next = nullptr;

    void signal() noexcept
    {
        const std::atomic<bool>* const word = &ended_;
        ended_.store(true, std::memory_order_seq_cst);
        // By the address only.
        unpark(word);
        cooperative_thread::wake_waiting();
    }

    static void signal_all(end_waiter* first) noexcept
    {
        while (first != nullptr) {
            end_waiter* const next_one = first->next;
            first->signal();
            first = next_one;
        }
    }

    // `awaited` is the life of the socket whose operation it is.
    void wait(const lifecycle& awaited) const noexcept
    {
        if (cooperative_thread* const thread = cooperative_thread::current()) {
            const cooperative_thread::waiting waiting(*thread);
            thread->work_until(end_condition(ended_), awaited);
            return;
        }
        park_until(&ended_, [this] { return ended_.load(std::memory_order_acquire); });
    }

private:
    class end_condition final : public cooperative_thread::condition {
    public:
        explicit end_condition(const std::atomic<bool>& ended) noexcept : ended_(ended) {}
        [[nodiscard]] bool holds() const noexcept override { return ended_.load(std::memory_order_seq_cst); }

    private:
        const std::atomic<bool>& ended_;
    };

    // Written by the signaller, in release order or stronger: whoever sees it sees what the callback did.
    std::atomic<bool> ended_{false};
};

} // namespace async_socket::detail

#endif
