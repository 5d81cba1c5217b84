// SPDX-License-Identifier: MIT

/// \defgroup cpp_when_all When all
/// \ingroup cpp
///
/// when_all: several tasks at a time; waits for all of them.
///
///     auto [a, b] = co_await when_all(first(), second());
///
/// \{

#ifndef ASYNC_SOCKET_CPP_WHEN_ALL_HPP
#define ASYNC_SOCKET_CPP_WHEN_ALL_HPP

#include <array>
#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "async_socket/cpp/fan_out.hpp"
#include "async_socket/cpp/task.hpp"

namespace async_socket {

/// Starts the tasks in order, on the thread that awaits this, and when all of them have ended returns what they
/// returned, std::monostate for a task<void>. If any of them throw, then when all have ended it throws the exception of
/// the first of those, in the order of the arguments. The tasks inherit what the awaiting one has inherited.
///
/// One that throws does not stop the others: the exception waits until they have ended by themselves. Tasks of which
/// one is to stop the others belong into a scope (with_scope).
///
/// It resumes on the thread on which the last one ended. The tasks may run at the same time on several threads if the
/// engine has several. Throws std::invalid_argument for a task that is empty or has begun.
/// Requirements: SRS_CPP_01_027, SRS_CPP_01_028, SRS_CPP_01_076
template <typename... Ts>
task<std::tuple<non_void<Ts>...>> when_all(task<Ts>... tasks)
{
    (impl::require_not_begun(tasks, "when_all"), ...);
    std::array<impl::member_end, sizeof...(Ts)> ends;
    impl::member_end::group group(sizeof...(Ts));
    const auto start = [&]([[maybe_unused]] const impl::task_context* context) noexcept {
        [[maybe_unused]] std::size_t index = 0;
        ((ends[index].start(group, index, tasks, context), ++index), ...);
    };
    co_await impl::group_awaiter(group, start);
    co_return std::tuple<non_void<Ts>...>{impl::result_of(tasks)...}; // SRS_CPP_01_027, SRS_CPP_01_028
}

/// The same for any number of tasks of one kind; returns a std::vector of the results, nothing for task<void>.
/// Requirements: SRS_CPP_01_027, SRS_CPP_01_028
template <typename T>
task<std::conditional_t<std::is_void_v<T>, void, std::vector<non_void<T>>>> when_all(std::vector<task<T>> tasks)
{
    for (const auto& each : tasks) {
        impl::require_not_begun(each, "when_all");
    }
    std::vector<impl::member_end> ends(tasks.size());
    impl::member_end::group group(tasks.size());
    const auto start = [&](const impl::task_context* context) noexcept {
        for (std::size_t index = 0; index != tasks.size(); ++index) {
            ends[index].start(group, index, tasks[index], context);
        }
    };
    co_await impl::group_awaiter(group, start);
    if constexpr (std::is_void_v<T>) {
        for (const auto& ended : tasks) {
            impl::result_of(ended);
        }
    } else {
        std::vector<T> results;
        results.reserve(tasks.size());
        for (const auto& ended : tasks) {
            results.push_back(impl::result_of(ended));
        }
        co_return results;
    }
}

} // namespace async_socket

#endif

/// \}
