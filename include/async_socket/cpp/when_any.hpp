// SPDX-License-Identifier: MIT

/// \defgroup cpp_when_any When any
/// \ingroup cpp
///
/// when_any: several tasks at a time; the first that ends wins.
///
///     const auto first = co_await when_any(answer(), deadline());
///     if (first.index == 1) ...
///
/// \{

#ifndef ASYNC_SOCKET_CPP_WHEN_ANY_HPP
#define ASYNC_SOCKET_CPP_WHEN_ANY_HPP

#include <array>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "async_socket/cpp/fan_out.hpp"
#include "async_socket/cpp/stop_subscription.hpp"
#include "async_socket/cpp/task.hpp"

namespace async_socket {

/// What when_any returns.
template <typename... Ts>
struct when_any_result {
    std::size_t index;                   ///< which of the tasks was first
    std::variant<non_void<Ts>...> value; ///< what it returned: the alternative of that index
};

/// The same for tasks of one kind.
template <typename T>
struct when_any_of_result {
    std::size_t index; ///< which of the tasks was first
    non_void<T> value; ///< what it returned
};

namespace impl {

// The stop source that the members inherit, which passes on what the awaiting task has inherited. This is the one thing
// that is allocated: a stop token has a state of its own.
class stop_link {
public:
    void connect(const task_context* outer) noexcept
    {
        context_.engine = outer == nullptr ? nullptr : outer->engine;
        context_.stop = source_.get_token();
        if (outer != nullptr && outer->stop.stop_possible()) {
            outer_.emplace(outer->stop, pass_on{&source_}); // SRS_CPP_01_030
        }
    }

    [[nodiscard]] const task_context& context() const noexcept { return context_; }
    [[nodiscard]] std::stop_source& source() noexcept { return source_; }

private:
    struct pass_on {
        std::stop_source* to;
        void operator()() const noexcept { to->request_stop(); }
    };

    std::stop_source source_;
    task_context context_;
    stop_subscription<pass_on> outer_;
};

template <typename Result, typename Tasks, std::size_t... Indices>
Result winner_of(std::size_t first, Tasks& tasks, std::index_sequence<Indices...>)
{
    std::optional<Result> result;
    ((Indices == first
          ? static_cast<void>(result.emplace(Result{
                first, decltype(Result::value)(std::in_place_index<Indices>, result_of(std::get<Indices>(tasks)))}))
          : static_cast<void>(0)),
     ...);
    return std::move(*result);
}

} // namespace impl

/// Begins the tasks in order, on the thread that awaits this. When the first of them has ended, a stop is requested of
/// the others, whatever they wait in; when all of them have ended, it returns what the first returned, or throws what
/// that threw. What the others return or throw is dropped. So tasks that honour stop requests, as all operations of
/// this library do, leave nothing behind.
/// Requirements: SRS_CPP_01_029, SRS_CPP_01_030
template <typename... Ts>
requires(sizeof...(Ts) != 0) task<when_any_result<Ts...>> when_any(task<Ts>... tasks)
{
    impl::stop_link link;
    std::array<impl::member_end, sizeof...(Ts)> ends;
    impl::member_end::group group(sizeof...(Ts));
    group.stop_others_of(link.source());
    const auto start = [&](const impl::task_context* context) noexcept {
        link.connect(context);
        std::size_t index = 0;
        ((ends[index].start(group, index, tasks, &link.context()), ++index), ...);
    };
    co_await impl::group_awaiter(group, start);
    auto all = std::tie(tasks...);
    co_return impl::winner_of<when_any_result<Ts...>>(group.first_to_end(), all, std::index_sequence_for<Ts...>());
}

/// The same for any number of one kind, at least one: throws std::invalid_argument for none.
/// Requirements: SRS_CPP_01_029, SRS_CPP_01_030
template <typename T>
task<when_any_of_result<T>> when_any(std::vector<task<T>> tasks)
{
    if (tasks.empty()) {
        throw std::invalid_argument("when_any: no tasks");
    }
    impl::stop_link link;
    std::vector<impl::member_end> ends(tasks.size());
    impl::member_end::group group(tasks.size());
    group.stop_others_of(link.source());
    const auto start = [&](const impl::task_context* context) noexcept {
        link.connect(context);
        for (std::size_t index = 0; index != tasks.size(); ++index) {
            ends[index].start(group, index, tasks[index], &link.context());
        }
    };
    co_await impl::group_awaiter(group, start);
    const std::size_t first = group.first_to_end();
    co_return when_any_of_result<T>{first, impl::result_of(tasks[first])};
}

} // namespace async_socket

#endif

/// \}
