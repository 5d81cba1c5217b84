// SPDX-License-Identifier: MIT
//
// For tests that hold whether or not the engine reuses operations: each runs once on an engine of either kind.

#ifndef ASYNC_SOCKET_TESTS_UNIT_WIN32_BOTH_MODES_H
#define ASYNC_SOCKET_TESTS_UNIT_WIN32_BOTH_MODES_H

#include <gtest/gtest.h>

#include <cstddef>
#include <string>

#include "async_socket/execution_engine_win32.h"
#include "support/fixture.h"

namespace unit {

enum class engine_mode { by_default, reuse };

inline void PrintTo(engine_mode mode, std::ostream* out)
{
    *out << (mode == engine_mode::reuse ? "reuse" : "default");
}

// The mode of the engines that the support makes.
inline engine_mode mode_of_engines = engine_mode::by_default;

inline EXECUTION_ENGINE_HANDLE create_engine(const EXECUTION_ENGINE_PARAMETERS* parameters)
{
    if (mode_of_engines == engine_mode::by_default) {
        return execution_engine_create(parameters);
    }
    EXECUTION_ENGINE_WIN32_PARAMETERS own{DEFAULT_MIN_THREAD_COUNT, DEFAULT_MAX_THREAD_COUNT, true};
    if (parameters != nullptr) {
        own.min_thread_count = parameters->min_thread_count;
        own.max_thread_count = parameters->max_thread_count;
    }
    return execution_engine_win32_create(&own);
}

// What is live when operations have ended, of which so many were under way at once on one socket.
inline live_objects with_kept(live_objects before, std::size_t operations)
{
    if (mode_of_engines == engine_mode::reuse) {
        before.events += operations;
        before.allocations += operations;
    }
    return before;
}

class both_modes_test : public win32_test, public testing::WithParamInterface<engine_mode> {
protected:
    both_modes_test() { mode_of_engines = GetParam(); }
    ~both_modes_test() override { mode_of_engines = engine_mode::by_default; }
};

} // namespace unit

#define IN_BOTH_MODES(fixture)                                                                                         \
    INSTANTIATE_TEST_SUITE_P(modes, fixture, testing::Values(unit::engine_mode::by_default, unit::engine_mode::reuse), \
                             testing::PrintToStringParamName())

#endif
