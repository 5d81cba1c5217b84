// SPDX-License-Identifier: MIT

/// \defgroup cpp_semaphore Semaphore
/// \ingroup cpp
///
/// semaphore: a count that tasks wait for, and that any thread may add to. One that begins with 0 is how something
/// outside of the engine, or a handler, tells a task that it has happened; one that begins with N lets N through at a
/// time.
///
///     semaphore places(server_engine, 100);
///     ...
///     if (auto error = co_await places.acquire(5s); error) ...
///     places.release();
///
/// \{

#ifndef ASYNC_SOCKET_CPP_SEMAPHORE_HPP
#define ASYNC_SOCKET_CPP_SEMAPHORE_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <system_error>
#include <utility>

#include "async_socket/async_delay.h"
#include "async_socket/cpp/engine.hpp"
#include "async_socket/cpp/error.hpp"
#include "async_socket/cpp/operation.hpp"
#include "async_socket/cpp/options.hpp"
#include "async_socket/cpp/sleep.hpp"

namespace async_socket {

namespace impl {

class acquire_operation;

// The count, and who waits for it, first come first served. A waiter is in the list, or has been let through, or has
// given up; which of them is decided under the mutex, and so is the use of a waiter by the one who lets it through: it
// cannot go before.
class semaphore_state {
public:
    explicit semaphore_state(std::size_t count) noexcept : count_(count) {}
    semaphore_state(const semaphore_state&) = delete;
    semaphore_state& operator=(const semaphore_state&) = delete;
    ~semaphore_state() = default;

    bool try_acquire() noexcept
    {
        const std::lock_guard lock(mutex_);
        if (count_ == 0) {
            return false;
        }
        --count_;
        return true;
    }

    inline void release(std::size_t count) noexcept;

    // False: it has what it wants.
    inline bool begin_to_wait(acquire_operation& waiter) noexcept;

    // False: it was let through before.
    inline bool give_up(acquire_operation& waiter) noexcept;

    // The waiter is being destroyed, whether or not it was let through.
    inline void abandon(acquire_operation& waiter) noexcept;

private:
    inline void remove(acquire_operation& waiter) noexcept;

    std::mutex mutex_;
    std::size_t count_;
    acquire_operation* first_ = nullptr;
    acquire_operation* last_ = nullptr;
};

// A delay without an end, which is cancelled to let the waiter through: so it goes on on the thread where it waits.
class [[nodiscard]] acquire_operation final : public operation<acquire_operation, delay_target> {
    friend operation<acquire_operation, delay_target>;
    friend semaphore_state;

public:
    acquire_operation(semaphore_state& of, EXECUTION_ENGINE_HANDLE engine, operation_options&& options) noexcept
        : operation(engine, engine, std::move(options)), semaphore_(of)
    {
    }
    ~acquire_operation()
    {
        abandon();
        if (holds_) {
            semaphore_.abandon(*this);
        }
    }

    std::error_code await_resume() noexcept
    {
        holds_ = false;
        return error_;
    }

private:
    enum class place : std::uint8_t {
        outside,
        in_line, // it is in the list
        through, // it has what it wants, and has not gone on
    };

    bool begin(const task_context*) noexcept
    {
        holds_ = true;
        return semaphore_.begin_to_wait(*this); // SRS_CPP_01_071
    }

    bool start(ASYNC_OPERATION_ID* id) noexcept
    {
        constexpr std::uint32_t longest = ASYNC_NO_TIMEOUT - 1;
        const std::uint32_t left = time_.next();
        is_limited_ = left != ASYNC_NO_TIMEOUT;
        if (async_delay_start(handle_, (std::min)(left, longest), id, &on_complete, this) == 0) {
            return true;
        }
        error_ = make_error_code(ASYNC_STATUS_NO_RESOURCES);
        return false;
    }

    bool advance(const ASYNC_COMPLETION& completion) noexcept
    {
        if (completion.status == ASYNC_STATUS_OK && is_limited_) {
            error_ = make_error_code(ASYNC_STATUS_TIMED_OUT); // SRS_CPP_01_072
        }
        return completion.status == ASYNC_STATUS_OK && !is_limited_;
    }

