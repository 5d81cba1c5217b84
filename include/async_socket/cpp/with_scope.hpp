// SPDX-License-Identifier: MIT

/// \defgroup cpp_with_scope With scope
/// \ingroup cpp
///
/// with_scope: a scope that is joined in any case.
///
///     co_await with_scope(engine, [](scope& tasks) -> task<> {
///         tasks.spawn(...);
///         ...
///     });
///
/// \{

#ifndef ASYNC_SOCKET_CPP_WITH_SCOPE_HPP
#define ASYNC_SOCKET_CPP_WITH_SCOPE_HPP

#include <concepts>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

#include "async_socket/cpp/engine.hpp"
#include "async_socket/cpp/fan_out.hpp"
#include "async_socket/cpp/scope.hpp"
#include "async_socket/cpp/task.hpp"

namespace async_socket {

namespace impl {

inline task<void> join(scope& tasks)
{
    co_await tasks.join();
}

// Awaits the body and keeps what it threw.
template <typename T>
task<std::optional<non_void<T>>> caught(task<T> body, std::exception_ptr& thrown)
{
    try {
        if constexpr (std::is_void_v<T>) {
            co_await std::move(body);
            co_return std::monostate();
        } else {
            co_return co_await std::move(body);
        }
    } catch (...) {
        thrown = std::current_exception();
    }
    co_return std::nullopt;
}

} // namespace impl

/// `co_await with_scope(engine, [](scope& tasks) -> task<> { ... })`: calls the function object with a scope, awaits
/// the task that it returns, and joins the scope in any case. Returns what the task returned. If the task throws, a
/// stop is requested of the scope's tasks, and what it threw is thrown when they have ended; otherwise what join
/// throws.
///
/// The function object is kept until then; it may be a lambda with captures. (GCC 12 destroys what a lambda has
/// captured by value twice, if the lambda stands within the co_await; give it a name, or capture by reference.)
/// Requirements: SRS_CPP_01_079
template <std::invocable<scope&> Body>
std::invoke_result_t<Body&, scope&> with_scope(engine_ref engine, Body body)
{
    using result = typename std::invoke_result_t<Body&, scope&>::value_type;
    // SRS_CPP_01_079
    scope tasks(engine);
    std::exception_ptr thrown;
    auto returned = co_await impl::caught<result>(body(tasks), thrown);
    if (thrown != nullptr) {
        tasks.request_stop();
    }
    std::exception_ptr thrown_by_task;
    co_await impl::caught<void>(impl::join(tasks), thrown_by_task);
    if (thrown != nullptr || thrown_by_task != nullptr) {
        std::rethrow_exception(thrown != nullptr ? thrown : thrown_by_task);
    }
    if constexpr (!std::is_void_v<result>) {
        co_return std::move(*returned);
    }
}

} // namespace async_socket

#endif

/// \}
