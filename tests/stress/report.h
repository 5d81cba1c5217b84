// SPDX-License-Identifier: MIT
//
// What a program found out. Written by all of its threads.

#ifndef ASYNC_SOCKET_TESTS_STRESS_REPORT_H
#define ASYNC_SOCKET_TESTS_STRESS_REPORT_H

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

namespace stress {

class report {
public:
    // The first few are kept: one broken promise breaks others.
    void violation(const std::string& what)
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        if (violations_.size() < 20) {
            violations_.push_back(what);
        }
    }

    [[nodiscard]] std::vector<std::string> violations() const
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        return violations_;
    }

    // Totals, so that a run shows that it did something.
    std::atomic<std::uint64_t> operations_accepted{0};
    std::atomic<std::uint64_t> operations_refused{0};
    std::atomic<std::uint64_t> operations_ok{0};
    std::atomic<std::uint64_t> bytes_checked{0};
    std::atomic<std::uint64_t> connections{0};
    std::atomic<std::uint64_t> cancels{0};
    std::atomic<std::uint64_t> closes_inside_callbacks{0};
    std::atomic<std::uint64_t> destroys_inside_callbacks{0};
    std::atomic<std::uint64_t> destroys_during_a_close{0};

private:
    mutable std::mutex mutex_;
    std::vector<std::string> violations_; // under mutex_
};

} // namespace stress

#endif
