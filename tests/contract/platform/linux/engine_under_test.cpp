// SPDX-License-Identifier: MIT

#include "support/engine_under_test.h"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <thread>

#include "async_socket/execution_engine_linux.h"

namespace contract {

namespace {

EXECUTION_ENGINE_LINUX_BACKEND backend_under_test()
{
    const char* const text = std::getenv("ASYNC_SOCKET_TEST_BACKEND");
    const std::string name = text == nullptr ? "" : text;
    if (name == "io_uring") {
        return EXECUTION_ENGINE_LINUX_BACKEND_IO_URING;
    }
    return name == "epoll" ? EXECUTION_ENGINE_LINUX_BACKEND_EPOLL : EXECUTION_ENGINE_LINUX_BACKEND_ANY;
}

} // namespace

// Operations are reused in any case.
EXECUTION_ENGINE_HANDLE create_engine_under_test(std::uint32_t min_thread_count, std::uint32_t max_thread_count,
                                                 std::optional<bool>)
{
    const std::uint32_t processors = (std::max)(std::thread::hardware_concurrency(), 1u);
    const std::uint32_t at_least = (std::max)(processors, min_thread_count);
    const EXECUTION_ENGINE_LINUX_PARAMETERS parameters{
        backend_under_test(), max_thread_count == 0 ? at_least : (std::min)(at_least, max_thread_count), false};
    return execution_engine_linux_create(&parameters);
}

} // namespace contract
