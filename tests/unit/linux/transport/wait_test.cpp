// SPDX-License-Identifier: MIT

#include "linux/transport/wait.hpp"

#include <chrono>
#include <climits>
#include <vector>

#include <cerrno>

#include "support/connection.h"
#include "support/fixture.h"

namespace {

using async_socket::detail::deadline;
using async_socket::detail::wait_outcome;
using async_socket::detail::wait_until_ready;
using linux_faults::api;
using std::chrono::steady_clock;
using testing::AllOf;
using testing::ElementsAre;
using testing::Gt;
using testing::Le;
using transport_test::connection;
using transport_test::make_connection;

class wait : public transport_test::transport_fixture {};

std::vector<int> timeouts;

// Two waits that are over at once, and then a socket that is ready.
int be_over_twice(pollfd* entries, nfds_t, int timeout_ms)
{
    timeouts.push_back(timeout_ms);
    entries[1].revents = timeouts.size() > 2 ? entries[1].events : short{0};
    return timeouts.size() > 2 ? 1 : 0;
}

// SRS_SOCKET_TRANSPORT_LINUX_01_009
TEST_F(wait, a_limit_that_poll_cannot_count_is_waited_for_in_pieces)
{
    timeouts.clear();
    linux_faults::replace_poll(&be_over_twice);
    EXPECT_EQ(wait_until_ready(0, POLLIN, -1, deadline(UINT32_MAX - 1)), wait_outcome::ready);
    EXPECT_THAT(timeouts, ElementsAre(INT_MAX, INT_MAX, INT_MAX));
}

// SRS_SOCKET_TRANSPORT_LINUX_01_009
TEST_F(wait, a_limit_that_poll_can_count_is_handed_to_it)
{
    timeouts.clear();
    linux_faults::replace_poll(&be_over_twice);
    EXPECT_EQ(wait_until_ready(0, POLLIN, -1, deadline(INT_MAX)), wait_outcome::ready);
    EXPECT_THAT(timeouts[0], AllOf(Gt(INT_MAX - 60000), Le(INT_MAX)));
}

// SRS_SOCKET_TRANSPORT_LINUX_01_009
TEST_F(wait, no_limit_is_none)
{
    timeouts.clear();
    linux_faults::replace_poll(&be_over_twice);
    EXPECT_EQ(wait_until_ready(0, POLLIN, -1, deadline(deadline::no_limit)), wait_outcome::ready);
    EXPECT_THAT(timeouts, ElementsAre(-1, -1, -1));
}

int be_interrupted_after_a_while(pollfd* entries, nfds_t count, int timeout_ms)
{
    const int result = ::poll(entries, count, timeout_ms < 3 ? timeout_ms : 3);
    if (result == 0 && timeout_ms > 3) {
        errno = EINTR;
        return -1;
    }
    return result;
}

// SRS_SOCKET_TRANSPORT_LINUX_01_003
TEST_F(wait, an_interruption_neither_shortens_nor_prolongs_the_limit)
{
    const connection pair = make_connection();
    linux_faults::replace_poll(&be_interrupted_after_a_while);
    const int socket = socket_transport_get_underlying_socket(pair.local.get());
    const auto begin = steady_clock::now();
    EXPECT_EQ(wait_until_ready(socket, POLLIN, -1, deadline(40)), wait_outcome::timed_out);
    const auto taken = steady_clock::now() - begin;
    EXPECT_GE(taken, std::chrono::milliseconds(40));
    // Begun anew after each interruption it would never end.
    EXPECT_GE(linux_faults::calls(api::poll), 2U);
}

// SRS_SOCKET_TRANSPORT_01_025
TEST_F(wait, a_disconnect_comes_before_what_is_ready)
{
    const connection ready = make_connection();
    const connection other = make_connection();
    const int socket = socket_transport_get_underlying_socket(ready.local.get());
    const int event = socket_transport_get_underlying_socket(other.local.get());
    EXPECT_EQ(wait_until_ready(socket, POLLOUT, event, deadline(deadline::no_limit)), wait_outcome::ready);
    other.peer.send("x");
    EXPECT_EQ(wait_until_ready(socket, POLLIN, event, deadline(deadline::no_limit)), wait_outcome::disconnected);
    EXPECT_EQ(wait_until_ready(socket, POLLOUT, event, deadline(deadline::no_limit)), wait_outcome::disconnected);
}

TEST_F(wait, a_failure_is_told_with_its_error)
{
    const connection pair = make_connection();
    const int socket = socket_transport_get_underlying_socket(pair.local.get());
    linux_faults::fail_nth(api::poll, 1, ENOMEM);
    EXPECT_EQ(wait_until_ready(socket, POLLIN, -1, deadline(deadline::no_limit)), wait_outcome::failed);
    EXPECT_EQ(errno, ENOMEM);
}

} // namespace
