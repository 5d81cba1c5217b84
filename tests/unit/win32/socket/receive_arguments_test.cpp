// SPDX-License-Identifier: MIT

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "async_socket/async_socket.h"
#include "support/fixture.h"
#include "support/open_socket.h"

namespace {

using namespace unit;

class async_socket_receive_arguments_test : public win32_test {
protected:
    // Refused, with nothing begun.
    void expect_refused(ASYNC_SOCKET_BUFFER* payload, std::uint32_t count, const std::string& argument)
    {
        fake_win32::forget_calls();
        const std::size_t allocations = live().allocations;
        EXPECT_NE(async_socket_receive_async(opened.socket.get(), payload, count, outcome::on_receive, &never), 0);
        expect_refusal("async_socket_receive_async", argument);
        EXPECT_THAT(fake_win32::calls(), testing::IsEmpty());
        EXPECT_EQ(live().allocations, allocations);
        EXPECT_EQ(never.count(), 0);
    }

    open_socket opened;
    outcome never;
    char memory[8] = "abcdefg";
    ASYNC_SOCKET_BUFFER buffer{memory, 4};
};

// SRS_ASYNC_SOCKET_WIN32_01_073
TEST_F(async_socket_receive_arguments_test, a_null_socket_is_refused)
{
    EXPECT_NE(async_socket_receive_async(nullptr, &buffer, 1, outcome::on_receive, &never), 0);
    expect_refusal("async_socket_receive_async", "async_socket");
    EXPECT_EQ(never.count(), 0);
}

// SRS_ASYNC_SOCKET_WIN32_01_074, SRS_ASYNC_SOCKET_GUARANTEE_01_009
TEST_F(async_socket_receive_arguments_test, a_null_payload_is_refused)
{
    expect_refused(nullptr, 1, "payload");
}

// SRS_ASYNC_SOCKET_WIN32_01_075
TEST_F(async_socket_receive_arguments_test, a_null_callback_is_refused)
{
    fake_win32::forget_calls();
    EXPECT_NE(async_socket_receive_async(opened.socket.get(), &buffer, 1, nullptr, &never), 0);
    expect_refusal("async_socket_receive_async", "on_receive_complete");
    EXPECT_THAT(fake_win32::calls(), testing::IsEmpty());
}

// SRS_ASYNC_SOCKET_WIN32_01_086
TEST_F(async_socket_receive_arguments_test, no_buffers_are_refused)
{
    expect_refused(&buffer, 0, "buffer_count");
}

// SRS_ASYNC_SOCKET_WIN32_01_103
TEST_F(async_socket_receive_arguments_test, too_many_buffers_are_refused_before_one_is_read)
{
    // One only, and itself one to refuse, which would be named if it were read.
    const auto only = std::make_unique<ASYNC_SOCKET_BUFFER>(ASYNC_SOCKET_BUFFER{nullptr, 4});
    expect_refused(only.get(), UINT32_MAX, "buffer_count");
    constexpr std::uint32_t array_alone_fits = UINT32_MAX / sizeof(SOCKET_BUFFER);
    expect_refused(only.get(), array_alone_fits, "buffer_count");
    expect_refused(only.get(), array_alone_fits - 256 / sizeof(SOCKET_BUFFER), "payload[0].buffer");
}

// SRS_ASYNC_SOCKET_WIN32_01_091
TEST_F(async_socket_receive_arguments_test, a_null_buffer_is_refused_wherever_it_stands)
{
    for (std::size_t bad = 0; bad < 3; bad++) {
        ASYNC_SOCKET_BUFFER buffers[] = {{memory, 1}, {memory + 1, 2}, {memory + 3, 3}};
        buffers[bad].buffer = nullptr;
        expect_refused(buffers, 3, "payload[" + std::to_string(bad) + "].buffer");
    }
}

// SRS_ASYNC_SOCKET_WIN32_01_092
TEST_F(async_socket_receive_arguments_test, a_length_of_0_is_refused_wherever_it_stands)
{
    for (std::size_t bad = 0; bad < 3; bad++) {
        ASYNC_SOCKET_BUFFER buffers[] = {{memory, 1}, {memory + 1, 2}, {memory + 3, 3}};
        buffers[bad].length = 0;
        expect_refused(buffers, 3, "payload[" + std::to_string(bad) + "].length");
    }
}

// SRS_ASYNC_SOCKET_WIN32_01_096
TEST_F(async_socket_receive_arguments_test, a_total_over_uint32_max_is_refused)
{
    ASYNC_SOCKET_BUFFER one_too_many[] = {{memory, UINT32_MAX}, {memory, 1}};
    expect_refused(one_too_many, 2, "payload");
    ASYNC_SOCKET_BUFFER halves[] = {{memory, 0x80000000u}, {memory, 0x80000000u}};
    expect_refused(halves, 2, "payload");
}

// SRS_ASYNC_SOCKET_WIN32_01_096, SRS_ASYNC_SOCKET_WIN32_01_069
TEST_F(async_socket_receive_arguments_test, a_total_of_exactly_uint32_max_is_taken)
{
    fake_win32::hold_operations(); // so that nobody writes to memory that is not there
    ASYNC_SOCKET_BUFFER buffers[] = {{memory, UINT32_MAX - 1}, {memory, 1}};
    outcome receive;
    ASSERT_EQ(async_socket_receive_async(opened.socket.get(), buffers, 2, outcome::on_receive, &receive), 0);
    ASSERT_TRUE(fake_win32::complete(fake_win32::pending_operations().at(0).overlapped, NO_ERROR, UINT32_MAX));
    EXPECT_EQ(receive.received(), ASYNC_SOCKET_RECEIVE_OK);
    EXPECT_EQ(receive.bytes(), UINT32_MAX);
}

// SRS_ASYNC_SOCKET_WIN32_01_076
TEST_F(async_socket_receive_arguments_test, a_null_context_is_allowed)
{
    static gate* called = nullptr;
    gate calls;
    called = &calls;
    const auto on_receive = [](void* context, ASYNC_SOCKET_RECEIVE_RESULT, std::uint32_t) {
        if (context == nullptr) {
            called->open();
        }
    };
    EXPECT_EQ(async_socket_receive_async(opened.socket.get(), &buffer, 1, on_receive, nullptr), 0);
    opened.peer().send("x");
    calls.wait();
    async_socket_close(opened.socket.get());
}

// SRS_ASYNC_SOCKET_WIN32_01_098
TEST_F(async_socket_receive_arguments_test, a_socket_that_is_not_open_receives_nothing)
{
    closed_socket closed;
    EXPECT_NE(async_socket_receive_async(closed.socket.get(), &buffer, 1, outcome::on_receive, &never), 0);
    expect_refusal("async_socket_receive_async", "async_socket");
    async_socket_close(opened.socket.get());
    EXPECT_NE(async_socket_receive_async(opened.socket.get(), &buffer, 1, outcome::on_receive, &never), 0);
    EXPECT_EQ(count_of(api::WSARecv), 0u);
    EXPECT_EQ(never.count(), 0);
}

// SRS_ASYNC_SOCKET_WIN32_04_002
TEST_F(async_socket_receive_arguments_test, waiting_for_readiness_is_not_offered)
{
    static int calls = 0;
    calls = 0;
    const auto on_notify = [](void*, ASYNC_SOCKET_NOTIFY_IO_RESULT) { calls++; };
    fake_win32::forget_calls();
    EXPECT_NE(async_socket_notify_io_async(opened.socket.get(), ASYNC_SOCKET_NOTIFY_IO_TYPE_IN, on_notify, nullptr), 0);
    expect_refusal("async_socket_notify_io_async", "not offered");
    EXPECT_NE(async_socket_notify_io_async(nullptr, ASYNC_SOCKET_NOTIFY_IO_TYPE_OUT, nullptr, nullptr), 0);
    EXPECT_THAT(fake_win32::calls(), testing::IsEmpty());
    EXPECT_EQ(calls, 0);
}

} // namespace
