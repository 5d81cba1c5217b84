// SPDX-License-Identifier: MIT

/// \defgroup cpp_when_any When any
/// \ingroup cpp
///
/// when_any: several tasks at a time; the first to end wins. when_any_outcome: the same, told of all of them.
///
///     const auto first = co_await when_any(answer(), deadline());
///     if (first.index == 1) ...
///
/// \{

#ifndef ASYNC_SOCKET_CPP_WHEN_ANY_HPP
#define ASYNC_SOCKET_CPP_WHEN_ANY_HPP

#include <array>
#include <cstddef>
#include <exception>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "async_socket/cpp/fan_out.hpp"
#include "async_socket/cpp/promise.hpp"
#include "async_socket/cpp/stop_link.hpp"
#include "async_socket/cpp/task.hpp"

namespace async_socket {

/// How a task of when_any or when_any_outcome ended: with a value, or with an exception. Both are empty for the first
/// one of when_any, which has its place elsewhere.
template <typename T>
struct task_outcome {
    std::optional<non_void<T>> value{}; ///< what it returned
    std::exception_ptr exception{};     ///< what it threw
};

/// What when_any returns.
template <typename... Ts>
struct when_any_result {
    std::size_t index;                        ///< which of the tasks was first
    std::variant<non_void<Ts>...> value;      ///< what it returned: the alternative of that index
    std::tuple<task_outcome<Ts>...> others{}; ///< what became of the others, each at its own place
};

/// The same for tasks of one kind.
template <typename T>
struct when_any_of_result {
    std::size_t index;                     ///< which of the tasks was first
    non_void<T> value;                     ///< what it returned
    std::vector<task_outcome<T>> others{}; ///< what became of the others, each at its own place
};

/// What when_any_outcome returns.
template <typename... Ts>
struct when_any_outcome_result {
    std::size_t index;                   ///< which of the tasks was first
    std::tuple<task_outcome<Ts>...> all; ///< how each of them ended, each at its own place
};

/// The same for tasks of one kind.
template <typename T>
struct when_any_outcome_of_result {
    std::size_t index;                ///< which of the tasks was first
    std::vector<task_outcome<T>> all; ///< how each of them ended, each at its own place
};

namespace impl {

// SRS_CPP_01_080
template <typename T>
task_outcome<T> outcome_of(const task<T>& ended)
{
    if (ended.promise().exception() != nullptr) {
        return {std::nullopt, ended.promise().exception()};
    }
    return {std::optional<non_void<T>>(std::in_place, result_of(ended)), nullptr};
}

template <typename Result, typename Tasks, std::size_t... Indices>
Result winner_of(std::size_t first, Tasks& tasks, std::index_sequence<Indices...>)
{
    std::optional<Result> result;
    ((Indices == first
          ? static_cast<void>(result.emplace(Result{
                first, decltype(Result::value)(std::in_place_index<Indices>, result_of(std::get<Indices>(tasks))), {}}))
          : static_cast<void>(0)),
     ...);
    ((Indices == first ? static_cast<void>(0)
                       : static_cast<void>(std::get<Indices>(result->others) = outcome_of(std::get<Indices>(tasks)))),
     ...);
    return std::move(*result);
}

// Starts the tasks, stops the others when the first has ended, and waits for all of them; returns which was the first.
// They must not have begun.
template <typename... Ts>
task<std::size_t> end_with_first(task<Ts>&... tasks)
{
    stop_link link;
    std::array<member_end, sizeof...(Ts)> ends;
    member_end::group group(sizeof...(Ts));
    group.stop_others_of(link.source());
    const auto start = [&](const task_context* context) noexcept {
        link.connect(context);
        std::size_t index = 0;
        ((ends[index].start(group, index, tasks, &link.context()), ++index), ...);
    };
    co_await group_awaiter(group, start);
    co_return group.first_to_end();
}

template <typename T>
task<std::size_t> end_with_first_of(std::vector<task<T>>& tasks)
{
    stop_link link;
    std::vector<member_end> ends(tasks.size());
    member_end::group group(tasks.size());
    group.stop_others_of(link.source());
    const auto start = [&](const task_context* context) noexcept {
        link.connect(context);
        for (std::size_t index = 0; index != tasks.size(); ++index) {
            ends[index].start(group, index, tasks[index], &link.context());
        }
    };
    co_await group_awaiter(group, start);
    co_return group.first_to_end();
}

template <typename T>
void require_some_not_begun(const std::vector<task<T>>& tasks, const char* function)
{
    if (tasks.empty()) {
        throw std::invalid_argument(std::string(function) + ": no tasks");
    }
    for (const auto& each : tasks) {
        require_not_begun(each, function);
    }
}

} // namespace impl

/// Starts the tasks in order, on the thread that awaits this. When the first of them has ended, a stop is requested of
/// the others, whatever they are waiting for; when all of them have ended, it returns what the first returned, or
/// throws what it threw. So tasks that honour stop requests, as all operations of this library do, leave nothing
/// behind.
///
/// The others may have come to their own ends at the same moment: a receive beside a sleep has its bytes, an accept its
/// connection. Their results are in `others`; look there before you throw it away. (As a time limit for one operation
/// its last argument is better: there is no such moment.) What they threw is there, too. Where the first one may throw,
/// use when_any_outcome, for an exception leaves no place for what the others returned.
///
/// Throws std::invalid_argument for a task that is empty or has begun.
/// Requirements: SRS_CPP_01_029, SRS_CPP_01_030, SRS_CPP_01_076, SRS_CPP_01_080
template <typename... Ts>
requires(sizeof...(Ts) != 0) task<when_any_result<Ts...>> when_any(task<Ts>... tasks)
{
    (impl::require_not_begun(tasks, "when_any"), ...);
    const std::size_t first = co_await impl::end_with_first(tasks...);
    auto all = std::tie(tasks...);
    co_return impl::winner_of<when_any_result<Ts...>>(first, all, std::index_sequence_for<Ts...>());
}

/// The same for any number of tasks of one kind, at least one: throws std::invalid_argument for none.
/// Requirements: SRS_CPP_01_029, SRS_CPP_01_030
template <typename T>
task<when_any_of_result<T>> when_any(std::vector<task<T>> tasks)
{
    impl::require_some_not_begun(tasks, "when_any");
    const std::size_t first = co_await impl::end_with_first_of(tasks);
    when_any_of_result<T> result{first, impl::result_of(tasks[first]), {}};
    result.others.resize(tasks.size());
    for (std::size_t index = 0; index != tasks.size(); ++index) {
        if (index != first) {
            result.others[index] = impl::outcome_of(tasks[index]);
        }
    }
    co_return result;
}

/// Like when_any, and throws nothing that a task has thrown: how every task ended is in the result, that of the first
/// one, too. So nothing that has been received or accepted is lost where the first one throws.
/// Requirements: SRS_CPP_01_103
template <typename... Ts>
requires(sizeof...(Ts) != 0) task<when_any_outcome_result<Ts...>> when_any_outcome(task<Ts>... tasks)
{
    (impl::require_not_begun(tasks, "when_any_outcome"), ...);
    const std::size_t first = co_await impl::end_with_first(tasks...);
    // SRS_CPP_01_103
    co_return when_any_outcome_result<Ts...>{first, {impl::outcome_of(tasks)...}};
}

/// The same for any number of tasks of one kind, at least one: throws std::invalid_argument for none.
/// Requirements: SRS_CPP_01_103
template <typename T>
task<when_any_outcome_of_result<T>> when_any_outcome(std::vector<task<T>> tasks)
{
    impl::require_some_not_begun(tasks, "when_any_outcome");
    when_any_outcome_of_result<T> result{co_await impl::end_with_first_of(tasks), {}};
    result.all.reserve(tasks.size());
    for (const task<T>& each : tasks) {
        result.all.push_back(impl::outcome_of(each));
    }
    co_return result;
}

} // namespace async_socket

#endif

/// \}