    // SRS_CPP_01_072: cancelled or timed out, if it was not let through
    void end() noexcept
    {
        if (error_ && holds_ && !semaphore_.give_up(*this)) {
            error_.clear();
        }
    }

    semaphore_state& semaphore_;
    acquire_operation* before_ = nullptr;
    acquire_operation* behind_ = nullptr;
    place place_ = place::outside; // the semaphore's
    bool holds_ = false;           // a place in the list, or what it has taken, until the coroutine knows
    bool is_limited_ = false;
};

inline bool semaphore_state::begin_to_wait(acquire_operation& waiter) noexcept
{
    const std::lock_guard lock(mutex_);
    if (count_ != 0) {
        --count_;
        waiter.place_ = acquire_operation::place::through;
        return false;
    }
    waiter.place_ = acquire_operation::place::in_line;
    waiter.before_ = last_;
    (last_ == nullptr ? first_ : last_->behind_) = &waiter;
    last_ = &waiter;
    return true;
}

inline void semaphore_state::remove(acquire_operation& waiter) noexcept
{
    (waiter.before_ == nullptr ? first_ : waiter.before_->behind_) = waiter.behind_;
    (waiter.behind_ == nullptr ? last_ : waiter.behind_->before_) = waiter.before_;
    waiter.place_ = acquire_operation::place::outside;
}

inline bool semaphore_state::give_up(acquire_operation& waiter) noexcept
{
    const std::lock_guard lock(mutex_);
    if (waiter.place_ == acquire_operation::place::through) {
        return false;
    }
    if (waiter.place_ == acquire_operation::place::in_line) {
        remove(waiter);
    }
    return true;
}

inline void semaphore_state::abandon(acquire_operation& waiter) noexcept
{
    if (!give_up(waiter)) {
        release(1); // the next one's
    }
}

inline void semaphore_state::release(std::size_t count) noexcept
{
    const std::lock_guard lock(mutex_);
    for (; count != 0 && first_ != nullptr; --count) {
        acquire_operation& next = *first_;
        remove(next);
        next.place_ = acquire_operation::place::through;
        next.end_early(); // SRS_CPP_01_071
    }
    count_ += count;
}

} // namespace impl

/// Not movable: those who wait refer to it, and it must not be destroyed before they have gone on. It is used with one
/// engine, which the program keeps alive.
/// Requirements: SRS_CPP_01_071, SRS_CPP_01_072
class semaphore {
public:
    /// \param engine  where those who wait go on
    /// \param count   how many acquires need not wait
    explicit semaphore(engine_ref engine, std::size_t count = 0) noexcept : engine_(engine.handle()), state_(count) {}

    /// `co_await places.acquire()`: takes 1 off the count, and waits while it is 0; first come, first served. Returns
    /// std::error_code: none; timed_out, cancelled, no_resources, and then nothing was taken. One that has waited goes
    /// on on a thread of the engine, where the platform ties sockets to threads the one on which it began to wait; one
    /// that need not wait goes on where it is. A coroutine that is destroyed while it waits takes nothing.
    /// Requirements: SRS_CPP_01_071, SRS_CPP_01_072
    [[nodiscard]] auto acquire(operation_options options = {}) noexcept
    {
        return impl::acquire_operation(state_, engine_, std::move(options));
    }

    /// Takes 1 off the count if it is not 0, from any thread; never waits.
    /// Requirements: SRS_CPP_01_071
    [[nodiscard]] bool try_acquire() noexcept { return state_.try_acquire(); } // SRS_CPP_01_071

    /// Adds to the count, or lets as many through as wait, from any thread. Those never go on inside this call.
    /// Requirements: SRS_CPP_01_071
    void release(std::size_t count = 1) noexcept { state_.release(count); }

private:
    EXECUTION_ENGINE_HANDLE engine_;
    impl::semaphore_state state_;
};

} // namespace async_socket

#endif

/// \}
