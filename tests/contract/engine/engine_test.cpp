// SPDX-License-Identifier: MIT
//
// Engines: parameters and references.

#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "support/fixture.h"

namespace contract {
namespace {

using engines = with_connection;

// SRS_EXECUTION_ENGINE_01_001, SRS_EXECUTION_ENGINE_01_002
TEST_F(engines, with_the_default_parameters_runs_callbacks)
{
    const engine_owner by_default(execution_engine_create(nullptr));
    ASSERT_TRUE(by_default);
    const socket_owner socket = open_socket(by_default.get(), link.local.get());
    expect_works(socket.get(), link.peer.get());
}

class engine_of : public with_connection, public ::testing::WithParamInterface<EXECUTION_ENGINE_PARAMETERS> {};

// SRS_EXECUTION_ENGINE_01_002, SRS_EXECUTION_ENGINE_01_003, SRS_EXECUTION_ENGINE_01_004
TEST_P(engine_of, these_bounds_runs_callbacks)
{
    const engine_owner bounded(create_engine_under_test(GetParam().min_thread_count, GetParam().max_thread_count));
    ASSERT_TRUE(bounded);
    const socket_owner socket = open_socket(bounded.get(), link.local.get());
    expect_works(socket.get(), link.peer.get());
}

INSTANTIATE_TEST_SUITE_P(thread_bounds, engine_of,
                         ::testing::Values(EXECUTION_ENGINE_PARAMETERS{0, 0}, EXECUTION_ENGINE_PARAMETERS{0, 1},
                                           EXECUTION_ENGINE_PARAMETERS{1, 1}, EXECUTION_ENGINE_PARAMETERS{1, 0},
                                           EXECUTION_ENGINE_PARAMETERS{3, 8}),
                         [](const auto& one) {
                             return std::to_string(one.param.min_thread_count) + "_to_" +
                                    std::to_string(one.param.max_thread_count);
                         });

// SRS_EXECUTION_ENGINE_01_008, SRS_EXECUTION_ENGINE_01_010
TEST_F(engines, lives_until_its_last_reference_is_dropped)
{
    execution_engine_inc_ref(engine.get());
    engine_owner second(engine.get());
    engine.reset();
    const socket_owner socket = open_socket(second.get(), link.local.get());
    second.reset();
    // The socket's own reference is the last one.
    expect_works(socket.get(), link.peer.get());
}

// SRS_EXECUTION_ENGINE_01_010
TEST(engine_alone, can_be_created_and_dropped_many_times)
{
    for (int i = 0; i != 100; ++i) {
        EXPECT_TRUE(engine_owner(create_engine_under_test(2, 2)));
    }
}

// SRS_EXECUTION_ENGINE_01_008, SRS_EXECUTION_ENGINE_01_010, SRS_ASYNC_SOCKET_GUARANTEE_01_006
TEST_F(engines, references_are_counted_from_several_threads)
{
    EXECUTION_ENGINE_HANDLE const handle = engine.get();
    std::vector<std::jthread> threads;
    for (int i = 0; i != 4; ++i) {
        threads.emplace_back([=] {
            for (int round = 0; round != 1000; ++round) {
                execution_engine_inc_ref(handle);
                execution_engine_dec_ref(handle);
            }
        });
    }
    for (std::jthread& one : threads) {
        one.join();
    }
    const socket_owner socket = open_socket(handle, link.local.get());
    expect_works(socket.get(), link.peer.get());
}

} // namespace
} // namespace contract
