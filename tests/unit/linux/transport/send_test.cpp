// SPDX-License-Identifier: MIT

#include <atomic>
#include <climits>
#include <csignal>
#include <string>
#include <thread>
#include <vector>

#include <sys/socket.h>

#include <cerrno>

#include "support/connection.h"
#include "support/fixture.h"
#include "support/log_capture.h"
#include "support/poll_entries.h"

namespace {

using linux_faults::api;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using transport_test::buffers_of;
using transport_test::connection;
using transport_test::log_capture;
using transport_test::make_client;
using transport_test::make_connection;
using transport_test::make_listener;
using transport_test::pattern;
using transport_test::poll_entries;
using transport_test::transport;

class send_transport : public transport_test::transport_fixture {};

struct sent {
    SOCKET_SEND_RESULT result;
    std::uint32_t bytes;
    int error;
};

sent send_all(const transport& from, std::vector<std::string>& strings, std::uint32_t flags = 0)
{
    const std::vector<SOCKET_BUFFER> buffers = buffers_of(strings);
    std::uint32_t bytes = UINT32_MAX;
    errno = 0;
    const SOCKET_SEND_RESULT result = socket_transport_send(
        from.get(), buffers.data(), static_cast<std::uint32_t>(buffers.size()), &bytes, flags, nullptr);
    return {result, bytes, errno};
}

// Resets the connection, and returns when the local end knows.
void reset_peer(connection& pair)
{
    const linux_faults::exempt scope;
    pair.peer.reset();
    pollfd entry{socket_transport_get_underlying_socket(pair.local.get()), 0, 0};
    ASSERT_EQ(::poll(&entry, 1, 60000), 1);
}

// SRS_SOCKET_TRANSPORT_01_035
TEST_F(send_transport, refuses_what_is_null_or_0)
{
    const log_capture log;
    const connection pair = make_connection();
    unsigned char byte = 0;
    const SOCKET_BUFFER buffer{1, &byte};
    std::uint32_t bytes = 4711;
    EXPECT_EQ(socket_transport_send(nullptr, &buffer, 1, &bytes, 0, nullptr), SOCKET_SEND_INVALID_ARG);
    EXPECT_EQ(socket_transport_send(pair.local.get(), nullptr, 1, &bytes, 0, nullptr), SOCKET_SEND_INVALID_ARG);
    EXPECT_EQ(socket_transport_send(pair.local.get(), &buffer, 0, &bytes, 0, nullptr), SOCKET_SEND_INVALID_ARG);
    EXPECT_EQ(bytes, 4711U);
    EXPECT_EQ(linux_faults::calls(api::sendmsg), 0U);
    EXPECT_THAT(log.messages(),
                ElementsAre("socket_transport_send: socket_transport is NULL", "socket_transport_send: payload is NULL",
                            "socket_transport_send: buffer_count is 0"));
}

// SRS_SOCKET_TRANSPORT_LINUX_01_010
TEST_F(send_transport, refuses_the_record_of_an_asynchronous_operation)
{
    const log_capture log;
    const connection pair = make_connection();
    unsigned char byte = 0;
    const SOCKET_BUFFER buffer{1, &byte};
    EXPECT_EQ(socket_transport_send(pair.local.get(), &buffer, 1, nullptr, 0, &byte), SOCKET_SEND_INVALID_ARG);
    EXPECT_EQ(linux_faults::calls(api::sendmsg), 0U);
    EXPECT_THAT(log.messages(), ElementsAre(HasSubstr("socket_transport_send: data is not NULL")));
}

// SRS_SOCKET_TRANSPORT_LINUX_01_016
TEST_F(send_transport, refuses_more_bytes_than_can_be_counted)
{
    const log_capture log;
    const connection pair = make_connection();
    unsigned char byte = 0;
    const std::vector<SOCKET_BUFFER> buffers{{UINT32_MAX, &byte}, {1, &byte}};
    EXPECT_EQ(socket_transport_send(pair.local.get(), buffers.data(), 2, nullptr, 0, nullptr), SOCKET_SEND_INVALID_ARG);
    EXPECT_EQ(linux_faults::calls(api::sendmsg), 0U);
    EXPECT_THAT(log.messages(), ElementsAre(HasSubstr("socket_transport_send: payload has more bytes")));
}

// SRS_SOCKET_TRANSPORT_01_036, SRS_SOCKET_TRANSPORT_LINUX_01_017
TEST_F(send_transport, fails_on_a_transport_that_is_not_connected)
{
    const log_capture log;
    const transport idle = make_client();
    const transport server = make_listener();
    const connection pair = make_connection();
    socket_transport_disconnect(pair.local.get());
    std::vector<std::string> data{"x"};
    for (const transport* each : {&idle, &server, &pair.local}) {
        const sent result = send_all(*each, data);
        EXPECT_EQ(result.result, SOCKET_SEND_ERROR);
        EXPECT_EQ(result.bytes, UINT32_MAX);
        EXPECT_EQ(result.error, ENOTCONN);
    }
    EXPECT_EQ(linux_faults::calls(api::sendmsg), 0U);
    EXPECT_EQ(log.messages().size(), 3U);
}

// SRS_SOCKET_TRANSPORT_01_037
TEST_F(send_transport, sends_the_buffers_in_order_and_counts_the_bytes)
{
    const log_capture log;
    const connection pair = make_connection();
    std::vector<std::string> data{"one, ", "", "two, ", "three"};
    const sent result = send_all(pair.local, data);
    EXPECT_EQ(result.result, SOCKET_SEND_OK);
    EXPECT_EQ(result.bytes, 15U);
    EXPECT_EQ(pair.peer.receive(15), "one, two, three");
    EXPECT_EQ(linux_faults::calls(api::sendmsg), 1U);
    EXPECT_THAT(log.messages(), IsEmpty());
}

// SRS_SOCKET_TRANSPORT_01_037
TEST_F(send_transport, sends_where_nobody_wants_the_count)
{
    const connection pair = make_connection();
    std::vector<std::string> data{"uncounted"};
    EXPECT_EQ(socket_transport_send(pair.local.get(), buffers_of(data).data(), 1, nullptr, 0, nullptr), SOCKET_SEND_OK);
    EXPECT_EQ(pair.peer.receive(9), "uncounted");
}

// SRS_SOCKET_TRANSPORT_01_037
TEST_F(send_transport, sends_nothing_at_all)
{
    const connection pair = make_connection();
    std::vector<std::string> data{"", ""};
    const sent result = send_all(pair.local, data);
    EXPECT_EQ(result.result, SOCKET_SEND_OK);
    EXPECT_EQ(result.bytes, 0U);
    EXPECT_EQ(linux_faults::calls(api::sendmsg), 1U);
}

// SRS_SOCKET_TRANSPORT_LINUX_01_011
TEST_F(send_transport, sends_all_of_it_however_little_the_system_takes_at_a_time)
{
    const std::string whole = "a bc def ghij klmno";
    std::vector<std::string> data{"a ", "b", "", "c def", " ghij klmn", "o"};
    for (std::size_t at_a_time = 1; at_a_time <= whole.size(); ++at_a_time) {
        const connection pair = make_connection();
        linux_faults::reset();
        linux_faults::cut_short(api::sendmsg, at_a_time);
        const sent result = send_all(pair.local, data);
        EXPECT_EQ(result.result, SOCKET_SEND_OK);
        EXPECT_EQ(result.bytes, whole.size());
        EXPECT_EQ(linux_faults::calls(api::sendmsg), (whole.size() + at_a_time - 1) / at_a_time);
        EXPECT_EQ(pair.peer.receive(whole.size()), whole);
    }
}

// SRS_SOCKET_TRANSPORT_LINUX_01_011
TEST_F(send_transport, waits_while_the_peer_does_not_read)
{
    const connection pair = make_connection();
    // More than the system holds between the two, in buffers of which it takes parts.
    const std::string whole = pattern(16 << 20);
    std::vector<std::string> data;
    for (std::size_t at = 0; at < whole.size(); at += 1 << 20) {
        data.push_back(whole.substr(at, 1 << 20));
    }
    const poll_entries polls;
    sent result{};
    std::thread sender([&] { result = send_all(pair.local, data); });
    EXPECT_TRUE(poll_entries::wait_for(1));
    EXPECT_EQ(pair.peer.receive(whole.size()), whole);
    sender.join();
    EXPECT_EQ(result.result, SOCKET_SEND_OK);
    EXPECT_EQ(result.bytes, whole.size());
}

// SRS_SOCKET_TRANSPORT_LINUX_01_015
TEST_F(send_transport, takes_more_buffers_than_the_system_does_without_an_allocation)
{
    const connection pair = make_connection();
    const std::string whole = pattern(3 * IOV_MAX + 1);
    std::vector<std::string> data;
    for (const char each : whole) {
        data.emplace_back(1, each);
    }
    linux_faults::reset();
    const sent result = send_all(pair.local, data);
    EXPECT_EQ(result.result, SOCKET_SEND_OK);
    EXPECT_EQ(result.bytes, whole.size());
    EXPECT_EQ(linux_faults::calls(api::sendmsg), 4U);
    EXPECT_EQ(linux_faults::calls(api::operator_new), 0U);
    EXPECT_EQ(pair.peer.receive(whole.size()), whole);
}

// SRS_SOCKET_TRANSPORT_01_051, SRS_SOCKET_TRANSPORT_01_039
TEST_F(send_transport, fails_with_the_systems_error_still_readable)
{
    connection pair = make_connection();
    reset_peer(pair);
    const log_capture log;
    std::vector<std::string> data{"x"};
    const sent result = send_all(pair.local, data);
    EXPECT_EQ(result.result, SOCKET_SEND_SHUTDOWN);
    EXPECT_EQ(result.bytes, 0U);
    EXPECT_EQ(result.error, ECONNRESET);
    EXPECT_THAT(log.messages(),
                ElementsAre(HasSubstr("socket_transport_send: sendmsg failed: Connection reset by peer (104)")));
}

// SRS_SOCKET_TRANSPORT_LINUX_01_012
TEST_F(send_transport, says_how_much_was_sent_before_it_failed)
{
    const connection pair = make_connection();
    std::vector<std::string> data{"abc", "defg"};
    linux_faults::cut_short(api::sendmsg, 2);
    linux_faults::fail_nth(api::sendmsg, 3, ENOBUFS);
    const sent result = send_all(pair.local, data);
    EXPECT_EQ(result.result, SOCKET_SEND_FAILED);
    EXPECT_EQ(result.bytes, 4U);
    EXPECT_EQ(result.error, ENOBUFS);
    EXPECT_EQ(pair.peer.receive(4), "abcd");
}

// SRS_SOCKET_TRANSPORT_LINUX_01_014, SRS_SOCKET_TRANSPORT_LINUX_01_012, SRS_SOCKET_TRANSPORT_01_045
TEST_F(send_transport, does_not_wait_where_it_is_told_not_to)
{
    const log_capture log;
    const connection pair = make_connection();
    const std::string whole = pattern(16 << 20);
    std::vector<std::string> data{whole};
    const sent first = send_all(pair.local, data, MSG_DONTWAIT);
    EXPECT_EQ(first.result, SOCKET_SEND_FAILED);
    EXPECT_EQ(first.error, EAGAIN);
    EXPECT_GT(first.bytes, 0U);
    EXPECT_LT(first.bytes, whole.size());
    EXPECT_EQ(linux_faults::calls(api::poll), 0U);
    // A wait that was not wanted is no failure to report.
    EXPECT_THAT(log.messages(), IsEmpty());

    EXPECT_EQ(pair.peer.receive(first.bytes), whole.substr(0, first.bytes));
}

// SRS_SOCKET_TRANSPORT_01_045
TEST_F(send_transport, passes_the_flags_on)
{
    const connection pair = make_connection();
    const int on = 1;
    {
        const linux_faults::exempt scope;
        ASSERT_EQ(::setsockopt(pair.peer.get(), SOL_SOCKET, SO_OOBINLINE, &on, sizeof on), 0);
    }
    std::vector<std::string> data{"!"};
    EXPECT_EQ(send_all(pair.local, data, MSG_OOB).result, SOCKET_SEND_OK);
    pollfd entry{pair.peer.get(), POLLPRI, 0};
    EXPECT_EQ(::poll(&entry, 1, 60000), 1);
    EXPECT_EQ(entry.revents, POLLPRI);
}

std::atomic<int> broken_pipes{0};

// SRS_SOCKET_TRANSPORT_LINUX_01_002
TEST_F(send_transport, raises_no_signal)
{
    connection pair = make_connection();
    reset_peer(pair);
    broken_pipes = 0;
    struct sigaction counting {};
    counting.sa_handler = [](int) { ++broken_pipes; };
    struct sigaction before {};
    ASSERT_EQ(sigaction(SIGPIPE, &counting, &before), 0);
    std::vector<std::string> data{"x"};
    // The first one takes the error of the reset, the second one finds no connection.
    EXPECT_EQ(send_all(pair.local, data).error, ECONNRESET);
    EXPECT_EQ(send_all(pair.local, data).error, EPIPE);
    ASSERT_EQ(sigaction(SIGPIPE, &before, nullptr), 0);
    EXPECT_EQ(broken_pipes, 0);
}

} // namespace
