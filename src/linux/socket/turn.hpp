// SPDX-License-Identifier: MIT
//
// What one socket may take of its worker before the others have their turn: the one place that bounds it, whatever the
// back end. SRS_ASYNC_SOCKET_LINUX_01_034

#ifndef ASYNC_SOCKET_LINUX_SOCKET_TURN_HPP
#define ASYNC_SOCKET_LINUX_SOCKET_TURN_HPP

#include <algorithm>
#include <cstddef>

namespace async_socket::detail {

// The most that one system call is asked to move: no call holds the worker for long, and the kernel, which counts in an
// int here and there, gets no length that it cannot take.
inline constexpr std::size_t largest_piece = std::size_t{1} << 20;

class turn {
public:
    static constexpr int most_callbacks = 16;
    static constexpr int most_attempts = 32;
    static constexpr std::size_t most_bytes = largest_piece;

    void begin() noexcept
    {
        attempts_ = most_attempts;
        bytes_ = most_bytes;
    }
    [[nodiscard]] bool is_over() const noexcept { return attempts_ == 0 || bytes_ == 0; }
    // One attempt that has moved so much.
    void spend(std::size_t bytes) noexcept
    {
        attempts_ -= attempts_ == 0 ? 0 : 1;
        bytes_ -= std::min(bytes, bytes_);
    }

private:
    int attempts_ = most_attempts;
    std::size_t bytes_ = most_bytes;
};

} // namespace async_socket::detail

#endif
