// SPDX-License-Identifier: MIT
//
// How many workers an engine has.

#include <algorithm>
#include <cstdint>
#include <thread>

#include <gtest/gtest.h>
#include <sched.h>

#include "async_socket/execution_engine.h"

#include "linux_faults/faults.h"
#include "linux_support/engines.h"
#include "support/ex_operation.h"
#include "support/refusal.h"

namespace linux_tests {
namespace {

class worker_count : public ::testing::Test {
protected:
    linux_faults::clean_scope clean_;

    static std::uint32_t processors() { return static_cast<std::uint32_t>(usable_processors().size()); }

    static std::uint32_t workers_within(std::uint32_t minimum, std::uint32_t maximum)
    {
        const EXECUTION_ENGINE_PARAMETERS parameters{minimum, maximum};
        const engine_owner engine(execution_engine_create(&parameters));
        EXPECT_TRUE(engine);
        return execution_engine_linux_get_worker_count(engine.get());
    }
};

// SRS_EXECUTION_ENGINE_LINUX_01_001, SRS_EXECUTION_ENGINE_01_003, SRS_EXECUTION_ENGINE_01_004
TEST_F(worker_count, is_the_number_of_processors_within_the_bounds)
{
    const std::uint32_t here = processors();
    ASSERT_GE(here, 1u);
    EXPECT_EQ(workers_within(0, 0), here);
    EXPECT_EQ(workers_within(here + 3, 0), here + 3);
    EXPECT_EQ(workers_within(here + 2, here + 5), here + 2);
    EXPECT_EQ(workers_within(0, 1), 1u);
    EXPECT_EQ(workers_within(1, 1), 1u);
    EXPECT_EQ(workers_within(0, here + 5), here);
    EXPECT_EQ(workers_within(here + 4, here + 4), here + 4);
}

// SRS_EXECUTION_ENGINE_LINUX_01_001, SRS_EXECUTION_ENGINE_LINUX_01_004
TEST_F(worker_count, counts_the_processors_that_the_process_may_use_and_not_those_that_there_are)
{
    std::thread confined([] {
        cpu_set_t one;
        CPU_ZERO(&one);
        CPU_SET(static_cast<unsigned>(usable_processors().front()), &one);
        ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
        EXPECT_EQ(workers_within(0, 0), 1u);
        EXPECT_EQ(execution_engine_linux_get_worker_count(make_engine(0).get()), 1u);
    });
    confined.join();
}

// SRS_EXECUTION_ENGINE_LINUX_01_001
TEST_F(worker_count, is_never_zero_where_the_system_does_not_tell_the_processors)
{
    linux_faults::fail_from(linux_faults::api::sched_getaffinity, 1, EPERM);
    EXPECT_EQ(workers_within(0, 0), 1u);
    EXPECT_EQ(workers_within(2, 0), 2u);
    EXPECT_EQ(execution_engine_linux_get_worker_count(make_engine(0, true).get()), 1u);
    EXPECT_GT(linux_faults::failures(linux_faults::api::sched_getaffinity), 0u);
}

// SRS_EXECUTION_ENGINE_01_001
TEST_F(worker_count, of_no_parameters_is_that_of_the_defaults)
{
    const engine_owner engine(execution_engine_create(nullptr));
    EXPECT_EQ(execution_engine_linux_get_worker_count(engine.get()),
              (std::max)(processors(), static_cast<std::uint32_t>(DEFAULT_MIN_THREAD_COUNT)));
}

// SRS_EXECUTION_ENGINE_01_005
TEST_F(worker_count, with_a_maximum_below_the_minimum_is_refused)
{
    const EXECUTION_ENGINE_PARAMETERS parameters{3, 2};
    contract::expect_refused(static_cast<EXECUTION_ENGINE_HANDLE>(nullptr), "execution_engine_create",
                             "max_thread_count", [&] { return execution_engine_create(&parameters); });
}

// SRS_EXECUTION_ENGINE_LINUX_01_004, SRS_EXECUTION_ENGINE_LINUX_01_006
TEST_F(worker_count, is_what_was_asked_for)
{
    EXPECT_EQ(execution_engine_linux_get_worker_count(make_engine(1).get()), 1u);
    EXPECT_EQ(execution_engine_linux_get_worker_count(make_engine(5).get()), 5u);
    EXPECT_EQ(execution_engine_linux_get_worker_count(make_engine(0).get()), processors());
}

// SRS_EXECUTION_ENGINE_LINUX_01_006
TEST_F(worker_count, of_no_engine_is_zero)
{
    contract::expect_refused(0u, "execution_engine_linux_get_worker_count", "execution_engine",
                             [] { return execution_engine_linux_get_worker_count(nullptr); });
}

// SRS_EXECUTION_ENGINE_01_002, SRS_EXECUTION_ENGINE_LINUX_01_004
TEST_F(worker_count, is_the_number_of_threads_that_there_are_more_than_before)
{
    const std::size_t before = threads_of_process();
    const engine_owner engine = make_engine(3);
    ASSERT_TRUE(engine);
    EXPECT_EQ(threads_of_process(), before + 3);
}

// SRS_EXECUTION_ENGINE_LINUX_01_032
TEST_F(worker_count, does_not_depend_on_the_processor_that_the_creating_worker_stays_on)
{
    const std::size_t here = usable_processors().size();
    const engine_owner outer = make_engine(1, true);
    ASSERT_TRUE(outer);
    std::size_t on_worker = 0;
    std::uint32_t workers = 0;
    std::size_t on_inner_worker = 0;
    contract::delay_operation in_inner;
    in_inner.in_callback = [&] { on_inner_worker = usable_processors().size(); };
    contract::delay_operation in_outer;
    in_outer.in_callback = [&] {
        on_worker = usable_processors().size();
        const engine_owner inner = make_engine(0);
        workers = execution_engine_linux_get_worker_count(inner.get());
        EXPECT_EQ(in_inner.start(inner.get(), 0), 0);
        EXPECT_TRUE(in_inner.wait());
    };
    ASSERT_EQ(in_outer.start(outer.get(), 0), 0);
    ASSERT_TRUE(in_outer.wait());
    EXPECT_EQ(on_worker, 1U);
    EXPECT_EQ(workers, here);
    EXPECT_EQ(on_inner_worker, here);
}

} // namespace
} // namespace linux_tests
