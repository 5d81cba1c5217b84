// SPDX-License-Identifier: MIT

#include "support/engine_under_test.h"

#include <cstdlib>
#include <string_view>

#include "async_socket/execution_engine_win32.h"

namespace contract {

namespace {

// The back end is called after the system; with ".reuse" behind that, operations are reused.
bool is_reuse_under_test()
{
    const char* const text = std::getenv("ASYNC_SOCKET_TEST_BACKEND");
    return text != nullptr && std::string_view(text).ends_with(".reuse");
}

} // namespace

EXECUTION_ENGINE_HANDLE create_engine_under_test(std::uint32_t min_thread_count, std::uint32_t max_thread_count,
                                                 std::optional<bool> reuse_operations)
{
    if (reuse_operations.value_or(is_reuse_under_test())) {
        const EXECUTION_ENGINE_WIN32_PARAMETERS parameters{min_thread_count, max_thread_count, true};
        return execution_engine_win32_create(&parameters);
    }
    const EXECUTION_ENGINE_PARAMETERS parameters{min_thread_count, max_thread_count};
    return execution_engine_create(&parameters);
}

} // namespace contract
