// SPDX-License-Identifier: MIT
//
// What stack a close takes that is made in a callback that is called inside a close in a callback, and so on.

#include <cstdio>

#include <gtest/gtest.h>

#include "close_chain.h"
#include "support/engine_under_test.h"

namespace cost {
namespace {

// SRS_ASYNC_SOCKET_LINUX_01_051
TEST(nested_close_stack, is_less_than_one_KiB)
{
    const contract::engine_owner engine(contract::create_engine_under_test(1, 1));
    close_chain closed(engine.get(), 400);
    closed.close();
    std::printf("%zu bytes of stack for each nested close\n", closed.stack_of_a_level());
    EXPECT_LT(closed.stack_of_a_level(), 1024u);
}

} // namespace
} // namespace cost
