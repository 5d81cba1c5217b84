// SPDX-License-Identifier: MIT

/// \defgroup cpp_task Task
/// \ingroup cpp
///
/// `task<T>`: a coroutine that returns a T to whoever awaits it.
///
/// A task is lazy: it begins when it is awaited, started by engine::run, by spawn or by a scope, or passed to when_all
/// or when_any. It is awaited once. What it throws is thrown to whoever awaits it.
///
/// Threads: a task runs on the thread on which it was started until it first waits, and after that on the threads of
/// the engine: an operation of a socket resumes it on a thread that runs the callbacks of this socket, inside the
/// callback. While it runs it must not block for long.
///
/// A suspended task may be destroyed (through the coroutine that owns it): the operation that it awaits is cancelled,
/// and the system is done with the operation's memory before the frame is freed. A running task must not be destroyed,
/// on any thread; if you cannot know, cancel it with a stop token and wait for it to end (scope.hpp). The same goes for
/// a when_all or when_any whose tasks end one another when they end (by closing a socket that another one is waiting
/// on, say).
///
/// A coroutine keeps its arguments, but not the object that it is called on. The captures of a lambda are members of
/// that object, so `all.spawn([name]() -> task<> { ... }())` uses them when the lambda is gone. Give what it needs as
/// arguments, which are copied into its frame, or leave the call to spawn, which keeps the lambda:
///
///     all.spawn([](std::string name) -> task<> { ... }(name));
///     all.spawn([name]() -> task<> { ... });
///
/// To a coroutine that is awaited where it is called this does not matter: `co_await [&]() -> task<> { ... }()`.
///
/// GCC 12 loses the body of a lazy coroutine that awaits in the condition of an if, a loop or a switch and has no local
/// variable at all; give the result a name, as in `if (auto error = co_await ...; error)`. It also destroys twice the
/// members of an aggregate that is created within a co_await; give the argument a name, or the type a constructor.
///
/// \{

#ifndef ASYNC_SOCKET_CPP_TASK_HPP
#define ASYNC_SOCKET_CPP_TASK_HPP

#include <coroutine>
#include <memory>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <type_traits>
#include <utility>

#include "async_socket/cpp/promise.hpp"

namespace async_socket {

template <typename T = void>
class task;

namespace impl {

// SRS_CPP_01_076
template <typename T>
void require_not_begun(const task<T>& begun, const char* by)
{
    if (!begun) {
        throw std::invalid_argument(std::string(by) + ": the task is empty, or was moved from or awaited before");
    }
    if (begun.promise().has_begun()) {
        throw std::invalid_argument(std::string(by) + ": the task has begun already");
    }
}

template <typename T>
class promise final : public promise_base {
    using stored = std::conditional_t<std::is_lvalue_reference_v<T>, std::remove_reference_t<T>*, T>;

public:
    promise() noexcept { reset(std::coroutine_handle<promise>::from_promise(*this)); }

    task<T> get_return_object() noexcept;

    template <typename Value = T>
    void return_value(Value&& value)
    {
        if constexpr (std::is_lvalue_reference_v<T>) {
            value_ = std::addressof(value);
        } else {
            value_.emplace(std::forward<Value>(value));
        }
    }

    T result()
    {
        rethrow();
        if constexpr (std::is_lvalue_reference_v<T>) {
            return *value_;
        } else {
            return std::move(*value_);
        }
    }

private:
    std::conditional_t<std::is_lvalue_reference_v<T>, stored, std::optional<stored>> value_{};
};

template <>
class promise<void> final : public promise_base {
public:
    promise() noexcept { reset(std::coroutine_handle<promise>::from_promise(*this)); }

    task<void> get_return_object() noexcept;

    static void return_void() noexcept {}

    void result() const { rethrow(); }
};

} // namespace impl

/// Move-only; owns the coroutine.
/// Requirements: SRS_CPP_01_010 .. SRS_CPP_01_014
template <typename T>
class [[nodiscard]] task {
public:
    using promise_type = impl::promise<T>; ///< For the compiler.
    using value_type = T;                  ///< What it returns.

