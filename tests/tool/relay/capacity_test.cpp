// SPDX-License-Identifier: MIT

#include "relay/capacity.hpp"

#include <gtest/gtest.h>

namespace {

using asock::connections_for;

TEST(connections_for, leaves_descriptors_for_the_rest_of_the_program)
{
    EXPECT_EQ(connections_for(1024), 462U);
    EXPECT_EQ(connections_for(60), 15U);
    EXPECT_EQ(connections_for(1), 1U);
    EXPECT_EQ(connections_for(1U << 20U), 32768U);
    EXPECT_EQ(connections_for(0), 32768U);
}

} // namespace
