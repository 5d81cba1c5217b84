// SPDX-License-Identifier: MIT
//
// Not part of the interface: one operation of the C API as an awaitable that holds all its state.
//
// Three threads may meet in an operation: the one that starts it, the one that calls its callback, and one that
// requests a stop; a fourth is the one that destroys it while it waits. `phase_` says whose turn it is. The callback
// waits for the few instructions between the start of the operation and the end of starting it, which only happens if
// the operation was started on a different thread from the one that runs its callbacks. So a coroutine always resumes
// on the thread that runs the callbacks of its socket, and the thread that started the operation may touch it until
// starting has ended.
//
// A stop is requested by a std::stop_callback in the operation. It sets a flag and cancels what `id_` identifies; the
// starting thread writes `id_` and then looks at the flag: at least one of the two sees what the other has written.

#ifndef ASYNC_SOCKET_CPP_OPERATION_HPP
#define ASYNC_SOCKET_CPP_OPERATION_HPP

#include <atomic>
#include <coroutine>
#include <cstdint>
#include <stop_token>
#include <system_error>
#include <thread>
#include <utility>

#include "async_socket/async_delay.h"
#include "async_socket/async_operation.h"
#include "async_socket/cpp/error.hpp"
#include "async_socket/cpp/options.hpp"
#include "async_socket/cpp/promise.hpp"
#include "async_socket/cpp/remaining_time.hpp"
#include "async_socket/cpp/run_queue.hpp"
#include "async_socket/cpp/stop_subscription.hpp"
#include "async_socket/execution_engine.h"

namespace async_socket::impl {

// Target: a handle, whether it is open, how operations on it are cancelled, and how one is started that ends at once.
// Derived has
//   bool begin()           what to do before anything is started; false when that has ended the operation
//   bool start(id*)        starts one step; on failure sets error_ and returns false
//   bool advance(status)   a step has ended with OK; true when there is another one to start
//   void end()             where there is one: it is over, before anybody learns of it
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
            return yields();
        }
        if (!derived().begin(waiter_.context())) {
            return yields();
        }
        phase_.store(phase::starting, std::memory_order_relaxed);
        watch_stop();
        if (!start_step()) {
            forget_stop();
            return yields();
        }
        return true;
    }

