// SPDX-License-Identifier: MIT
//
// Expects that a call was refused and that the refusal was reported with the function's and the argument's name.

#ifndef ASYNC_SOCKET_TESTS_CONTRACT_SUPPORT_REFUSAL_H
#define ASYNC_SOCKET_TESTS_CONTRACT_SUPPORT_REFUSAL_H

#include <gtest/gtest.h>

#include "support/log_capture.h"

namespace contract {

template <typename Result, typename Call>
void expect_refused(Result expected, const char* function, const char* argument, Call call)
{
    const log_capture log;
    EXPECT_EQ(call(), expected) << function << ", " << argument;
    EXPECT_TRUE(log.has_error_with({function, argument}))
        << "no message names " << function << " and " << argument << "; " << log.text();
}

// For functions of which any non-zero value is a refusal.
template <typename Call>
void expect_refused(const char* function, const char* argument, Call call)
{
    expect_refused(true, function, argument, [&] { return call() != 0; });
}

} // namespace contract

#endif
