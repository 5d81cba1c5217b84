// SPDX-License-Identifier: MIT

#include "support/engine_under_test.h"

namespace contract {

EXECUTION_ENGINE_HANDLE create_engine_under_test(std::uint32_t min_thread_count, std::uint32_t max_thread_count)
{
    const EXECUTION_ENGINE_PARAMETERS parameters{min_thread_count, max_thread_count};
    return execution_engine_create(&parameters);
}

} // namespace contract
