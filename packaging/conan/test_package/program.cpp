// SPDX-License-Identifier: MIT

#include <chrono>
#include <cstdio>

#include "async_socket/async_socket.hpp"

namespace {

async_socket::task<int> answer()
{
    co_await async_socket::sleep_for(std::chrono::milliseconds(1));
    co_return 42;
}

} // namespace

int main()
{
    const int result = async_socket::engine().run(answer());
    std::printf("%d\n", result);
    return result == 42 ? 0 : 1;
}
