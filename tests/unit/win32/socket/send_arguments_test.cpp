// SPDX-License-Identifier: MIT

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "async_socket/async_socket.h"
#include "support/fixture.h"
#include "support/open_socket.h"

namespace {

using namespace unit;

// Expects the send to be refused with nothing begun. Names what the log must say.
class async_socket_send_arguments_test : public win32_test {
protected:
    void expect_refused(const ASYNC_SOCKET_BUFFER* payload, std::uint32_t count, const std::string& argument)
    {
        fake_win32::forget_calls();
        const std::size_t allocations = live().allocations;
        EXPECT_EQ(async_socket_send_async(opened.socket.get(), payload, count, outcome::on_send, &never),
                  ASYNC_SOCKET_SEND_SYNC_ERROR);
        expect_refusal("async_socket_send_async", argument);
        EXPECT_THAT(fake_win32::calls(), testing::IsEmpty());
        EXPECT_EQ(live().allocations, allocations);
        EXPECT_EQ(never.count(), 0);
    }

    open_socket opened;
    outcome never;
    char memory[8] = "abcdefg";
};

// SRS_ASYNC_SOCKET_WIN32_01_024
TEST_F(async_socket_send_arguments_test, a_null_socket_is_refused)
{
    const ASYNC_SOCKET_BUFFER buffer{memory, 4};
    EXPECT_EQ(async_socket_send_async(nullptr, &buffer, 1, outcome::on_send, &never), ASYNC_SOCKET_SEND_SYNC_ERROR);
    expect_refusal("async_socket_send_async", "async_socket");
    EXPECT_EQ(never.count(), 0);
}

// SRS_ASYNC_SOCKET_WIN32_01_025, SRS_ASYNC_SOCKET_GUARANTEE_01_009
TEST_F(async_socket_send_arguments_test, a_null_payload_is_refused)
{
    expect_refused(nullptr, 1, "payload");
}

// SRS_ASYNC_SOCKET_WIN32_01_085
TEST_F(async_socket_send_arguments_test, no_buffers_are_refused)
{
    const ASYNC_SOCKET_BUFFER buffer{memory, 4};
    expect_refused(&buffer, 0, "buffer_count");
}

// SRS_ASYNC_SOCKET_WIN32_01_103
TEST_F(async_socket_send_arguments_test, too_many_buffers_are_refused_before_one_is_read)
{
    // One only: to read another would be found by AddressSanitizer. It is itself one to refuse, which would be named
    // if it were read.
    const auto buffer = std::make_unique<ASYNC_SOCKET_BUFFER>(ASYNC_SOCKET_BUFFER{nullptr, 4});
    expect_refused(buffer.get(), UINT32_MAX, "buffer_count");
    constexpr std::uint32_t array_alone_fits = UINT32_MAX / sizeof(SOCKET_BUFFER);
    expect_refused(buffer.get(), array_alone_fits, "buffer_count");
    // With room for the record this much smaller count passes, and then the buffer is looked at.
    expect_refused(buffer.get(), array_alone_fits - 256 / sizeof(SOCKET_BUFFER), "payload[0].buffer");
}

// SRS_ASYNC_SOCKET_WIN32_01_089
TEST_F(async_socket_send_arguments_test, a_null_buffer_is_refused_wherever_it_stands)
{
    for (std::size_t bad = 0; bad < 3; bad++) {
        ASYNC_SOCKET_BUFFER buffers[] = {{memory, 1}, {memory + 1, 2}, {memory + 3, 3}};
        buffers[bad].buffer = nullptr;
        expect_refused(buffers, 3, "payload[" + std::to_string(bad) + "].buffer");
    }
}

// SRS_ASYNC_SOCKET_WIN32_01_090
TEST_F(async_socket_send_arguments_test, a_length_of_0_is_refused_wherever_it_stands)
{
    for (std::size_t bad = 0; bad < 3; bad++) {
        ASYNC_SOCKET_BUFFER buffers[] = {{memory, 1}, {memory + 1, 2}, {memory + 3, 3}};
        buffers[bad].length = 0;
        expect_refused(buffers, 3, "payload[" + std::to_string(bad) + "].length");
    }
}

// SRS_ASYNC_SOCKET_WIN32_01_101
TEST_F(async_socket_send_arguments_test, a_total_over_uint32_max_is_refused)
{
    const ASYNC_SOCKET_BUFFER one_too_many[] = {{memory, UINT32_MAX}, {memory, 1}};
    expect_refused(one_too_many, 2, "payload");
    const ASYNC_SOCKET_BUFFER far_too_many[] = {{memory, UINT32_MAX}, {memory, UINT32_MAX}, {memory, 2}};
    expect_refused(far_too_many, 3, "payload");
    const ASYNC_SOCKET_BUFFER halves[] = {{memory, 0x80000000u}, {memory, 0x80000000u}};
    expect_refused(halves, 2, "payload");
}

// SRS_ASYNC_SOCKET_WIN32_01_101, SRS_ASYNC_SOCKET_WIN32_01_066
TEST_F(async_socket_send_arguments_test, a_total_of_exactly_uint32_max_is_taken)
{
    fake_win32::hold_operations(); // so that nobody reads the memory that is not there
    const ASYNC_SOCKET_BUFFER buffers[] = {{memory, UINT32_MAX - 1}, {memory, 1}};
    outcome send;
    ASSERT_EQ(async_socket_send_async(opened.socket.get(), buffers, 2, outcome::on_send, &send),
              ASYNC_SOCKET_SEND_SYNC_OK);
    ASSERT_TRUE(fake_win32::complete(fake_win32::pending_operations().at(0).overlapped, NO_ERROR, UINT32_MAX));
    EXPECT_EQ(send.sent(), ASYNC_SOCKET_SEND_OK);
}

// SRS_ASYNC_SOCKET_WIN32_01_026
TEST_F(async_socket_send_arguments_test, a_null_callback_is_refused)
{
    const ASYNC_SOCKET_BUFFER buffer{memory, 4};
    fake_win32::forget_calls();
    EXPECT_EQ(async_socket_send_async(opened.socket.get(), &buffer, 1, nullptr, &never), ASYNC_SOCKET_SEND_SYNC_ERROR);
    expect_refusal("async_socket_send_async", "on_send_complete");
    EXPECT_THAT(fake_win32::calls(), testing::IsEmpty());
}

// SRS_ASYNC_SOCKET_WIN32_01_027
TEST_F(async_socket_send_arguments_test, a_null_context_is_allowed)
{
    static gate* called = nullptr;
    gate calls;
    called = &calls;
    const ASYNC_SOCKET_BUFFER buffer{memory, 4};
    const auto on_send = [](void* context, ASYNC_SOCKET_SEND_RESULT) {
        if (context == nullptr) {
            called->open();
        }
    };
    EXPECT_EQ(async_socket_send_async(opened.socket.get(), &buffer, 1, on_send, nullptr), ASYNC_SOCKET_SEND_SYNC_OK);
    calls.wait();
    async_socket_close(opened.socket.get());
}

// SRS_ASYNC_SOCKET_WIN32_01_097
TEST_F(async_socket_send_arguments_test, a_socket_that_is_not_open_sends_nothing)
{
    const ASYNC_SOCKET_BUFFER buffer{memory, 4};
    closed_socket closed;
    EXPECT_EQ(async_socket_send_async(closed.socket.get(), &buffer, 1, outcome::on_send, &never),
              ASYNC_SOCKET_SEND_SYNC_NOT_OPEN);
    expect_refusal("async_socket_send_async", "async_socket");
    async_socket_close(opened.socket.get());
    EXPECT_EQ(async_socket_send_async(opened.socket.get(), &buffer, 1, outcome::on_send, &never),
              ASYNC_SOCKET_SEND_SYNC_NOT_OPEN);
    EXPECT_EQ(count_of(api::WSASend), 0u);
    EXPECT_EQ(never.count(), 0);
}

} // namespace
