// SPDX-License-Identifier: MIT
//
// Not part of the interface: one operation of the C API as an awaitable that holds all its state.
//
// Three may meet in an operation: the thread that starts it, the thread that calls its callback, and a thread that
// requests a stop; and the thread that destroys it while it waits is a fourth. `phase_` says whose turn it is. The
// callback waits for the few instructions between the start and the end of starting, which only happens where the
// operation was started on another thread than the one that runs its callbacks; so a coroutine always goes on on the
// thread that runs the callbacks of its socket, and the one that started the operation may touch it to the end of
// starting.
//
// A stop is requested by a std::stop_callback in the operation. It leaves a flag and cancels what `id_` names; whoever
// starts writes `id_` and then looks at the flag: of the two at least one sees what the other has written.

#ifndef ASYNC_SOCKET_CPP_OPERATION_HPP
#define ASYNC_SOCKET_CPP_OPERATION_HPP

#include <algorithm>
#include <atomic>
#include <chrono>
#include <coroutine>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <system_error>
#include <thread>
#include <utility>

#include "async_socket/async_operation.h"
#include "async_socket/cpp/error.hpp"
#include "async_socket/cpp/options.hpp"
#include "async_socket/cpp/promise.hpp"
#include "async_socket/cpp/run_queue.hpp"
#include "async_socket/cpp/stop_subscription.hpp"
#include "async_socket/execution_engine.h"

namespace async_socket::impl {

// The time that is left of a time limit, for operations that take several steps.
class remaining_time {
public:
    explicit remaining_time(time_limit limit) noexcept : limit_(limit) {}

    // The milliseconds for the next step, rounded up; the clock is not asked for the first step.
    std::uint32_t next() noexcept
    {
        if (!limit_.limited()) {
            return ASYNC_NO_TIMEOUT;
        }
        const auto now = std::chrono::steady_clock::now();
        if (!end_) {
            // SRS_CPP_01_034
            end_ = now + std::chrono::milliseconds(limit_.milliseconds());
            return limit_.milliseconds();
        }
        return time_limit(*end_ - now).milliseconds();
    }

private:
    time_limit limit_;
    std::optional<std::chrono::steady_clock::time_point> end_;
};

// Target: a handle, and how operations on it are cancelled. Derived has
//   bool begin()           what there is to do before anything is started; false when it has ended with that
//   bool start(id*)        starts one step; on failure sets error_ and returns false
//   bool advance(status)   a step has ended with OK; true when there is another one to be started
template <typename Derived, typename Target>
class operation {
public:
    operation(const operation&) = delete;
    operation& operator=(const operation&) = delete;

    static bool await_ready() noexcept { return false; }

    template <typename Promise>
    bool await_suspend(std::coroutine_handle<Promise> coroutine) noexcept
    {
        waiter_.set(coroutine);
        if (stop_was_requested()) {
            error_ = make_error_code(ASYNC_STATUS_CANCELLED); // SRS_CPP_01_035
            return false;
        }
        if (!derived().begin(waiter_.context())) {
            return false;
        }
        phase_.store(phase::starting, std::memory_order_relaxed);
        watch_stop();
        if (!start_step()) {
            forget_stop();
            phase_.store(phase::ended, std::memory_order_relaxed);
            return false;
        }
        return true;
    }

protected:
    operation(typename Target::handle handle, EXECUTION_ENGINE_HANDLE engine, operation_options&& options) noexcept
        : handle_(handle), engine_(engine), time_(options.timeout), stop_(std::move(options.stop))
    {
    }
    ~operation() = default;

    // To be called by the destructor of Derived. When it returns, the system is done with the operation, and its
    // callback is not running and will not run, or has resumed the coroutine.
    void abandon() noexcept
    {
        for (phase seen = phase_.load(std::memory_order_acquire); seen != phase::ended;
             seen = phase_.load(std::memory_order_acquire)) {
            if (seen == phase::waiting &&
                phase_.compare_exchange_strong(seen, phase::abandoned, std::memory_order_acq_rel)) {
                Target::cancel_and_wait(handle_, id_.load()); // SRS_CPP_01_014
                return;
            }
            std::this_thread::yield();
        }
    }