protected:
    operation(typename Target::handle handle, EXECUTION_ENGINE_HANDLE engine, operation_options&& options) noexcept
        : handle_(handle), engine_(engine), time_(options.timeout), stop_(std::move(options.stop))
    {
    }
    ~operation() = default;

    static void end() noexcept {}

    // The destructor of Derived must call this. When it returns, the system is done with the operation, and its
    // callback is not running and will not run, or has resumed the coroutine.
    void abandon() noexcept
    {
        for (phase seen = phase_.load(std::memory_order_acquire); seen != phase::ended;
             seen = phase_.load(std::memory_order_acquire)) {
            if ((seen == phase::waiting || seen == phase::handling) &&
                phase_.compare_exchange_strong(seen, phase::abandoned, std::memory_order_acq_rel)) {
                wait_for_callback();
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

    // `taken` takes over what belongs to the coroutine, if it is still there; false if it is not.
    template <typename Taken>
    static bool complete(Derived& self, const ASYNC_COMPLETION& completion, Taken taken) noexcept
    {
        if (!self.claim()) {
            return false;
        }
        taken(self);
        if (self.handle_completion(completion) && self.may_go_on()) {
            // Somebody who destroys the coroutine may have been first.
            phase handling = phase::handling;
            if (!self.phase_.compare_exchange_strong(handling, phase::starting, std::memory_order_acq_rel)) {
                return true;
            }
            if (self.start_step()) {
                return true;
            }
            self.phase_.store(phase::handling, std::memory_order_release);
        }
        self.resume();
        return true;
    }

    // Cancels the step that is under way or about to be, from any thread, as long as the operation cannot be gone.
    void end_early() noexcept
    {
        stop_requested_.store(true);
        if (const ASYNC_OPERATION_ID id = id_.load(); id != 0) {
            cancel(id);
        }
    }

    typename Target::handle handle_;
    EXECUTION_ENGINE_HANDLE engine_;
    remaining_time time_;
    std::error_code error_;

private:
    enum class phase : std::uint8_t {
        starting,  // the thread that starts it has it
        waiting,   // the system has it
        handling,  // its callback has it
        ended,     // nothing has it; the coroutine resumes
        abandoned, // the coroutine is being destroyed, by a thread that waits for the callback
    };

    struct stop_request {
        operation* self;
        void operator()() const noexcept { self->end_early(); }
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

    // Waits for a request that is being made on another thread, which needs nothing from this one.
    void forget_stop() noexcept
    {
        explicit_stop_.reset();
        inherited_stop_.reset();
    }

    // Without memory a cancel is tried again until it gets some, so that no request is lost. One that is refused
    // because the target is being closed is not needed: the operation ends in any case. SRS_CPP_01_081
    void cancel(ASYNC_OPERATION_ID id) noexcept
    {
        for (int tries_left = 1000; !Target::cancel(handle_, id); --tries_left) {
            // Whether something that is connecting is being closed cannot be asked.
            if (!Target::is_open(handle_) && tries_left <= 0) {
                return;
            }
            std::this_thread::yield();
        }
    }

    // The phase is `starting`. When it returns true, nothing of this object may be touched any more.
    bool start_step() noexcept
    {
        ASYNC_OPERATION_ID id = 0;
        if (!derived().start(&id)) {
            return false;
        }
        id_.store(id);
        if (stop_requested_.load()) {
            cancel(id);
        }
        phase_.store(phase::waiting, std::memory_order_release);
        return true;
    }

    // Between two steps, while data keeps coming. SRS_CPP_01_034, SRS_CPP_01_035
    bool may_go_on() noexcept
    {
        if (stop_requested_.load() || stop_was_requested()) {
            error_ = make_error_code(ASYNC_STATUS_CANCELLED);
            return false;
        }
        if (time_.is_over()) {
            error_ = make_error_code(ASYNC_STATUS_TIMED_OUT);
            return false;
        }
        return true;
    }

    // It has ended with nothing to wait for. Whether it waits all the same, for others to have their turn.
    // SRS_CPP_01_082
    bool yields() noexcept
    {
        derived().end();
        if (!run_queue::is_time_to_yield() || !start_to_yield()) {
            phase_.store(phase::ended, std::memory_order_relaxed);
            return false;
        }
        return true;
    }

    // An operation of the target's while that is open, and so ended by a close as all are.
    bool start_to_yield() noexcept
    {
        phase_.store(phase::starting, std::memory_order_relaxed);
        ASYNC_OPERATION_ID id = 0;
        if (!Target::start_ended(handle_, &id, &on_yielded, static_cast<Derived*>(this))) {
            if (engine_ == nullptr && waiter_.context() != nullptr) {
                engine_ = waiter_.context()->engine;
            }
            if (engine_ == nullptr) {
                return false;
            }
            yields_by_ = engine_;
            execution_engine_inc_ref(yields_by_);
            if (async_delay_start(yields_by_, 0, &id, &on_yielded, static_cast<Derived*>(this)) != 0) {
                execution_engine_dec_ref(std::exchange(yields_by_, nullptr));
                return false;
            }
        }
        id_.store(id);
        phase_.store(phase::waiting, std::memory_order_release);
        return true;
    }

    static void on_yielded(void* context, const ASYNC_COMPLETION*) noexcept
    {
        Derived& self = *static_cast<Derived*>(context);
        if (self.claim()) {
            self.resume(self.yields_by_);
        }
    }

    void wait_for_callback() noexcept
    {
        const ASYNC_OPERATION_ID id = id_.load();
        if (yields_by_ != nullptr) {
            async_delay_cancel_and_wait(yields_by_, id);
            execution_engine_dec_ref(yields_by_);
        } else {
            Target::cancel_and_wait(handle_, id); // SRS_CPP_01_014
        }
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

    // `held` is the engine that a reference is to be given back to, if there is one.
    void resume(EXECUTION_ENGINE_HANDLE held = nullptr) noexcept
    {
        forget_stop();
        derived().end();
        work& next = waiter_.get();
        const EXECUTION_ENGINE_HANDLE engine = engine_;
        // Whoever destroys the coroutine and was first waits until this callback has returned. SRS_CPP_01_014
        phase handling = phase::handling;
        if (phase_.compare_exchange_strong(handling, phase::ended, std::memory_order_acq_rel)) {
            if (held != nullptr) {
                execution_engine_dec_ref(held); // not the last one: the delay has its own until this callback returns
            }
            run_queue::run_on_engine(engine, next); // SRS_CPP_01_031
        }
    }

    std::atomic<phase> phase_{phase::ended};
    std::atomic<bool> stop_requested_{false};
    std::atomic<ASYNC_OPERATION_ID> id_{0};
    EXECUTION_ENGINE_HANDLE yields_by_ = nullptr; // held by a reference while it yields by a delay of the engine
    waiter waiter_;
    std::stop_token stop_;
    stop_subscription<stop_request> explicit_stop_;
    stop_subscription<stop_request> inherited_stop_;
};

} // namespace async_socket::impl

#endif
