// SPDX-License-Identifier: MIT

#include "linux/system/system_error.hpp"

#include <netdb.h>

#include <cerrno>

#include "support/fixture.h"
#include "support/log_capture.h"

namespace {

using async_socket::detail::errno_guard;
using async_socket::detail::log_resolver_failure;
using async_socket::detail::log_system_failure;
using async_socket::detail::uninterrupted;
using testing::ElementsAre;
using testing::MatchesRegex;
using transport_test::log_capture;

class system_error : public transport_test::transport_fixture {};

// SRS_ASYNC_SOCKET_LOG_01_003
TEST_F(system_error, is_reported_as_text_and_number)
{
    const log_capture log;
    log_system_failure("some_function", "some_call", ECONNREFUSED);
    EXPECT_THAT(log.messages(), ElementsAre("some_function: some_call failed: Connection refused (111)"));
}

// SRS_ASYNC_SOCKET_LOG_01_003
TEST_F(system_error, is_reported_even_where_nobody_knows_it)
{
    const log_capture log;
    log_system_failure("some_function", "some_call", 98765);
    EXPECT_THAT(log.messages(), ElementsAre(MatchesRegex("some_function: some_call failed: .+ \\(98765\\)")));
}

// SRS_ASYNC_SOCKET_LOG_01_003
TEST_F(system_error, of_the_resolver_has_its_own_text)
{
    const log_capture log;
    log_resolver_failure("some_function", "getaddrinfo", EAI_NONAME, EMFILE);
    log_resolver_failure("some_function", "getaddrinfo", EAI_SYSTEM, EMFILE);
    EXPECT_THAT(log.messages(), ElementsAre("some_function: getaddrinfo failed: Name or service not known (-2)",
                                            "some_function: getaddrinfo failed: Too many open files (24)"));
}

// SRS_SOCKET_TRANSPORT_01_039
TEST_F(system_error, survives_its_report)
{
    const log_capture log;
    errno = EDOM;
    log_system_failure("some_function", "some_call", ECONNREFUSED);
    EXPECT_EQ(errno, EDOM);
    log_resolver_failure("some_function", "getaddrinfo", EAI_NONAME, 0);
    EXPECT_EQ(errno, EDOM);
    EXPECT_EQ(log.messages().size(), 2U);
}

TEST_F(system_error, survives_a_guarded_scope)
{
    errno = EDOM;
    {
        const errno_guard guard;
        errno = ERANGE;
    }
    EXPECT_EQ(errno, EDOM);
}

// SRS_SOCKET_TRANSPORT_LINUX_01_003
TEST_F(system_error, that_is_an_interruption_is_none)
{
    int calls = 0;
    EXPECT_EQ(uninterrupted([&] {
                  errno = EINTR;
                  return ++calls < 3 ? -1 : 7;
              }),
              7);
    EXPECT_EQ(calls, 3);
    EXPECT_EQ(uninterrupted([&] {
                  ++calls;
                  errno = EIO;
                  return -1;
              }),
              -1);
    EXPECT_EQ(calls, 4);
}

} // namespace
