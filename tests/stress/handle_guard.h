// SPDX-License-Identifier: MIT
//
// Keeps the one rule that the library sets its callers: nothing is called on a handle once its destroy has been
// called, and destroy is called once. Everything else is the library's to survive.

#ifndef ASYNC_SOCKET_TESTS_STRESS_HANDLE_GUARD_H
#define ASYNC_SOCKET_TESTS_STRESS_HANDLE_GUARD_H

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace stress {

class handle_guard {
public:
    // False: the handle is gone. Otherwise it stays until leave.
    [[nodiscard]] bool enter(bool to_close = false)
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        if (retired_) {
            return false;
        }
        ++users_;
        closers_ += to_close ? 1 : 0;
        closes_begun_ += to_close ? 1 : 0;
        return true;
    }

    void leave(bool to_close = false)
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        --users_;
        closers_ -= to_close ? 1 : 0;
        changed_.notify_all();
    }

    // Waits until nobody uses the handle. True: the caller, and nobody else, is to destroy it.
    [[nodiscard]] bool retire()
    {
        std::unique_lock<std::mutex> lock(mutex_);
        if (retired_) {
            return false;
        }
        retired_ = true;
        changed_.wait(lock, [&] { return users_ == 0; });
        return true;
    }

    enum class retirement { refused, alone, during_a_close };

    // For a callback, which must not wait for what may wait for it. `own`: uses that the caller itself is inside of.
    // `in_close`: the caller knows that the close that is under way, if one is, is inside the library already.
    [[nodiscard]] retirement try_retire(std::uint32_t own, bool in_close)
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        if (retired_ || (users_ != own && !(in_close && users_ == own + 1 && closers_ == 1))) {
            return retirement::refused;
        }
        retired_ = true;
        return users_ == own ? retirement::alone : retirement::during_a_close;
    }

    [[nodiscard]] bool is_retired() const
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        return retired_;
    }

    // How many closes have ever begun, and how many are under way.
    struct closes {
        std::uint32_t begun;
        std::uint32_t under_way;
    };

    [[nodiscard]] closes count_closes() const
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        return {closes_begun_, closers_};
    }

private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    // All under mutex_.
    std::uint32_t users_ = 0;
    std::uint32_t closers_ = 0;
    std::uint32_t closes_begun_ = 0;
    bool retired_ = false;
};

} // namespace stress

#endif