    task() noexcept = default;
    /// Leaves `other` without a coroutine.
    task(task&& other) noexcept : coroutine_(std::exchange(other.coroutine_, {})) {}
    /// Destroys the coroutine that it owned.
    task& operator=(task&& other) noexcept
    {
        task(std::move(other)).swap(*this);
        return *this;
    }
    ~task()
    {
        if (coroutine_) {
            coroutine_.destroy(); // SRS_CPP_01_014
        }
    }

    /// Swaps the coroutines of the two.
    void swap(task& other) noexcept { std::swap(coroutine_, other.coroutine_); }

    /// False for a moved-from task.
    explicit operator bool() const noexcept { return static_cast<bool>(coroutine_); }

    /// Starts the task and waits for it to end: `co_await std::move(t)`. Returns or throws what it returned or threw.
    /// From here on the coroutine that awaits owns the task, and this object is empty: nobody else can destroy it while
    /// it runs. Throws std::invalid_argument if it is empty already, or begun.
    /// Requirements: SRS_CPP_01_011, SRS_CPP_01_076
    auto operator co_await() &&
    {
        impl::require_not_begun(*this, "co_await");
        return awaiter(std::exchange(coroutine_, {}));
    }

    /// For code that starts tasks without awaiting them.
    [[nodiscard]] promise_type& promise() const noexcept { return coroutine_.promise(); }

private:
    friend promise_type;

    explicit task(std::coroutine_handle<promise_type> coroutine) noexcept : coroutine_(coroutine) {}

    class awaiter {
    public:
        explicit awaiter(std::coroutine_handle<promise_type> awaited) noexcept : awaited_(awaited) {}
        awaiter(const awaiter&) = delete;
        awaiter& operator=(const awaiter&) = delete;
        ~awaiter() { awaited_.destroy(); } // SRS_CPP_01_014

        static bool await_ready() noexcept { return false; }

        // SRS_CPP_01_010, SRS_CPP_01_012, SRS_CPP_01_013
        template <typename Promise>
        void await_suspend(std::coroutine_handle<Promise> coroutine) noexcept
        {
            impl::work& continuation = waiter_.set(coroutine);
            awaited_.promise().start(waiter_.context(), continuation);
        }

        T await_resume() { return awaited_.promise().result(); } // SRS_CPP_01_011

    private:
        std::coroutine_handle<promise_type> awaited_;
        impl::waiter waiter_;
    };

    std::coroutine_handle<promise_type> coroutine_;
};

namespace impl {

template <typename T>
task<T> promise<T>::get_return_object() noexcept
{
    return task<T>(std::coroutine_handle<promise>::from_promise(*this));
}

inline task<void> promise<void>::get_return_object() noexcept
{
    return task<void>(std::coroutine_handle<promise>::from_promise(*this));
}

// Asks the coroutine that awaits it for something from its context; does not wait.
template <typename Result, Result (*Question)(const task_context*) noexcept>
class context_question {
public:
    static bool await_ready() noexcept { return false; }
    template <task_promise Promise>
    bool await_suspend(std::coroutine_handle<Promise> coroutine) noexcept
    {
        context_ = coroutine.promise().context();
        return false;
    }
    Result await_resume() const noexcept { return Question(context_); }

private:
    const task_context* context_ = nullptr;
};

inline std::stop_token stop_of(const task_context* context) noexcept
{
    return context == nullptr ? std::stop_token() : context->stop;
}

} // namespace impl

/// Callable without arguments, and returns a `task<>`.
template <typename Body>
concept task_function = std::is_invocable_r_v<task<void>, Body&>;

namespace impl {

// The function object is an argument, so it lives in the frame of this coroutine. SRS_CPP_01_077
template <task_function Body>
task<void> call_and_keep(Body body)
{
    co_await body();
}

} // namespace impl

/// `co_await current_stop_token()`: the token that the task has inherited.
/// Requirements: SRS_CPP_01_015
inline auto current_stop_token() noexcept
{
    return impl::context_question<std::stop_token, &impl::stop_of>(); // SRS_CPP_01_015
}

} // namespace async_socket

#endif

/// \}
