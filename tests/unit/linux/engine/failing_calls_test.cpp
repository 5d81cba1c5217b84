// SPDX-License-Identifier: MIT
//
// Every call of the system that making an engine needs fails once, at each of its turns, with each of its errors.

#include <cstddef>
#include <cstdint>
#include <thread>

#include <gtest/gtest.h>

#include "linux_faults/faults.h"
#include "linux_support/engines.h"
#include "linux_support/notification.h"
#include "support/fixture.h"

namespace linux_tests {
namespace {

using linux_faults::api;

constexpr std::uint32_t workers = 3;
// More turns than there can be: a bound, so that a call that always fails is not asked for ever.
constexpr std::size_t most_turns = 100;

// In a thread of its own, whose records go when it ends.
template <typename Function>
void in_own_thread(Function function)
{
    std::thread thread(function);
    thread.join();
}

void expect_works(EXECUTION_ENGINE_HANDLE engine)
{
    const linux_faults::exempt ours;
    in_own_thread([&] {
        const linux_faults::exempt ours_too;
        const contract::connection link = contract::make_connection();
        notification called;
        const contract::socket_owner socket = contract::open_socket(engine, link.local.get());
        ASSERT_EQ(called.start(socket.get()), 0);
        ASSERT_TRUE(called.wait());
        EXPECT_EQ(called.result(), ASYNC_SOCKET_NOTIFY_IO_RESULT_OUT);
    });
}

// What fails this is not enough for an engine to be refused.
bool is_needed(api which)
{
    return which != api::sched_getaffinity;
}

class failing_calls : public ::testing::TestWithParam<api> {
protected:
    linux_faults::clean_scope clean_;
};

// SRS_EXECUTION_ENGINE_01_006, SRS_EXECUTION_ENGINE_LINUX_01_003
TEST_P(failing_calls, leave_no_engine_and_nothing_else)
{
    const api which = GetParam();
    std::size_t turns = 0;
    for (const int error : linux_faults::errors_of(which)) {
        SCOPED_TRACE(::testing::Message() << linux_faults::name_of(which) << ", error " << error);
        bool failed = true;
        for (std::size_t nth = 1; failed; ++nth) {
            ASSERT_LT(nth, most_turns);
            const footprint before = footprint_now();
            linux_faults::reset();
            linux_faults::fail_nth(which, nth, error);
            {
                const engine_owner engine = make_engine(workers, true);
                failed = linux_faults::failures(which) != 0;
                if (failed && is_needed(which)) {
                    EXPECT_FALSE(engine) << nth;
                } else {
                    ASSERT_TRUE(engine) << nth;
                    expect_works(engine.get());
                }
                turns += failed ? 1 : 0;
                linux_faults::reset();
            }
            ASSERT_TRUE(returns_to(before)) << nth << ": " << ::testing::PrintToString(footprint_now());
        }
    }
    const bool is_for_other_backend =
        which == (is_io_uring_under_test() ? api::epoll_create1 : api::io_uring_queue_init_params) ||
        (which == api::epoll_ctl && is_io_uring_under_test());
    if (!is_for_other_backend) {
        EXPECT_GE(turns, 1u) << "nothing failed: the call is not made at all";
    }
}

INSTANTIATE_TEST_SUITE_P(all, failing_calls,
                         ::testing::Values(api::eventfd, api::pthread_create, api::operator_new, api::sched_getaffinity,
                                           api::epoll_create1, api::epoll_ctl, api::io_uring_queue_init_params),
                         [](const auto& parameter) { return linux_faults::name_of(parameter.param); });

} // namespace
} // namespace linux_tests
