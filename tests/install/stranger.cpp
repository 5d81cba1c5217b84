// SPDX-License-Identifier: MIT
//
// The same program as C++, and the C++ layer beside it.

#include <chrono>
#include <cstdlib>

#include "async_socket/async_socket.hpp"

#include "stranger.c" // NOLINT(bugprone-suspicious-include)

namespace {

async_socket::task<int> answer()
{
    co_await async_socket::sleep_for(std::chrono::milliseconds(1));
    co_return 42;
}

[[maybe_unused]] const bool works = async_socket::engine().run(answer()) == 42 || (std::abort(), false);

} // namespace
