// SPDX-License-Identifier: MIT
//
// Not part of the interface: what the promises of all tasks have in common.

#ifndef ASYNC_SOCKET_CPP_PROMISE_HPP
#define ASYNC_SOCKET_CPP_PROMISE_HPP

#include <concepts>
#include <coroutine>
#include <exception>
#include <stop_token>
#include <string>
#include <utility>

#include "async_socket/cpp/run_queue.hpp"
#include "async_socket/execution_engine.h"

namespace async_socket::impl {

// What a task inherits from the one that awaits it. Created by whatever starts tasks (run, spawn, scope, when_any),
// which keeps it until they have ended.
struct task_context {
    EXECUTION_ENGINE_HANDLE engine = nullptr;
    std::stop_token stop{};
};

// Notified of the end of a task that nothing awaits directly.
class task_end {
public:
    using function = void (*)(task_end&) noexcept;

    explicit task_end(function on_end) noexcept : on_end_(on_end) {}
    task_end(const task_end&) = delete;
    task_end& operator=(const task_end&) = delete;

    void operator()() noexcept { on_end_(*this); }

protected:
    ~task_end() = default;

private:
    function on_end_;
};

// What nobody is left to catch ends the program as what leaves main or a thread does: std::terminate is called with it,
// so that the handler can tell its type and what() (the default ones of GCC and Clang do).
[[noreturn]] inline void end_program_with(const std::exception_ptr& exception) noexcept
{
    std::rethrow_exception(exception); // NOLINT(bugprone-exception-escape): that is what it is for
}

inline std::string what_of(const std::exception_ptr& exception)
{
    try {
        std::rethrow_exception(exception);
    } catch (const std::exception& known) {
        return known.what();
    } catch (...) {
        return "an exception that is no std::exception";
    }
}

class promise_base : public resumption {
public:
    // It does not begin until it is awaited or started.
    static std::suspend_always initial_suspend() noexcept { return {}; }

    class final_awaiter {
    public:
        static bool await_ready() noexcept { return false; }
        template <typename Promise>
        static void await_suspend(std::coroutine_handle<Promise> coroutine) noexcept
        {
            coroutine.promise().schedule_end();
        }
        static void await_resume() noexcept {}
    };

    static final_awaiter final_suspend() noexcept { return {}; }

    void unhandled_exception() noexcept { exception_ = std::current_exception(); }

    // The task begins as soon as the coroutine that runs now is suspended; `continuation` runs when it has ended.
    void start(const task_context* context, work& continuation) noexcept
    {
        context_ = context;
        continuation_ = &continuation;
        run_queue::schedule(*this);
    }

    void prepare(const task_context* context, task_end& end) noexcept
    {
        context_ = context;
        end_ = &end;
    }

    [[nodiscard]] const task_context* context() const noexcept { return context_; }

    [[nodiscard]] bool has_begun() const noexcept { return continuation_ != nullptr || end_ != nullptr; }

    [[nodiscard]] std::exception_ptr exception() const noexcept { return exception_; }

protected:
    promise_base() noexcept = default;
    ~promise_base() = default;

    void rethrow() const
    {
        if (exception_ != nullptr) {
            std::rethrow_exception(exception_);
        }
    }

private:
    // What follows runs when this frame has left the stack: it may destroy it.
    void schedule_end() noexcept
    {
        set_function(&end);
        run_queue::schedule(*this);
    }

    static void end(work& self) noexcept
    {
        auto& promise = static_cast<promise_base&>(self);
        if (promise.end_ != nullptr) {
            (*promise.end_)();
        } else {
            promise.continuation_->run();
        }
    }

    const task_context* context_ = nullptr;
    work* continuation_ = nullptr;
    task_end* end_ = nullptr;
    std::exception_ptr exception_;
};

// A promise of a task of this library.
template <typename Promise>
concept task_promise = std::derived_from<Promise, promise_base>;

// Whatever waits for something: a task of this library, or a coroutine of another kind.
class waiter {
public:
    template <typename Promise>
    work& set(std::coroutine_handle<Promise> coroutine) noexcept
    {
        if constexpr (task_promise<Promise>) {
            context_ = coroutine.promise().context();
            work_ = &coroutine.promise();
        } else {
            foreign_.reset(coroutine);
            work_ = &foreign_;
        }
        return *work_;
    }

    [[nodiscard]] work& get() const noexcept { return *work_; }

    // NULL: a coroutine of another kind inherits nothing.
    [[nodiscard]] const task_context* context() const noexcept { return context_; }

private:
    work* work_ = nullptr;
    const task_context* context_ = nullptr;
    resumption foreign_;
};

} // namespace async_socket::impl

#endif
