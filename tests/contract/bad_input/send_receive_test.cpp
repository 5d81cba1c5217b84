// SPDX-License-Identifier: MIT
//
// What send_async, receive_async and notify_io_async refuse; after each refusal the socket goes on.

#include <array>
#include <cstdint>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "expected_results.h"
#include "support/fixture.h"
#include "support/refusal.h"

namespace contract {
namespace {

constexpr std::uint32_t largest = (std::numeric_limits<std::uint32_t>::max)();

void never_sent(void*, ASYNC_SOCKET_SEND_RESULT)
{
    ADD_FAILURE() << "the callback of a refused send was called";
}

void never_received(void*, ASYNC_SOCKET_RECEIVE_RESULT, std::uint32_t)
{
    ADD_FAILURE() << "the callback of a refused receive was called";
}

void never_notified(void*, ASYNC_SOCKET_NOTIFY_IO_RESULT)
{
    ADD_FAILURE() << "the callback of a refused notify_io was called";
}

class bad_input : public with_socket {
protected:
    void TearDown() override { expect_works(socket.get(), link.peer.get()); }

    void expect_send_refused(const char* argument, ASYNC_SOCKET_HANDLE on, const ASYNC_SOCKET_BUFFER* payload,
                             std::uint32_t count, ON_ASYNC_SOCKET_SEND_COMPLETE callback)
    {
        expect_refused(ASYNC_SOCKET_SEND_SYNC_ERROR, "async_socket_send_async", argument,
                       [&] { return async_socket_send_async(on, payload, count, callback, nullptr); });
    }

    void expect_receive_refused(const char* argument, ASYNC_SOCKET_HANDLE on, ASYNC_SOCKET_BUFFER* payload,
                                std::uint32_t count, ON_ASYNC_SOCKET_RECEIVE_COMPLETE callback)
    {
        expect_refused("async_socket_receive_async", argument,
                       [&] { return async_socket_receive_async(on, payload, count, callback, nullptr); });
    }

    // Expects that both directions refuse the payload.
    void expect_payload_refused(const char* argument, std::vector<ASYNC_SOCKET_BUFFER> payload)
    {
        const auto count = static_cast<std::uint32_t>(payload.size());
        expect_send_refused(argument, socket.get(), payload.data(), count, never_sent);
        expect_receive_refused(argument, socket.get(), payload.data(), count, never_received);
    }

