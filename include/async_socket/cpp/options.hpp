// SPDX-License-Identifier: MIT

/// \defgroup cpp_options Operations of C++
/// \ingroup cpp
///
/// What every operation may be given: a time limit and a stop token; and what it returns.
///
/// \{

#ifndef ASYNC_SOCKET_CPP_OPTIONS_HPP
#define ASYNC_SOCKET_CPP_OPTIONS_HPP

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <string_view>
#include <system_error>
#include <utility>

#include "async_socket/async_operation.h"

namespace async_socket {

/// A duration, or no limit. Constructed from any std::chrono duration, rounded up to milliseconds; a negative one
/// counts as 0, and one of 49 days or more, or that is no number, as no limit.
/// Requirements: SRS_CPP_01_009
class time_limit {
public:
    constexpr time_limit() noexcept = default; ///< No limit.

    /// This duration.
    /// Requirements: SRS_CPP_01_009
    template <typename Rep, typename Period>
    constexpr time_limit(std::chrono::duration<Rep, Period> duration) noexcept // NOLINT(google-explicit-constructor)
        : milliseconds_(milliseconds_of(duration))                             // SRS_CPP_01_009
    {
    }

    /// Whether there is a limit.
    [[nodiscard]] constexpr bool limited() const noexcept { return milliseconds_ != ASYNC_NO_TIMEOUT; }

    /// As the functions in C take it.
    [[nodiscard]] constexpr std::uint32_t milliseconds() const noexcept { return milliseconds_; }

private:
    template <typename Rep, typename Period>
    static constexpr std::uint32_t milliseconds_of(std::chrono::duration<Rep, Period> duration) noexcept
    {
        using std::chrono::milliseconds;
        // Compared as floating point, which no duration overflows.
        const std::chrono::duration<double, std::milli> approximate = duration;
        if (approximate.count() <= 0) {
            return 0;
        }
        if (!(approximate.count() < static_cast<double>(ASYNC_NO_TIMEOUT - 1))) {
            return ASYNC_NO_TIMEOUT;
        }
        return static_cast<std::uint32_t>(std::chrono::ceil<milliseconds>(duration).count());
    }

    std::uint32_t milliseconds_ = ASYNC_NO_TIMEOUT;
};

/// Given to an operation as its last argument: `co_await peer.receive(buffer, 5s)`, `co_await peer.receive(buffer,
/// token)`, `co_await peer.receive(buffer, {5s, token})`.
///
/// It has constructors because GCC 12 destroys twice the members of an aggregate that is created within a co_await.
class operation_options {
public:
    /// Neither a limit nor a token, or one of them, or both.
    /// \{
    operation_options() noexcept = default;
    operation_options(time_limit limit, std::stop_token token = {}) noexcept // NOLINT(google-explicit-constructor)
        : timeout(limit), stop(std::move(token))
    {
    }
    template <typename Rep, typename Period>
    operation_options(std::chrono::duration<Rep, Period> limit, // NOLINT(google-explicit-constructor)
                      std::stop_token token = {}) noexcept
        : timeout(limit), stop(std::move(token))
    {
    }
    operation_options(std::stop_token token) noexcept // NOLINT(google-explicit-constructor)
        : stop(std::move(token))
    {
    }

    /// \}

    /// For the operation as a whole; when the limit expires, the operation ends with condition::timed_out.
    time_limit timeout;
    /// When a stop is requested, the operation ends with condition::cancelled. The token that the task has inherited
    /// (scope.hpp, when_any.hpp) always applies, with or without this one.
    std::stop_token stop;
};

/// What a send or a receive returns: `auto [error, bytes] = co_await ...`.
struct [[nodiscard]] io_result {
    std::error_code error{}; ///< how it went
    std::size_t bytes = 0;   ///< what was transferred, with or without an error
};

/// What receive_until into the socket's own memory returns. The text is valid until the next receive on the socket.
struct [[nodiscard]] text_result {
    std::error_code error{}; ///< how it went
    std::string_view text{}; ///< what was received, its delimiter included
};

} // namespace async_socket

#endif

/// \}
