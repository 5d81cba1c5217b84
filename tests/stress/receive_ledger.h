// SPDX-License-Identifier: MIT
//
// The receives of one connection in the order of their starts. The bytes are checked in that order, whatever the order
// of the callbacks, and then poisoned: what is written into them afterwards is found at the end.

#ifndef ASYNC_SOCKET_TESTS_STRESS_RECEIVE_LEDGER_H
#define ASYNC_SOCKET_TESTS_STRESS_RECEIVE_LEDGER_H

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

#include "operation.h"
#include "report.h"

namespace stress {

inline constexpr unsigned char poison = 0xdd;

class receive_ledger {
public:
    explicit receive_ledger(report& findings) : report_(findings) {}

    // Starts receives one after the other, so that their order is known: `start` returns whether it was accepted.
    template <typename Start>
    bool start_in_order(operation& one, Start start)
    {
        const std::lock_guard<std::mutex> lock(start_mutex_);
        {
            // Before the start: its callback may come before the start returns.
            const std::lock_guard<std::mutex> list_lock(mutex_);
            order_.push_back(&one);
        }
        if (start()) {
            return true;
        }
        const std::lock_guard<std::mutex> list_lock(mutex_);
        order_.pop_back();
        return false;
    }

    // Checks as many as are known to be done, in order.
    void check();
    // At the end: whether the poison is still there.
    void check_poison() const;

private:
    report& report_;
    std::mutex start_mutex_;
    mutable std::mutex mutex_;
    // Under mutex_.
    std::vector<operation*> order_;
    std::size_t checked_ = 0;
    std::uint64_t position_ = 0;
};

} // namespace stress

#endif
