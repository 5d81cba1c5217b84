// SPDX-License-Identifier: MIT

/// \defgroup cpp_sleep Sleep
/// \ingroup cpp
///
/// Waiting for time to pass.
///
/// \{

#ifndef ASYNC_SOCKET_CPP_SLEEP_HPP
#define ASYNC_SOCKET_CPP_SLEEP_HPP

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <stop_token>
#include <system_error>
#include <utility>

#include "async_socket/async_delay.h"
#include "async_socket/cpp/engine.hpp"
#include "async_socket/cpp/operation.hpp"

namespace async_socket {

namespace impl {

struct delay_target {
    using handle = EXECUTION_ENGINE_HANDLE;
    static bool is_open(handle) noexcept { return true; }
    static bool cancel(handle engine, ASYNC_OPERATION_ID id) noexcept { return async_delay_cancel(engine, id) == 0; }
    static void cancel_and_wait(handle engine, ASYNC_OPERATION_ID id) noexcept
    {
        async_delay_cancel_and_wait(engine, id);
    }
    static bool start_ended(handle, ASYNC_OPERATION_ID*, ON_ASYNC_COMPLETE, void*) noexcept { return false; }
};

class [[nodiscard]] sleep_operation final : public operation<sleep_operation, delay_target> {
    using clock = std::chrono::steady_clock;

public:
    // NULL: the engine that the task runs on.
    sleep_operation(EXECUTION_ENGINE_HANDLE engine, clock::time_point end, std::stop_token&& stop) noexcept
        : operation(engine, engine, operation_options(std::move(stop))), end_(end) // SRS_CPP_01_026
    {
    }
    ~sleep_operation() { abandon(); }

    std::error_code await_resume() const noexcept { return error_; }

private:
    friend operation<sleep_operation, delay_target>;

    bool begin(const task_context* context) noexcept
    {
        if (handle_ == nullptr && context != nullptr) {
            handle_ = engine_ = context->engine;
        }
        return true;
    }

    bool start(ASYNC_OPERATION_ID* id) noexcept
    {
        // SRS_CPP_01_025: rounded up; in several steps where one does not hold it
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(end_ - clock::now()).count();
        constexpr std::int64_t most = ASYNC_NO_TIMEOUT - 1;
        const auto step =
            static_cast<std::uint32_t>((std::clamp)(static_cast<std::int64_t>(left), std::int64_t{0}, most));
        if (async_delay_start(handle_, step, id, &on_complete, this) != 0) {
            error_ = make_error_code(ASYNC_STATUS_NO_RESOURCES);
            return false;
        }
        return true;
    }

    bool advance(const ASYNC_COMPLETION& completion) noexcept
    {
        return completion.status == ASYNC_STATUS_OK && clock::now() < end_; // SRS_CPP_01_025
    }

    clock::time_point end_;
};

template <typename Rep, typename Period>
std::chrono::steady_clock::time_point end_of(std::chrono::duration<Rep, Period> duration) noexcept
{
    using clock = std::chrono::steady_clock;
    const auto now = clock::now();
    // Compared as floating point, which no duration overflows; what is no number is no time at which to end.
    const std::chrono::duration<double> seconds = duration;
    const std::chrono::duration<double> longest = (clock::time_point::max)() - now;
    if (seconds.count() <= 0) {
        return now;
    }
    // As floating point the longest may be rounded up.
    return seconds.count() < longest.count() * 0.999 ? now + std::chrono::ceil<clock::duration>(duration)
                                                     : (clock::time_point::max)();
}

} // namespace impl

/// `co_await sleep_for(duration)`: resumes on a thread of the engine when the time has passed, never before, and
/// returns no error. Returns condition::cancelled when a stop was requested, through `stop` or the inherited token;
/// no_resources when a timer cannot be allocated. With a duration of 0 or less it lets others run first; one that is no
/// number, or longer than the clock counts, never passes.
/// Requirements: SRS_CPP_01_025, SRS_CPP_01_026
template <typename Rep, typename Period>
auto sleep_for(std::chrono::duration<Rep, Period> duration, std::stop_token stop = {}) noexcept
{
    return impl::sleep_operation(nullptr, impl::end_of(duration), std::move(stop));
}

/// The same on an engine of the caller's choice, which the caller keeps alive; for coroutines of other kinds.
template <typename Rep, typename Period>
auto sleep_for(engine_ref engine, std::chrono::duration<Rep, Period> duration, std::stop_token stop = {}) noexcept
{
    return impl::sleep_operation(engine.handle(), impl::end_of(duration), std::move(stop));
}

} // namespace async_socket

#endif

/// \}
