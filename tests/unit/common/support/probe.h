// SPDX-License-Identifier: MIT
//
// Looks into a wait without a second thread: makes the calling thread cooperative and, when a wait has to wait, runs
// the steps of the test instead. That it was asked to work at all says that the wait did not return at once.

#ifndef ASYNC_SOCKET_TESTS_UNIT_COMMON_PROBE_H
#define ASYNC_SOCKET_TESTS_UNIT_COMMON_PROBE_H

#include <functional>
#include <utility>

#include "common/lifecycle/cooperative_wait.hpp"

class probe final : public async_socket::detail::cooperative_thread {
public:
    using step = std::function<void(const condition& done)>;

    probe() { set_current(this); }
    ~probe() { set_current(nullptr); }
    probe(const probe&) = delete;
    probe& operator=(const probe&) = delete;

    // What is done before the next waiting, without one; the condition may hold afterwards.
    void when_working(step next) { work_ = std::move(next); }
    // What is done in place of the next waiting. When it returns the condition must hold.
    void when_waiting(step next) { next_ = std::move(next); }

    [[nodiscard]] int waits() const { return waits_; }
    [[nodiscard]] int looks() const { return looks_; }
    [[nodiscard]] const async_socket::detail::lifecycle* awaited() const { return awaited_; }

    void work_at_hand(const condition& done, const async_socket::detail::lifecycle&) noexcept override
    {
        if (work_) {
            work_(done);
        }
    }

    void work_until(const condition& done, const async_socket::detail::lifecycle& awaited) noexcept override
    {
        ++waits_;
        awaited_ = &awaited;
        if (next_) {
            next_(done);
        }
    }

    void look_again() noexcept override { ++looks_; }

private:
    step work_;
    step next_;
    int waits_ = 0;
    int looks_ = 0;
    const async_socket::detail::lifecycle* awaited_ = nullptr;
};

#endif
