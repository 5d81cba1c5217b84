// SPDX-License-Identifier: MIT
//
// What a peer must have received when a send was cut short: a beginning of it, and all that was sent behind it.

#ifndef ASYNC_SOCKET_TESTS_CONTRACT_SUPPORT_CUT_STREAM_H
#define ASYNC_SOCKET_TESTS_CONTRACT_SUPPORT_CUT_STREAM_H

#include <cstddef>

#include <gtest/gtest.h>

#include "expected_results.h"
#include "support/pattern.h"

namespace contract {

// `received` must be the pattern from 0 on, `left` bytes of it as the cut send has told, and then `behind`.
inline void expect_cut(const bytes& received, std::size_t left, const bytes& behind)
{
    ASSERT_GE(received.size(), behind.size());
    const std::size_t cut_at = received.size() - behind.size();
    if (expected::cut_sends_tell_all_that_left) {
        EXPECT_EQ(cut_at, left);
    } else {
        EXPECT_GE(cut_at, left);
    }
    EXPECT_EQ(first_wrong_byte(received.data(), cut_at), cut_at);
    EXPECT_EQ(bytes(received.begin() + static_cast<std::ptrdiff_t>(cut_at), received.end()), behind);
}

} // namespace contract

#endif
