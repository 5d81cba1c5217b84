// SPDX-License-Identifier: MIT

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/arguments/payload.hpp"
#include "support/log_recorder.h"

namespace async_socket::detail {

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::size_t own_size = 100;

// As many as an operation's record may have behind it.
constexpr std::uint32_t most_buffers = (UINT32_MAX - own_size) / sizeof(SOCKET_BUFFER);

// The data itself is never read by the checks.
unsigned char data[1];

class payload : public testing::Test {
protected:
    // Of buffers with these lengths, in an array of no more than these, so that AddressSanitizer sees who reads on.
    std::optional<std::uint32_t> check(const std::vector<std::uint32_t>& lengths)
    {
        std::vector<ASYNC_SOCKET_BUFFER> buffers;
        for (const std::uint32_t length : lengths) {
            buffers.push_back({data, length});
        }
        buffers.shrink_to_fit();
        return check_payload("some_function", buffers.data(), static_cast<std::uint32_t>(buffers.size()), own_size);
    }

    log_recorder log_;
};

TEST_F(payload, is_as_long_as_its_buffers_together)
{
    EXPECT_EQ(check({1}), 1U);
    EXPECT_EQ(check({1, 2, 3}), 6U);
    EXPECT_EQ(check(std::vector<std::uint32_t>(10'000, 7)), 70'000U);
    EXPECT_THAT(log_.take(), IsEmpty());
}

// SRS_ASYNC_SOCKET_WIN32_01_101, SRS_ASYNC_SOCKET_WIN32_01_096
TEST_F(payload, may_have_uint32_max_bytes_in_total)
{
    EXPECT_EQ(check({UINT32_MAX}), UINT32_MAX);
    EXPECT_EQ(check({UINT32_MAX - 1, 1}), UINT32_MAX);
    EXPECT_EQ(check({1, UINT32_MAX - 1}), UINT32_MAX);
    EXPECT_EQ(check({0x80000000U, 0x7FFFFFFFU}), UINT32_MAX);
    EXPECT_EQ(check({0x55555555U, 0x55555555U, 0x55555555U}), UINT32_MAX);
    EXPECT_THAT(log_.take(), IsEmpty());
}

// SRS_ASYNC_SOCKET_WIN32_01_101, SRS_ASYNC_SOCKET_WIN32_01_096, SRS_ASYNC_SOCKET_GUARANTEE_01_009
TEST_F(payload, must_not_have_one_byte_more)
{
    for (const std::vector<std::uint32_t>& lengths : {std::vector<std::uint32_t>{UINT32_MAX, 1},
                                                      {1, UINT32_MAX},
                                                      {0x80000000U, 0x80000000U},
                                                      {UINT32_MAX, UINT32_MAX},
                                                      {0x55555555U, 0x55555555U, 0x55555555U, 1},
                                                      {UINT32_MAX - 1, 1, 1}}) {
        EXPECT_EQ(check(lengths), std::nullopt);
        EXPECT_THAT(log_.take(), ElementsAre("ASYNC_SOCKET_LOG_LEVEL_ERROR some_function: payload is longer than "
                                             "UINT32_MAX bytes in total"));
    }
}

// SRS_ASYNC_SOCKET_WIN32_01_025, SRS_ASYNC_SOCKET_WIN32_01_074
TEST_F(payload, must_not_be_null)
{
    EXPECT_EQ(check_payload("some_function", nullptr, 1, own_size), std::nullopt);
    EXPECT_THAT(log_.take(), ElementsAre("ASYNC_SOCKET_LOG_LEVEL_ERROR some_function: payload is NULL"));
}

// SRS_ASYNC_SOCKET_WIN32_01_085, SRS_ASYNC_SOCKET_WIN32_01_086
TEST_F(payload, must_have_a_buffer)
{
    EXPECT_EQ(check({}), std::nullopt);
    const ASYNC_SOCKET_BUFFER buffer{data, 1};
    log_.take();
    EXPECT_EQ(check_payload("some_function", &buffer, 0, own_size), std::nullopt);
    EXPECT_THAT(log_.take(), ElementsAre("ASYNC_SOCKET_LOG_LEVEL_ERROR some_function: buffer_count is 0"));
}

// SRS_ASYNC_SOCKET_WIN32_01_089, SRS_ASYNC_SOCKET_WIN32_01_091
TEST_F(payload, must_not_have_a_null_buffer_anywhere)
{
    for (std::uint32_t bad = 0; bad < 3; ++bad) {
        std::vector<ASYNC_SOCKET_BUFFER> buffers(3, {data, 1});
        buffers[bad].buffer = nullptr;
        EXPECT_EQ(check_payload("some_function", buffers.data(), 3, own_size), std::nullopt);
        EXPECT_THAT(log_.take(), ElementsAre("ASYNC_SOCKET_LOG_LEVEL_ERROR some_function: payload[" +
                                             std::to_string(bad) + "].buffer is NULL"));
    }
}

// SRS_ASYNC_SOCKET_WIN32_01_090, SRS_ASYNC_SOCKET_WIN32_01_092
TEST_F(payload, must_not_have_an_empty_buffer_anywhere)
{
    for (std::uint32_t bad = 0; bad < 3; ++bad) {
        std::vector<ASYNC_SOCKET_BUFFER> buffers(3, {data, 1});
        buffers[bad].length = 0;
        EXPECT_EQ(check_payload("some_function", buffers.data(), 3, own_size), std::nullopt);
        EXPECT_THAT(log_.take(), ElementsAre("ASYNC_SOCKET_LOG_LEVEL_ERROR some_function: payload[" +
                                             std::to_string(bad) + "].length is 0"));
    }
}

// SRS_ASYNC_SOCKET_WIN32_01_103: at an address that nobody can read.
TEST_F(payload, with_too_many_buffers_is_refused_unread)
{
    const auto* const unreadable = reinterpret_cast<const ASYNC_SOCKET_BUFFER*>(sizeof(ASYNC_SOCKET_BUFFER));
    for (const std::uint32_t count : {most_buffers + 1, most_buffers + 2, UINT32_MAX - 1, UINT32_MAX}) {
        EXPECT_EQ(check_payload("some_function", unreadable, count, own_size), std::nullopt);
        EXPECT_THAT(log_.take(), ElementsAre("ASYNC_SOCKET_LOG_LEVEL_ERROR some_function: buffer_count is " +
                                             std::to_string(count) + ", too large for the record of one operation"));
    }
}

// SRS_ASYNC_SOCKET_WIN32_01_103: as many as just fit are read, to be refused for another reason.
TEST_F(payload, with_as_many_buffers_as_fit_is_read)
{
    const ASYNC_SOCKET_BUFFER empty{data, 0};
    EXPECT_EQ(check_payload("some_function", &empty, most_buffers, own_size), std::nullopt);
    EXPECT_THAT(log_.take(), ElementsAre("ASYNC_SOCKET_LOG_LEVEL_ERROR some_function: payload[0].length is 0"));
    static_assert(own_size + std::uint64_t{most_buffers} * sizeof(SOCKET_BUFFER) <= UINT32_MAX);
    static_assert(own_size + (std::uint64_t{most_buffers} + 1) * sizeof(SOCKET_BUFFER) > UINT32_MAX);
}

// SRS_ASYNC_SOCKET_WIN32_01_056, SRS_ASYNC_SOCKET_WIN32_01_079
TEST_F(payload, is_pointed_at_and_not_copied)
{
    unsigned char memory[3][4];
    const ASYNC_SOCKET_BUFFER buffers[] = {{memory[0], 1}, {memory[1], UINT32_MAX}, {memory[2], 4}};
    SOCKET_BUFFER pointing[4] = {{9, nullptr}, {9, nullptr}, {9, nullptr}, {9, nullptr}};
    point_at_payload(pointing, buffers, 3);
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(pointing[i].buffer, memory[i]);
        EXPECT_EQ(pointing[i].length, buffers[i].length);
    }
    EXPECT_EQ(pointing[3].length, 9U);
    EXPECT_EQ(pointing[3].buffer, nullptr);
}

} // namespace

} // namespace async_socket::detail
