// SPDX-License-Identifier: MIT

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "async_socket/async_socket.h"
#include "async_socket/execution_engine.h"
#include "async_socket/log.h"
#include "async_socket/socket_transport.h"
#include "support/fixture.h"
#include "support/owned_transport.h"

namespace {

using namespace unit;

class log_test : public win32_test {
protected:
    log_test() { async_socket_set_log_handler(nullptr, nullptr); }
    ~log_test() override { async_socket_set_log_handler(nullptr, nullptr); }
};

struct counted {
    std::atomic<int> calls{0};
    std::atomic<int> inside{0};
    std::atomic<bool> overlapped{false};
    ASYNC_SOCKET_LOG_LEVEL level{};
    std::string message;

    static void note(ASYNC_SOCKET_LOG_LEVEL level, const char* message, void* context)
    {
        auto* const self = static_cast<counted*>(context);
        if (self->inside.fetch_add(1) != 0) {
            self->overlapped = true;
        }
        self->level = level;
        self->message = message;
        self->calls++;
        std::this_thread::yield();
        self->inside--;
    }
};

// SRS_ASYNC_SOCKET_LOG_01_001
TEST_F(log_test, nothing_is_reported_while_no_handler_is_installed)
{
    counted seen;
    EXPECT_EQ(async_socket_create(nullptr), nullptr);
    EXPECT_EQ(async_socket_set_log_handler(counted::note, &seen), 0);
    EXPECT_EQ(async_socket_set_log_handler(nullptr, nullptr), 0);
    EXPECT_EQ(async_socket_create(nullptr), nullptr);
    EXPECT_EQ(seen.calls, 0);
}

// SRS_ASYNC_SOCKET_LOG_01_002
TEST_F(log_test, the_handler_gets_level_message_and_its_context)
{
    counted seen;
    async_socket_set_log_handler(counted::note, &seen);
    EXPECT_EQ(async_socket_create(nullptr), nullptr);
    EXPECT_EQ(seen.calls, 1);
    EXPECT_EQ(seen.level, ASYNC_SOCKET_LOG_LEVEL_ERROR);
    EXPECT_EQ(seen.message, "async_socket_create: execution_engine is NULL");
}

// SRS_ASYNC_SOCKET_LOG_01_002
TEST_F(log_test, calls_of_the_handler_do_not_overlap)
{
    counted seen;
    async_socket_set_log_handler(counted::note, &seen);
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; i++) {
        threads.emplace_back([] {
            for (int j = 0; j < 200; j++) {
                EXPECT_EQ(async_socket_create(nullptr), nullptr);
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(seen.calls, 800);
    EXPECT_FALSE(seen.overlapped);
}

// SRS_ASYNC_SOCKET_LOG_01_003, SRS_ASYNC_SOCKET_GUARANTEE_01_010
TEST_F(log_test, a_failure_of_the_system_is_named_with_text_and_number)
{
    counted seen;
    async_socket_set_log_handler(counted::note, &seen);
    fake_win32::fail_call(api::CreateThreadpool, 1, ERROR_NOT_ENOUGH_MEMORY);
    EXPECT_EQ(execution_engine_create(nullptr), nullptr);
    EXPECT_EQ(seen.message, "execution_engine_create: CreateThreadpool failed: t\xc3\xa9xt of system error 8 (8)");
}

// SRS_ASYNC_SOCKET_LOG_01_003
TEST_F(log_test, a_refused_argument_is_named_with_its_function)
{
    counted seen;
    async_socket_set_log_handler(counted::note, &seen);
    EXPECT_NE(socket_transport_connect(nullptr, "localhost", 1, 0), 0);
    EXPECT_THAT(seen.message, testing::StartsWith("socket_transport_connect: socket_transport "));
}

// SRS_ASYNC_SOCKET_LOG_01_004
TEST_F(log_test, the_handler_before_is_not_called_once_it_is_replaced)
{
    counted first;
    counted second;
    async_socket_set_log_handler(counted::note, &first);
    async_socket_set_log_handler(counted::note, &second);
    EXPECT_EQ(async_socket_create(nullptr), nullptr);
    EXPECT_EQ(first.calls, 0);
    EXPECT_EQ(second.calls, 1);
}

struct blocking {
    std::atomic<bool> entered{false};
    std::atomic<bool> released{false};
    std::atomic<bool> left{false};

    static void note(ASYNC_SOCKET_LOG_LEVEL, const char*, void* context)
    {
        auto* const self = static_cast<blocking*>(context);
        self->entered = true;
        self->entered.notify_all();
        self->released.wait(false);
        self->left = true;
    }
};

// SRS_ASYNC_SOCKET_LOG_01_004
TEST_F(log_test, replacing_a_handler_waits_until_it_has_returned)
{
    blocking handler;
    async_socket_set_log_handler(blocking::note, &handler);
    std::thread reporter([] { EXPECT_EQ(async_socket_create(nullptr), nullptr); });
    handler.entered.wait(false);
    std::atomic<bool> replacing{false};
    bool had_left = false;
    std::thread replacer([&] {
        replacing = true;
        replacing.notify_all();
        async_socket_set_log_handler(nullptr, nullptr);
        had_left = handler.left;
    });
    replacing.wait(false);
    // Gives the replacer every chance to be too early.
    for (int i = 0; i < 1000; i++) {
        std::this_thread::yield();
    }
    handler.released = true;
    handler.released.notify_all();
    replacer.join();
    reporter.join();
    EXPECT_TRUE(had_left);
}

struct reentrant {
    int result = 0;
    int calls = 0;

    static void note(ASYNC_SOCKET_LOG_LEVEL, const char*, void* context)
    {
        auto* const self = static_cast<reentrant*>(context);
        self->calls++;
        self->result = async_socket_set_log_handler(nullptr, nullptr);
    }
};

// SRS_ASYNC_SOCKET_LOG_01_005
TEST_F(log_test, a_handler_cannot_replace_itself)
{
    reentrant handler;
    async_socket_set_log_handler(reentrant::note, &handler);
    EXPECT_EQ(async_socket_create(nullptr), nullptr);
    EXPECT_NE(handler.result, 0);
    EXPECT_EQ(async_socket_create(nullptr), nullptr);
    EXPECT_EQ(handler.calls, 2);
}

} // namespace
