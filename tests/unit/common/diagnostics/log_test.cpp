// SPDX-License-Identifier: MIT

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/diagnostics/log.hpp"
#include "support/background.h"
#include "support/event.h"
#include "support/log_recorder.h"

namespace async_socket::detail {

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

void fail_when_called(ASYNC_SOCKET_LOG_LEVEL, const char*, void*)
{
    ADD_FAILURE() << "called without being installed";
}

// SRS_ASYNC_SOCKET_LOG_01_001
TEST(log_handler, nothing_is_reported_before_and_after_one_is_installed)
{
    EXPECT_FALSE(log_is_on());
    log(ASYNC_SOCKET_LOG_LEVEL_ERROR, "nobody listens");
    ASSERT_EQ(async_socket_set_log_handler(fail_when_called, nullptr), 0);
    EXPECT_TRUE(log_is_on());
    ASSERT_EQ(async_socket_set_log_handler(nullptr, nullptr), 0);
    EXPECT_FALSE(log_is_on());
    log(ASYNC_SOCKET_LOG_LEVEL_ERROR, "nobody listens any more");
}

// SRS_ASYNC_SOCKET_LOG_01_002
TEST(log_handler, is_told_level_message_and_its_context)
{
    log_recorder recorder;
    log(ASYNC_SOCKET_LOG_LEVEL_ERROR, "%s is %d", "answer", 42);
    log(ASYNC_SOCKET_LOG_LEVEL_WARNING, "so so");
    log(ASYNC_SOCKET_LOG_LEVEL_INFO, "100%%");
    EXPECT_THAT(recorder.take(),
                ElementsAre("ASYNC_SOCKET_LOG_LEVEL_ERROR answer is 42", "ASYNC_SOCKET_LOG_LEVEL_WARNING so so",
                            "ASYNC_SOCKET_LOG_LEVEL_INFO 100%"));
}

// SRS_ASYNC_SOCKET_LOG_01_003, SRS_ASYNC_SOCKET_GUARANTEE_01_009, SRS_ASYNC_SOCKET_GUARANTEE_01_010
TEST(log_handler, is_told_what_was_refused_and_what_has_failed)
{
    log_recorder recorder;
    log_refused("some_function", "argument", "is NULL");
    log_failed("some_function", "system_call", "no such luck", -5);
    EXPECT_THAT(recorder.take(),
                ElementsAre("ASYNC_SOCKET_LOG_LEVEL_ERROR some_function: argument is NULL",
                            "ASYNC_SOCKET_LOG_LEVEL_ERROR some_function: system_call failed: no such luck (-5)"));
}

TEST(log_handler, is_told_as_much_of_a_long_message_as_fits)
{
    log_recorder recorder;
    const std::string longest(100'000, 'x');
    log(ASYNC_SOCKET_LOG_LEVEL_INFO, "%s", longest.c_str());
    const auto messages = recorder.take();
    ASSERT_EQ(messages.size(), 1U);
    EXPECT_EQ(messages[0], "ASYNC_SOCKET_LOG_LEVEL_INFO " + std::string(511, 'x'));
}

// SRS_ASYNC_SOCKET_LOG_01_004
TEST(log_handler, takes_the_place_of_the_one_before)
{
    log_recorder before;
    log_recorder after;
    log(ASYNC_SOCKET_LOG_LEVEL_INFO, "who hears it?");
    EXPECT_THAT(before.take(), IsEmpty());
    EXPECT_EQ(after.take().size(), 1U);
}

// SRS_ASYNC_SOCKET_LOG_01_002: plain, so that ThreadSanitizer sees calls that overlap, too.
struct counted {
    int inside = 0;
    int calls = 0;

    static void handle(ASYNC_SOCKET_LOG_LEVEL, const char*, void* context)
    {
        auto* const me = static_cast<counted*>(context);
        EXPECT_EQ(++me->inside, 1);
        ++me->calls;
        --me->inside;
    }
};

TEST(log_handler, calls_do_not_overlap)
{
    constexpr int each = 2000;
    counted counted;
    ASSERT_EQ(async_socket_set_log_handler(counted::handle, &counted), 0);
    std::vector<std::unique_ptr<background>> threads;
    for (int i = 0; i < 4; ++i) {
        threads.push_back(std::make_unique<background>("reporter", [] {
            for (int message = 0; message < each; ++message) {
                log(ASYNC_SOCKET_LOG_LEVEL_INFO, "%d", message);
            }
        }));
    }
    threads.clear();
    ASSERT_EQ(async_socket_set_log_handler(nullptr, nullptr), 0);
    EXPECT_EQ(counted.calls, 4 * each);
}

// SRS_ASYNC_SOCKET_LOG_01_004
struct slow {
    event is_inside;
    event may_leave;
    std::atomic<bool> has_left{false};

    static void handle(ASYNC_SOCKET_LOG_LEVEL, const char*, void* context)
    {
        auto* const me = static_cast<slow*>(context);
        me->is_inside.set();
        me->may_leave.wait();
        me->has_left = true;
    }
};

TEST(log_handler, one_that_runs_is_waited_for_when_it_is_replaced)
{
    slow slow;
    ASSERT_EQ(async_socket_set_log_handler(slow::handle, &slow), 0);
    background reporter("reporter", [] { log(ASYNC_SOCKET_LOG_LEVEL_INFO, "slow"); });
    slow.is_inside.wait();
    background replacer("replacer", [&] {
        EXPECT_EQ(async_socket_set_log_handler(nullptr, nullptr), 0);
        EXPECT_TRUE(slow.has_left);
    });
    slow.may_leave.set();
    reporter.finish();
    replacer.finish();
    EXPECT_FALSE(log_is_on());
}

// SRS_ASYNC_SOCKET_LOG_01_004: the context may be gone as soon as the handler has been replaced.
TEST(log_handler, one_that_was_replaced_is_not_called_again)
{
    std::atomic<bool> stop{false};
    background reporter("reporter", [&] {
        while (!stop) {
            log(ASYNC_SOCKET_LOG_LEVEL_INFO, "again and again");
        }
    });
    for (int i = 0; i < 500; ++i) {
        auto context = std::make_unique<counted>();
        ASSERT_EQ(async_socket_set_log_handler(counted::handle, context.get()), 0);
        ASSERT_EQ(async_socket_set_log_handler(nullptr, nullptr), 0);
        EXPECT_EQ(context->inside, 0);
    }
    stop = true;
}

// SRS_ASYNC_SOCKET_LOG_01_005
struct meddling {
    int calls = 0;
    int result = 0;

    static void handle(ASYNC_SOCKET_LOG_LEVEL, const char*, void* context)
    {
        auto* const me = static_cast<meddling*>(context);
        ++me->calls;
        me->result = async_socket_set_log_handler(nullptr, nullptr);
    }
};

TEST(log_handler, cannot_be_replaced_inside_itself)
{
    meddling meddling;
    ASSERT_EQ(async_socket_set_log_handler(meddling::handle, &meddling), 0);
    log(ASYNC_SOCKET_LOG_LEVEL_INFO, "first");
    EXPECT_NE(meddling.result, 0);
    EXPECT_TRUE(log_is_on());
    log(ASYNC_SOCKET_LOG_LEVEL_INFO, "second");
    EXPECT_EQ(meddling.calls, 2);
    ASSERT_EQ(async_socket_set_log_handler(nullptr, nullptr), 0) << "outside of it again";
    EXPECT_FALSE(log_is_on());
}

// A handler that reports breaks the rules, but must not deadlock.
TEST(log_handler, what_is_reported_inside_it_is_dropped)
{
    static int calls = 0;
    ASSERT_EQ(async_socket_set_log_handler(
                  [](ASYNC_SOCKET_LOG_LEVEL, const char*, void*) {
                      ++calls;
                      log(ASYNC_SOCKET_LOG_LEVEL_INFO, "from inside");
                  },
                  nullptr),
              0);
    log(ASYNC_SOCKET_LOG_LEVEL_INFO, "from outside");
    ASSERT_EQ(async_socket_set_log_handler(nullptr, nullptr), 0);
    EXPECT_EQ(calls, 1);
}

} // namespace

} // namespace async_socket::detail