    std::array<unsigned char, 16> memory{};
    ASYNC_SOCKET_BUFFER good{memory.data(), 16};
};

// SRS_ASYNC_SOCKET_GUARANTEE_01_009, SRS_ASYNC_SOCKET_WIN32_01_024, SRS_ASYNC_SOCKET_WIN32_01_073
TEST_F(bad_input, a_null_socket)
{
    expect_send_refused("async_socket", nullptr, &good, 1, never_sent);
    expect_receive_refused("async_socket", nullptr, &good, 1, never_received);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_009, SRS_ASYNC_SOCKET_WIN32_01_025, SRS_ASYNC_SOCKET_WIN32_01_074
TEST_F(bad_input, a_null_payload)
{
    expect_send_refused("payload", socket.get(), nullptr, 1, never_sent);
    expect_receive_refused("payload", socket.get(), nullptr, 1, never_received);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_009, SRS_ASYNC_SOCKET_WIN32_01_085, SRS_ASYNC_SOCKET_WIN32_01_086
TEST_F(bad_input, a_buffer_count_of_zero)
{
    expect_send_refused("buffer_count", socket.get(), &good, 0, never_sent);
    expect_receive_refused("buffer_count", socket.get(), &good, 0, never_received);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_009, SRS_ASYNC_SOCKET_WIN32_01_026, SRS_ASYNC_SOCKET_WIN32_01_075
TEST_F(bad_input, a_null_callback)
{
    expect_send_refused("on_send_complete", socket.get(), &good, 1, nullptr);
    expect_receive_refused("on_receive_complete", socket.get(), &good, 1, nullptr);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_009, SRS_ASYNC_SOCKET_WIN32_01_103
TEST_F(bad_input, a_buffer_count_so_large_that_it_is_refused_before_any_buffer_is_read)
{
    // One buffer is there: reading the others would run off the end of the memory. The size of a record for so many
    // does not fit in 32 bits.
    constexpr auto too_large = static_cast<std::uint32_t>(largest / sizeof(SOCKET_BUFFER));
    for (const std::uint32_t count : {largest, largest / 2, too_large + 1, too_large}) {
        expect_send_refused("buffer_count", socket.get(), &good, count, never_sent);
        expect_receive_refused("buffer_count", socket.get(), &good, count, never_received);
    }
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_009, SRS_ASYNC_SOCKET_WIN32_01_089, SRS_ASYNC_SOCKET_WIN32_01_091
TEST_F(bad_input, a_null_buffer_at_each_place)
{
    expect_payload_refused("buffer", {{nullptr, 16}});
    expect_payload_refused("buffer", {{nullptr, 16}, good, good});
    expect_payload_refused("buffer", {good, {nullptr, 16}, good});
    expect_payload_refused("buffer", {good, good, {nullptr, 16}});
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_009, SRS_ASYNC_SOCKET_WIN32_01_090, SRS_ASYNC_SOCKET_WIN32_01_092
TEST_F(bad_input, a_length_of_zero_at_each_place)
{
    const ASYNC_SOCKET_BUFFER empty{memory.data(), 0};
    expect_payload_refused("length", {empty});
    expect_payload_refused("length", {empty, good, good});
    expect_payload_refused("length", {good, empty, good});
    expect_payload_refused("length", {good, good, empty});
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_009, SRS_ASYNC_SOCKET_WIN32_01_089, SRS_ASYNC_SOCKET_WIN32_01_090
TEST_F(bad_input, a_null_buffer_of_length_zero)
{
    expect_payload_refused("payload", {{nullptr, 0}});
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_009, SRS_ASYNC_SOCKET_WIN32_01_101, SRS_ASYNC_SOCKET_WIN32_01_096
TEST_F(bad_input, a_total_length_over_the_maximum)
{
    // The lengths are lies, but nothing is read: the total is refused first.
    expect_payload_refused("payload", {{memory.data(), largest}, {memory.data(), 1}});
    expect_payload_refused("payload", {{memory.data(), 1}, {memory.data(), largest}});
    expect_payload_refused("payload", {{memory.data(), largest}, {memory.data(), largest}});
    // A sum that is small again when it is counted in 32 bits.
    expect_payload_refused("payload", {{memory.data(), largest}, {memory.data(), 1}, {memory.data(), 16}});
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_009, SRS_ASYNC_SOCKET_WIN32_04_002
TEST_F(bad_input, of_notify_io)
{
    ASYNC_SOCKET_HANDLE const good_socket = socket.get();
    EXPECT_NE(async_socket_notify_io_async(nullptr, ASYNC_SOCKET_NOTIFY_IO_TYPE_IN, never_notified, nullptr), 0);
    EXPECT_NE(async_socket_notify_io_async(good_socket, ASYNC_SOCKET_NOTIFY_IO_TYPE_IN, nullptr, nullptr), 0);
    for (const int value : {0, 3, -1, 1000}) {
        EXPECT_NE(async_socket_notify_io_async(good_socket, static_cast<ASYNC_SOCKET_NOTIFY_IO_TYPE>(value),
                                               never_notified, nullptr),
                  0);
    }
}

// SRS_ASYNC_SOCKET_WIN32_04_002
TEST_F(bad_input, notify_io_where_it_is_not_offered)
{
    if (expected::notify_io_is_offered) {
        GTEST_SKIP() << "this platform offers it";
    }
    const log_capture log;
    EXPECT_NE(async_socket_notify_io_async(socket.get(), ASYNC_SOCKET_NOTIFY_IO_TYPE_IN, never_notified, nullptr), 0);
    EXPECT_NE(async_socket_notify_io_async(socket.get(), ASYNC_SOCKET_NOTIFY_IO_TYPE_OUT, never_notified, nullptr), 0);
    EXPECT_TRUE(log.has_error_with({"async_socket_notify_io_async"})) << log.text();
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_009, SRS_ASYNC_SOCKET_GUARANTEE_01_002
TEST_F(bad_input, leaves_pending_operations_as_they_are)
{
    receive_operation& receiving = start_receive(socket.get(), 10);
    expect_send_refused("payload", socket.get(), nullptr, 1, never_sent);
    expect_receive_refused("payload", socket.get(), nullptr, 1, never_received);
    EXPECT_FALSE(receiving.is_done());
    ASSERT_TRUE(send_all(link.peer.get(), pattern(10)));
    ASSERT_TRUE(receiving.wait());
    EXPECT_EQ(receiving.result(), ASYNC_SOCKET_RECEIVE_OK);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_009
TEST_F(bad_input, every_combination_of_bad_arguments_is_refused)
{
    ASYNC_SOCKET_BUFFER bad_buffer{nullptr, 16};
    ASYNC_SOCKET_BUFFER empty_buffer{memory.data(), 0};
    for (ASYNC_SOCKET_HANDLE const on : {ASYNC_SOCKET_HANDLE{nullptr}, socket.get()}) {
        for (ASYNC_SOCKET_BUFFER* const payload :
             {static_cast<ASYNC_SOCKET_BUFFER*>(nullptr), &bad_buffer, &empty_buffer, &good}) {
            for (const std::uint32_t count : {0u, 1u, largest}) {
                for (const bool callback : {false, true}) {
                    if (on != nullptr && payload == &good && count == 1 && callback) {
                        continue;
                    }
                    EXPECT_EQ(async_socket_send_async(on, payload, count, callback ? never_sent : nullptr, nullptr),
                              ASYNC_SOCKET_SEND_SYNC_ERROR);
                    EXPECT_NE(
                        async_socket_receive_async(on, payload, count, callback ? never_received : nullptr, nullptr),
                        0);
                }
            }
        }
    }
}

} // namespace
} // namespace contract
