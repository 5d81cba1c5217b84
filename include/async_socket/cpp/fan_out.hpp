// SPDX-License-Identifier: MIT
//
// Not part of the interface: several tasks at a time, and waiting for the last of them to end.

#ifndef ASYNC_SOCKET_CPP_FAN_OUT_HPP
#define ASYNC_SOCKET_CPP_FAN_OUT_HPP

#include <atomic>
#include <coroutine>
#include <cstddef>
#include <stop_token>
#include <type_traits>
#include <utility>
#include <variant>

#include "async_socket/cpp/promise.hpp"
#include "async_socket/cpp/run_queue.hpp"
#include "async_socket/cpp/task.hpp"

namespace async_socket {

/// \ingroup cpp
/// Stands in for the result of a `task<void>` among other results.
template <typename T>
using non_void = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

namespace impl {

template <typename T>
non_void<T> result_of(const task<T>& ended)
{
    if constexpr (std::is_void_v<T>) {
        ended.promise().result();
        return {};
    } else {
        return ended.promise().result();
    }
}

// Counts the tasks that have ended, and whatever else has to be waited for.
class countdown {
public:
    explicit countdown(std::size_t count) noexcept : left_(count) {}

    // True for the last.
    bool step() noexcept { return left_.fetch_sub(1, std::memory_order_acq_rel) == 1; }

private:
    std::atomic<std::size_t> left_;
};

// One task of several.
class member_end final : public task_end {
public:
    class group {
    public:
        explicit group(std::size_t members) noexcept : left_(members + 1) {}

        // For when_any, whose members learn as soon as the first of them has ended.
        [[nodiscard]] std::size_t first_to_end() const noexcept { return first_.load(std::memory_order_acquire); }
        void stop_others_of(std::stop_source& stop) noexcept { stop_ = &stop; }

    private:
        friend member_end;
        template <typename Start>
        friend class group_awaiter;

        static constexpr std::size_t nobody = static_cast<std::size_t>(-1);

        countdown left_;
        std::atomic<std::size_t> first_{nobody};
        std::stop_source* stop_ = nullptr;
        work* continuation_ = nullptr;
    };

    member_end() noexcept : task_end(&on_end) {}

    template <typename T>
    void start(group& of, std::size_t index, task<T>& member, const task_context* context) noexcept
    {
        group_ = &of;
        index_ = index;
        member.promise().prepare(context, *this);
        run_queue::schedule(member.promise());
    }

private:
    static void on_end(task_end& end) noexcept
    {
        auto& self = static_cast<member_end&>(end);
        group& of = *self.group_;
        std::size_t nobody = group::nobody;
        if (of.first_.compare_exchange_strong(nobody, self.index_, std::memory_order_acq_rel) && of.stop_ != nullptr) {
            of.stop_->request_stop(); // SRS_CPP_01_029
        }
        if (of.left_.step()) {
            of.continuation_->run();
        }
    }

    group* group_ = nullptr;
    std::size_t index_ = 0;
};

// `co_await` starts the members, by calling `start` with the context of the coroutine that awaits, and waits for the
// last of them to end.
template <typename Start>
class group_awaiter {
public:
    group_awaiter(member_end::group& of, Start start) : group_(of), start_(std::move(start)) {}

    static bool await_ready() noexcept { return false; }

    template <task_promise Promise>
    bool await_suspend(std::coroutine_handle<Promise> coroutine) noexcept
    {
        group_.continuation_ = &coroutine.promise();
        start_(coroutine.promise().context());
        return !group_.left_.step();
    }

    static void await_resume() noexcept {}

private:
    member_end::group& group_;
    Start start_;
};

} // namespace impl

} // namespace async_socket

#endif
