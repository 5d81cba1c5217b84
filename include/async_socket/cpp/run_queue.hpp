// SPDX-License-Identifier: MIT
//
// Not part of the interface: what runs next on this thread.
//
// Coroutines hand over to one another through a queue instead of calling resume() on the spot: a thread that resumes
// one stays in a loop until the queue is empty. So the stack does not grow with the number of tasks that end at once,
// whether or not the compiler turns symmetric transfers into tail calls (GCC does not below -O2), and the frame of a
// coroutine is never on the stack while it is being destroyed.

#ifndef ASYNC_SOCKET_CPP_RUN_QUEUE_HPP
#define ASYNC_SOCKET_CPP_RUN_QUEUE_HPP

#include <coroutine>

#include "async_socket/execution_engine.h"

// The address of a thread-local variable must not be kept across a suspension, after which the coroutine may run on
// another thread. A compiler that has inlined its use into a coroutine may do so.
#ifdef _MSC_VER
#define ASYNC_SOCKET_CPP_NOINLINE __declspec(noinline)
#else
#define ASYNC_SOCKET_CPP_NOINLINE __attribute__((noinline))
#endif

namespace async_socket::impl {

class run_queue;

// Something to run. It may be destroyed while it is queued, on the thread whose queue it is, and is then not run.
class work {
public:
    using function = void (*)(work&) noexcept;

    explicit work(function to_run) noexcept : run_(to_run) {}
    work(const work&) = delete;
    work& operator=(const work&) = delete;
    ~work();

    void run() noexcept { run_(*this); }

protected:
    void set_function(function to_run) noexcept { run_ = to_run; }

private:
    friend run_queue;

    function run_;
    work* next_ = nullptr;
    run_queue* queue_ = nullptr;
};

// Resumes a coroutine.
class resumption : public work {
public:
    explicit resumption(std::coroutine_handle<> coroutine = {}) noexcept : work(&resume), coroutine_(coroutine) {}

    void reset(std::coroutine_handle<> coroutine) noexcept { coroutine_ = coroutine; }

private:
    static void resume(work& self) noexcept { static_cast<resumption&>(self).coroutine_.resume(); }

    std::coroutine_handle<> coroutine_;
};

// The loop of one call into coroutines. Calls may be nested: a callback that is called inside a close that a coroutine
// has called, say, has a loop of its own.
class run_queue {
public:
    run_queue(const run_queue&) = delete;
    run_queue& operator=(const run_queue&) = delete;

    // Runs `first`, in the queue of this thread if there is one, and otherwise here and now, with everything that
    // follows.
    ASYNC_SOCKET_CPP_NOINLINE static void schedule(work& first) noexcept
    {
        if (current_ != nullptr) {
            current_->push(first);
        } else {
            run_queue(nullptr).run(first);
        }
    }

    // Runs `first` and everything that follows on this thread, which is one of the engine's.
    ASYNC_SOCKET_CPP_NOINLINE static void run_on_engine(EXECUTION_ENGINE_HANDLE engine, work& first) noexcept
    {
        run_queue(engine).run(first);
    }

    // Queues `first` if this thread is one of the engine's and is running coroutines; false if it is not.
    ASYNC_SOCKET_CPP_NOINLINE static bool schedule_on_engine(EXECUTION_ENGINE_HANDLE engine, work& first) noexcept
    {
        if (current_ == nullptr || current_->engine_ != engine) {
            return false;
        }
        current_->push(first);
        return true;
    }

    // Whether this thread is running coroutines.
    ASYNC_SOCKET_CPP_NOINLINE static bool is_running() noexcept { return current_ != nullptr; }

    // Told of each operation that has ended at once. Whether there have been many since this thread has last done
    // anything else. SRS_CPP_01_082
    ASYNC_SOCKET_CPP_NOINLINE static bool is_time_to_yield() noexcept
    {
        constexpr unsigned many = 64;
        return current_ != nullptr && ++current_->ended_at_once_ % many == 0;
    }

    // Whether this thread is running coroutines of this engine, or in calls from there.
    ASYNC_SOCKET_CPP_NOINLINE static bool is_running_on(EXECUTION_ENGINE_HANDLE engine) noexcept
    {
        for (const run_queue* each = current_; each != nullptr; each = each->outer_) {
            if (each->engine_ == engine && engine != nullptr) {
                return true;
            }
        }
        return false;
    }

private:
    friend work;

    explicit run_queue(EXECUTION_ENGINE_HANDLE engine) noexcept : engine_(engine), outer_(current_) { current_ = this; }
    ~run_queue() { current_ = outer_; }

    void run(work& first) noexcept
    {
        first.run();
        while (first_ != nullptr) {
            work& next = *first_;
            first_ = next.next_;
            next.queue_ = nullptr;
            next.run();
        }
    }

    void push(work& added) noexcept
    {
        added.next_ = nullptr;
        added.queue_ = this;
        (first_ == nullptr ? first_ : last_->next_) = &added;
        last_ = &added;
    }

    void remove(work& removed) noexcept
    {
        work* before = nullptr;
        for (work* each = first_; each != nullptr; before = each, each = each->next_) {
            if (each == &removed) {
                (before == nullptr ? first_ : before->next_) = each->next_;
                if (last_ == each) {
                    last_ = before;
                }
                return;
            }
        }
    }

    static inline thread_local run_queue* current_ = nullptr;

    const EXECUTION_ENGINE_HANDLE engine_;
    run_queue* const outer_;
    work* first_ = nullptr;
    work* last_ = nullptr;
    unsigned ended_at_once_ = 0;
};

inline work::~work()
{
    if (queue_ != nullptr) {
        queue_->remove(*this);
    }
}

// The engine whose thread calls a handler, for as long as it does.
class handler_call {
public:
    explicit handler_call(EXECUTION_ENGINE_HANDLE engine) noexcept : engine_(engine), outer_(innermost_)
    {
        innermost_ = this;
    }
    handler_call(const handler_call&) = delete;
    handler_call& operator=(const handler_call&) = delete;
    ~handler_call() { innermost_ = outer_; }

    [[nodiscard]] static bool is_running_on(EXECUTION_ENGINE_HANDLE engine) noexcept
    {
        for (const handler_call* each = innermost_; each != nullptr; each = each->outer_) {
            if (each->engine_ == engine) {
                return true;
            }
        }
        return false;
    }

private:
    static inline thread_local const handler_call* innermost_ = nullptr;

    EXECUTION_ENGINE_HANDLE engine_;
    const handler_call* outer_;
};

// Whether this thread is one of the engine's, as far as this layer has called from there.
inline bool is_thread_of(EXECUTION_ENGINE_HANDLE engine) noexcept
{
    return run_queue::is_running_on(engine) || handler_call::is_running_on(engine);
}

} // namespace async_socket::impl

#endif
