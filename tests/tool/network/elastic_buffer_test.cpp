// SPDX-License-Identifier: MIT

#include "network/elastic_buffer.hpp"

#include <gtest/gtest.h>

namespace {

using asock::elastic_buffer;

TEST(elastic_buffer, is_small_until_it_was_filled)
{
    elastic_buffer buffer;
    EXPECT_EQ(buffer.space().size(), elastic_buffer::small_size);
    buffer.received(elastic_buffer::small_size - 1);
    EXPECT_EQ(buffer.space().size(), elastic_buffer::small_size);
    buffer.received(elastic_buffer::small_size);
    EXPECT_EQ(buffer.space().size(), elastic_buffer::large_size);
}

TEST(elastic_buffer, stays_large_as_long_as_it_is_filled)
{
    elastic_buffer buffer;
    buffer.received(elastic_buffer::small_size);
    const std::byte* const large = buffer.space().data();
    buffer.received(elastic_buffer::large_size);
    EXPECT_EQ(buffer.space().size(), elastic_buffer::large_size);
    EXPECT_EQ(buffer.space().data(), large);
    buffer.received(elastic_buffer::large_size - 1);
    EXPECT_EQ(buffer.space().size(), elastic_buffer::small_size);
}

} // namespace
