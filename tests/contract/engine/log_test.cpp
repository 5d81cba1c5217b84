// SPDX-License-Identifier: MIT
//
// The handler that a program installs for diagnostics.

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "async_socket/async_listener.h"
#include "async_socket/async_socket_ex.h"
#include "async_socket/socket_options.h"
#include "support/connection.h"
#include "support/event.h"
#include "support/log_capture.h"

namespace contract {
namespace {

void refuse_something()
{
    async_socket_create(nullptr);
}

class log_handler : public ::testing::Test {
protected:
    ~log_handler() override { async_socket_set_log_handler(nullptr, nullptr); }
};

// SRS_ASYNC_SOCKET_LOG_01_001, SRS_ASYNC_SOCKET_GUARANTEE_01_010
TEST_F(log_handler, is_not_called_after_it_was_removed)
{
    int calls = 0;
    EXPECT_EQ(async_socket_set_log_handler(
                  [](ASYNC_SOCKET_LOG_LEVEL, const char*, void* context) { ++*static_cast<int*>(context); }, &calls),
              0);
    EXPECT_EQ(async_socket_set_log_handler(nullptr, nullptr), 0);
    refuse_something();
    EXPECT_EQ(calls, 0);
}

// SRS_ASYNC_SOCKET_LOG_01_002, SRS_ASYNC_SOCKET_LOG_01_003, SRS_ASYNC_SOCKET_GUARANTEE_01_010
TEST_F(log_handler, is_called_with_the_level_a_line_and_its_context)
{
    const log_capture log;
    refuse_something();
    ASSERT_EQ(log.messages().size(), 1u) << log.text();
    const log_message message = log.messages().front();
    EXPECT_EQ(message.level, ASYNC_SOCKET_LOG_LEVEL_ERROR);
    EXPECT_NE(message.text.find("async_socket_create"), std::string::npos);
    EXPECT_NE(message.text.find("execution_engine"), std::string::npos);
    EXPECT_EQ(message.text.find_first_of("\r\n"), std::string::npos);
}

// SRS_ASYNC_SOCKET_LOG_01_007
TEST_F(log_handler, does_not_hear_of_what_is_allowed)
{
    const log_capture log;
    socket_transport_destroy(nullptr);
    socket_transport_disconnect(nullptr);
    socket_transport_reset(nullptr);
    async_socket_close(nullptr);
    async_socket_reset(nullptr);
    async_socket_destroy(nullptr);
    async_listener_close(nullptr);
    async_listener_destroy(nullptr);
    execution_engine_inc_ref(nullptr);
    execution_engine_dec_ref(nullptr);
    EXPECT_TRUE(log.messages().empty()) << log.text();
}

// SRS_ASYNC_SOCKET_LOG_01_003, SRS_ASYNC_SOCKET_GUARANTEE_01_010
TEST_F(log_handler, hears_of_failures_of_the_system_with_the_error_as_a_number)
{
    const transport_owner client(socket_transport_create_client());
    const std::uint16_t nobody = port_without_listener();
    const log_capture log;
    ASSERT_NE(socket_transport_connect(client.get(), "127.0.0.1", nobody, 10000), 0);
    ASSERT_TRUE(log.has_error_with({"socket_transport_connect"})) << log.text();
    bool has_number = false;
    for (const log_message& message : log.messages()) {
        has_number = has_number || message.text.find_first_of("0123456789") != std::string::npos;
    }
    EXPECT_TRUE(has_number) << log.text();
}

// SRS_ASYNC_SOCKET_LOG_01_002, SRS_ASYNC_SOCKET_LOG_01_004
TEST_F(log_handler, is_the_one_installed_last)
{
    int first = 0;
    const ON_ASYNC_SOCKET_LOG add = [](ASYNC_SOCKET_LOG_LEVEL, const char*, void* context) {
        ++*static_cast<int*>(context);
    };
    int second = 0;
    async_socket_set_log_handler(add, &first);
    async_socket_set_log_handler(add, &second);
    refuse_something();
    EXPECT_EQ(first, 0);
    EXPECT_EQ(second, 1);
}

// SRS_ASYNC_SOCKET_LOG_01_005
TEST_F(log_handler, is_not_changed_inside_a_handler)
{
    struct seen {
        int result = 0;
        int calls = 0;
    } now;
    async_socket_set_log_handler(
        [](ASYNC_SOCKET_LOG_LEVEL, const char*, void* context) {
            auto& self = *static_cast<seen*>(context);
            ++self.calls;
            self.result = async_socket_set_log_handler(nullptr, nullptr);
        },
        &now);
    refuse_something();
    refuse_something();
    EXPECT_NE(now.result, 0);
    EXPECT_EQ(now.calls, 2);
}

// SRS_ASYNC_SOCKET_LOG_01_002
TEST_F(log_handler, is_never_called_twice_at_the_same_time)
{
    struct seen {
        std::atomic<int> inside{0};
        std::atomic<int> overlaps{0};
        std::atomic<int> calls{0};
    } now;
    async_socket_set_log_handler(
        [](ASYNC_SOCKET_LOG_LEVEL, const char*, void* context) {
            auto& self = *static_cast<seen*>(context);
            self.overlaps += ++self.inside > 1 ? 1 : 0;
            ++self.calls;
            std::this_thread::yield();
            --self.inside;
        },
        &now);
    std::vector<std::jthread> threads;
    for (int i = 0; i != 4; ++i) {
        threads.emplace_back([] {
            for (int round = 0; round != 200; ++round) {
                refuse_something();
            }
        });
    }
    for (std::jthread& one : threads) {
        one.join();
    }
    EXPECT_EQ(now.calls, 800);
    EXPECT_EQ(now.overlaps, 0);
}

// SRS_ASYNC_SOCKET_LOG_01_004
TEST_F(log_handler, has_ended_when_it_was_replaced)
{
    struct seen {
        event entered;
        event release;
        std::atomic<bool> ended{false};
    } now;
    async_socket_set_log_handler(
        [](ASYNC_SOCKET_LOG_LEVEL, const char*, void* context) {
            auto& self = *static_cast<seen*>(context);
            self.entered.set();
            EXPECT_TRUE(self.release.wait());
            self.ended = true;
        },
        &now);
    std::jthread refusing(refuse_something);
    ASSERT_TRUE(now.entered.wait());
    event about_to_replace;
    std::jthread releasing([&] {
        EXPECT_TRUE(about_to_replace.wait());
        now.release.set();
    });
    about_to_replace.set();
    async_socket_set_log_handler(nullptr, nullptr);
    EXPECT_TRUE(now.ended);
    refusing.join();
    releasing.join();
}

} // namespace
} // namespace contract