    // Given to the C API with `static_cast<Derived*>(this)`.
    static void on_complete(void* context, const ASYNC_COMPLETION* completion) noexcept
    {
        complete(*static_cast<Derived*>(context), *completion, [](Derived&) {});
    }

    // `taken` takes over what belongs to the coroutine, if it still is there; false if it is not.
    template <typename Taken>
    static bool complete(Derived& self, const ASYNC_COMPLETION& completion, Taken taken) noexcept
    {
        if (!self.claim()) {
            return false;
        }
        taken(self);
        if (self.handle_completion(completion)) {
            self.phase_.store(phase::starting, std::memory_order_relaxed);
            if (self.start_step()) {
                return true;
            }
        }
        self.resume();
        return true;
    }

    typename Target::handle handle_;
    EXECUTION_ENGINE_HANDLE engine_;
    remaining_time time_;
    std::error_code error_;

private:
    enum class phase : std::uint8_t {
        starting,  // whoever starts it has it
        waiting,   // the system has it
        handling,  // its callback has it
        ended,     // nobody has it; the coroutine goes on
        abandoned, // the coroutine is being destroyed
    };

    struct stop_request {
        operation* self;
        void operator()() const noexcept { self->request_stop(); }
    };

    Derived& derived() noexcept { return static_cast<Derived&>(*this); }

    [[nodiscard]] bool stop_was_requested() const noexcept
    {
        return stop_.stop_requested() || (waiter_.context() != nullptr && waiter_.context()->stop.stop_requested());
    }

    void watch_stop() noexcept
    {
        if (stop_.stop_possible()) {
            explicit_stop_.emplace(stop_, stop_request{this}); // SRS_CPP_01_035
        }
        if (waiter_.context() != nullptr && waiter_.context()->stop.stop_possible()) {
            inherited_stop_.emplace(waiter_.context()->stop, stop_request{this}); // SRS_CPP_01_036
        }
    }

    // Waits for a request that is being made on another thread, which needs nothing of this one.
    void forget_stop() noexcept
    {
        explicit_stop_.reset();
        inherited_stop_.reset();
    }

    void request_stop() noexcept
    {
        stop_requested_.store(true);
        if (const ASYNC_OPERATION_ID id = id_.load(); id != 0) {
            Target::cancel(handle_, id);
        }
    }

    // The phase is `starting`. When it returns true, nothing of this may be touched any more.
    bool start_step() noexcept
    {
        ASYNC_OPERATION_ID id = 0;
        if (!derived().start(&id)) {
            return false;
        }
        id_.store(id);
        if (stop_requested_.load()) {
            Target::cancel(handle_, id);
        }
        phase_.store(phase::waiting, std::memory_order_release);
        return true;
    }

    bool claim() noexcept
    {
        for (phase seen = phase_.load(std::memory_order_acquire); seen != phase::abandoned;
             seen = phase_.load(std::memory_order_acquire)) {
            if (seen == phase::waiting &&
                phase_.compare_exchange_strong(seen, phase::handling, std::memory_order_acq_rel)) {
                return true;
            }
            std::this_thread::yield();
        }
        return false;
    }

    bool handle_completion(const ASYNC_COMPLETION& completion) noexcept
    {
        error_ = make_error_code(completion); // SRS_CPP_01_068
        return derived().advance(completion);
    }

    void resume() noexcept
    {
        forget_stop();
        work& next = waiter_.get();
        const EXECUTION_ENGINE_HANDLE engine = engine_;
        phase_.store(phase::ended, std::memory_order_release);
        run_queue::run_on_engine(engine, next); // SRS_CPP_01_031
    }

    std::atomic<phase> phase_{phase::ended};
    std::atomic<bool> stop_requested_{false};
    std::atomic<ASYNC_OPERATION_ID> id_{0};
    waiter waiter_;
    std::stop_token stop_;
    stop_subscription<stop_request> explicit_stop_;
    stop_subscription<stop_request> inherited_stop_;
};

} // namespace async_socket::impl

#endif
