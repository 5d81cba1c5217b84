// SPDX-License-Identifier: MIT
//
// A ring that may be made, and may not be used: from the start, or from some time on.

#include <algorithm>
#include <cerrno>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "linux_support/fixture.h"
#include "support/log_capture.h"

namespace linux_tests {
namespace {

using linux_faults::api;

// SRS_EXECUTION_ENGINE_LINUX_01_017, SRS_EXECUTION_ENGINE_LINUX_01_002
TEST(refused_ring, is_none)
{
    const linux_faults::clean_scope clean;
    linux_faults::fail_from(api::io_uring_submit, 1, EPERM);
    const EXECUTION_ENGINE_LINUX_PARAMETERS any{EXECUTION_ENGINE_LINUX_BACKEND_ANY, 2, false};
    const engine_owner chosen(execution_engine_linux_create(&any));
    ASSERT_TRUE(chosen);
    EXPECT_EQ(execution_engine_linux_get_backend(chosen.get()), EXECUTION_ENGINE_LINUX_BACKEND_EPOLL);
    EXPECT_FALSE(make_engine(1));
}

class ring_that_is_refused : public with_one_worker {
protected:
    static void refuse()
    {
        for (const api each : {api::io_uring_submit, api::io_uring_submit_and_wait,
                               api::io_uring_submit_and_wait_timeout, api::io_uring_submit_and_get_events}) {
            linux_faults::fail_from(each, 1, EPERM);
        }
    }

    [[nodiscard]] std::size_t errors() const
    {
        const std::vector<contract::log_message> all = log_.messages();
        return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [](const auto& message) {
            return message.text.find("io_uring_enter") != std::string::npos;
        }));
    }

    const contract::log_capture log_;
};

// SRS_EXECUTION_ENGINE_LINUX_01_018
TEST_F(ring_that_is_refused, ends_what_is_pending_and_says_so_once)
{
    contract::receive_ex_operation& received = start_receive_ex(socket.get(), 10);
    notification& told = start_notification(socket.get(), ASYNC_SOCKET_NOTIFY_IO_TYPE_IN);
    await_worker();
    refuse();
    contract::receive_ex_operation& behind = start_receive_ex(socket.get(), 10);
    ASSERT_TRUE(received.wait());
    ASSERT_TRUE(behind.wait());
    ASSERT_TRUE(told.wait());
    EXPECT_EQ(received.status(), ASYNC_STATUS_ERROR);
    EXPECT_EQ(received.system_error(), EPERM);
    EXPECT_EQ(told.result(), ASYNC_SOCKET_NOTIFY_IO_RESULT_ERROR);
    // The worker goes on with what needs no ring.
    contract::delay_operation& delay = make<contract::delay_operation>();
    ASSERT_EQ(delay.start(engine.get(), 1), 0);
    ASSERT_TRUE(delay.wait());
    contract::receive_ex_operation& late = start_receive_ex(socket.get(), 10);
    ASSERT_TRUE(late.wait());
    EXPECT_EQ(late.status(), ASYNC_STATUS_ERROR);
    async_socket_close(socket.get());
    EXPECT_EQ(errors(), 1u) << log_.text();
}

// SRS_EXECUTION_ENGINE_LINUX_01_018: the one that was closed is none of the worker's any more.
TEST_F(ring_that_is_refused, ends_what_is_pending_behind_a_socket_that_was_closed)
{
    const contract::connection other = contract::make_connection();
    const contract::socket_owner closed = contract::open_socket(engine.get(), other.local.get());
    on_worker_of(closed.get(), [] {});
    contract::receive_ex_operation& received = start_receive_ex(socket.get(), 10);
    await_worker();
    async_socket_close(closed.get());
    refuse();
    contract::receive_ex_operation& behind = start_receive_ex(socket.get(), 10);
    ASSERT_TRUE(received.wait());
    ASSERT_TRUE(behind.wait());
    EXPECT_EQ(received.status(), ASYNC_STATUS_ERROR);
    EXPECT_EQ(received.system_error(), EPERM);
}

// SRS_EXECUTION_ENGINE_LINUX_01_018
TEST_F(ring_that_is_refused, ends_connects)
{
    const contract::listener server;
    const contract::socket_owner connecting(async_socket_create(engine.get()));
    contract::connect_ex_operation& connected = make<contract::connect_ex_operation>();
    refuse();
    ASSERT_EQ(connected.start(connecting.get(), "127.0.0.1", server.port()), 0);
    ASSERT_TRUE(connected.wait());
    EXPECT_NE(connected.status(), ASYNC_STATUS_OK);
}

} // namespace
} // namespace linux_tests
