// SPDX-License-Identifier: MIT
//
// Not part of the interface: what runs next on this thread.
//
// Coroutines hand over to one another by a queue instead of by calling resume() where they stand: a thread that resumes
// one stays in a loop until nothing is queued. So the stack does not grow with the number of tasks that end at once,
// whether or not the compiler makes tail calls of symmetric transfers (GCC does not below -O2), and the frame of a
// coroutine is never on the stack while somebody destroys it.

#ifndef ASYNC_SOCKET_CPP_RUN_QUEUE_HPP
#define ASYNC_SOCKET_CPP_RUN_QUEUE_HPP

#include <coroutine>

#include "async_socket/execution_engine.h"

// The address of a thread-local variable must not be kept over a suspension, after which the coroutine may run on
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

// The loop of one call into coroutines. Calls may be nested: a callback that is called inside a close, say, which a
// coroutine has called, has a loop of its own.
class run_queue {
public:
    run_queue(const run_queue&) = delete;
    run_queue& operator=(const run_queue&) = delete;

    // Runs `first`, in the queue of this thread where there is one, and else here and now with all that follows.
    ASYNC_SOCKET_CPP_NOINLINE static void schedule(work& first) noexcept
    {
        if (current_ != nullptr) {
            current_->push(first);
        } else {
            run_queue(nullptr).run(first);
        }
    }

    // Runs `first` and all that follows on this thread, which is one of the engine's.
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
};

inline work::~work()
{
    if (queue_ != nullptr) {
        queue_->remove(*this);
    }
}

} // namespace async_socket::impl

#endif
