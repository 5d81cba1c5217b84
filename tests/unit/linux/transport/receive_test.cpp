// SPDX-License-Identifier: MIT

#include <climits>
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

class receive_transport : public transport_test::transport_fixture {};

struct received {
    SOCKET_RECEIVE_RESULT result;
    std::uint32_t bytes;
    int error;
    std::string data; // the buffers, one after the other
};

// Receives into buffers of these sizes, filled with dots before.
received receive(const transport& at, const std::vector<std::size_t>& sizes, std::uint32_t flags = 0)
{
    std::vector<std::string> strings;
    strings.reserve(sizes.size());
    for (const std::size_t size : sizes) {
        strings.emplace_back(size, '.');
    }
    std::vector<SOCKET_BUFFER> buffers = buffers_of(strings);
    received result{SOCKET_RECEIVE_OK, UINT32_MAX, 0, {}};
    errno = EDOM;
    result.result = socket_transport_receive(at.get(), buffers.data(), static_cast<std::uint32_t>(buffers.size()),
                                             &result.bytes, flags, nullptr);
    result.error = errno;
    for (const std::string& each : strings) {
        result.data += each;
    }
    return result;
}

// Returns when so many bytes can be read.
void wait_for_bytes(const transport& at, std::size_t count)
{
    const linux_faults::exempt scope;
    const int socket = socket_transport_get_underlying_socket(at.get());
    std::string seen(count, '.');
    pollfd entry{socket, POLLIN, 0};
    while (::recv(socket, seen.data(), seen.size(), MSG_PEEK | MSG_DONTWAIT) != static_cast<ssize_t>(count)) {
        ASSERT_EQ(::poll(&entry, 1, 60000), 1);
    }
}

// SRS_SOCKET_TRANSPORT_01_040
TEST_F(receive_transport, refuses_what_is_null_or_0)
{
    const log_capture log;
    const connection pair = make_connection();
    unsigned char byte = 0;
    SOCKET_BUFFER buffer{1, &byte};
    std::uint32_t bytes = 4711;
    EXPECT_EQ(socket_transport_receive(nullptr, &buffer, 1, &bytes, 0, nullptr), SOCKET_RECEIVE_INVALID_ARG);
    EXPECT_EQ(socket_transport_receive(pair.local.get(), nullptr, 1, &bytes, 0, nullptr), SOCKET_RECEIVE_INVALID_ARG);
    EXPECT_EQ(socket_transport_receive(pair.local.get(), &buffer, 0, &bytes, 0, nullptr), SOCKET_RECEIVE_INVALID_ARG);
    EXPECT_EQ(bytes, 4711U);
    EXPECT_EQ(linux_faults::calls(api::recvmsg), 0U);
    EXPECT_THAT(log.messages(), ElementsAre("socket_transport_receive: socket_transport is NULL",
                                            "socket_transport_receive: payload is NULL",
                                            "socket_transport_receive: buffer_count is 0"));
}

// SRS_SOCKET_TRANSPORT_LINUX_01_010
TEST_F(receive_transport, refuses_the_record_of_an_asynchronous_operation)
{
    const log_capture log;
    const connection pair = make_connection();
    unsigned char byte = 0;
    SOCKET_BUFFER buffer{1, &byte};
    EXPECT_EQ(socket_transport_receive(pair.local.get(), &buffer, 1, nullptr, 0, &byte), SOCKET_RECEIVE_INVALID_ARG);
    EXPECT_EQ(linux_faults::calls(api::recvmsg), 0U);
    EXPECT_THAT(log.messages(), ElementsAre(HasSubstr("socket_transport_receive: data is not NULL")));
}

// SRS_SOCKET_TRANSPORT_LINUX_01_016
TEST_F(receive_transport, refuses_more_bytes_than_can_be_counted)
{
    const connection pair = make_connection();
    unsigned char byte = 0;
    std::vector<SOCKET_BUFFER> buffers{{UINT32_MAX, &byte}, {1, &byte}};
    EXPECT_EQ(socket_transport_receive(pair.local.get(), buffers.data(), 2, nullptr, 0, nullptr),
              SOCKET_RECEIVE_INVALID_ARG);
    EXPECT_EQ(linux_faults::calls(api::recvmsg), 0U);
}

// SRS_SOCKET_TRANSPORT_01_041, SRS_SOCKET_TRANSPORT_LINUX_01_017
TEST_F(receive_transport, fails_on_a_transport_that_is_not_connected)
{
    const log_capture log;
    const transport idle = make_client();
    const transport server = make_listener();
    const connection pair = make_connection();
    socket_transport_disconnect(pair.local.get());
    for (const transport* each : {&idle, &server, &pair.local}) {
        const received result = receive(*each, {1});
        EXPECT_EQ(result.result, SOCKET_RECEIVE_ERROR);
        EXPECT_EQ(result.bytes, UINT32_MAX);
        EXPECT_EQ(result.error, ENOTCONN);
    }
    EXPECT_EQ(linux_faults::calls(api::recvmsg), 0U);
    EXPECT_EQ(log.messages().size(), 3U);
}

// SRS_SOCKET_TRANSPORT_01_042, SRS_SOCKET_TRANSPORT_LINUX_01_013
TEST_F(receive_transport, fills_the_buffers_in_order_with_what_is_there)
{
    const connection pair = make_connection();
    pair.peer.send("abcdefg");
    wait_for_bytes(pair.local, 7);
    const received result = receive(pair.local, {2, 0, 3, 5});
    EXPECT_EQ(result.result, SOCKET_RECEIVE_OK);
    EXPECT_EQ(result.bytes, 7U);
    EXPECT_EQ(result.data, "abcdefg...");
    EXPECT_EQ(linux_faults::calls(api::poll), 0U);
}

// SRS_SOCKET_TRANSPORT_01_042
TEST_F(receive_transport, receives_where_nobody_wants_the_count)
{
    const connection pair = make_connection();
    pair.peer.send("x");
    unsigned char byte = 0;
    SOCKET_BUFFER buffer{1, &byte};
    EXPECT_EQ(socket_transport_receive(pair.local.get(), &buffer, 1, nullptr, 0, nullptr), SOCKET_RECEIVE_OK);
    EXPECT_EQ(byte, 'x');
}

// SRS_SOCKET_TRANSPORT_LINUX_01_013
TEST_F(receive_transport, waits_until_something_comes)
{
    const connection pair = make_connection();
    const poll_entries polls;
    received result{};
    std::thread receiver([&] { result = receive(pair.local, {10}); });
    EXPECT_TRUE(poll_entries::wait_for(1));
    pair.peer.send("x");
    receiver.join();
    EXPECT_EQ(result.result, SOCKET_RECEIVE_OK);
    EXPECT_EQ(result.bytes, 1U);
    EXPECT_EQ(result.data, "x.........");
}

// SRS_SOCKET_TRANSPORT_01_052
TEST_F(receive_transport, tells_the_end_of_the_stream)
{
    const connection pair = make_connection();
    pair.peer.shut_down_sending();
    const received result = receive(pair.local, {10});
    EXPECT_EQ(result.result, SOCKET_RECEIVE_SHUTDOWN);
    EXPECT_EQ(result.bytes, 0U);
    EXPECT_EQ(result.error, 0);
    EXPECT_EQ(receive(pair.local, {10}, MSG_DONTWAIT).result, SOCKET_RECEIVE_SHUTDOWN);
    EXPECT_EQ(receive(pair.local, {0}).result, SOCKET_RECEIVE_OK);
}

// SRS_SOCKET_TRANSPORT_01_043, SRS_SOCKET_TRANSPORT_LINUX_01_014
TEST_F(receive_transport, does_not_wait_where_it_is_told_not_to)
{
    const log_capture log;
    const connection pair = make_connection();
    for (const std::uint32_t flags :
         {std::uint32_t{MSG_DONTWAIT}, std::uint32_t{MSG_DONTWAIT | MSG_WAITALL}, std::uint32_t{MSG_ERRQUEUE}}) {
        const received result = receive(pair.local, {10}, flags);
        EXPECT_EQ(result.result, SOCKET_RECEIVE_WOULD_BLOCK);
        EXPECT_EQ(result.bytes, 0U);
        EXPECT_EQ(result.error, EAGAIN);
    }
    pair.peer.send("abc");
    wait_for_bytes(pair.local, 3);
    EXPECT_EQ(receive(pair.local, {10}, MSG_DONTWAIT | MSG_WAITALL).data, "abc.......");
    EXPECT_EQ(linux_faults::calls(api::poll), 0U);
    EXPECT_THAT(log.messages(), IsEmpty());
}

// SRS_SOCKET_TRANSPORT_LINUX_01_013, SRS_SOCKET_TRANSPORT_01_045
TEST_F(receive_transport, fills_all_of_the_buffers_where_it_is_told_to)
{
    const connection pair = make_connection();
    const poll_entries polls;
    received result{};
    std::thread receiver([&] { result = receive(pair.local, {2, 3, 1}, MSG_WAITALL); });
    EXPECT_TRUE(poll_entries::wait_for(1));
    pair.peer.send("abc");
    EXPECT_TRUE(poll_entries::wait_for(2));
    pair.peer.send("defg");
    receiver.join();
    EXPECT_EQ(result.result, SOCKET_RECEIVE_OK);
    EXPECT_EQ(result.bytes, 6U);
    EXPECT_EQ(result.data, "abcdef");
    EXPECT_EQ(receive(pair.local, {2}).data, "g.");
}

// SRS_SOCKET_TRANSPORT_LINUX_01_013
TEST_F(receive_transport, does_not_wait_for_what_comes_after_the_end_of_the_stream)
{
    const connection pair = make_connection();
    pair.peer.send("abc");
    pair.peer.shut_down_sending();
    const received result = receive(pair.local, {10}, MSG_WAITALL);
    EXPECT_EQ(result.result, SOCKET_RECEIVE_OK);
    EXPECT_EQ(result.bytes, 3U);
    EXPECT_EQ(result.data, "abc.......");
}

// SRS_SOCKET_TRANSPORT_01_045, SRS_SOCKET_TRANSPORT_LINUX_01_013
TEST_F(receive_transport, only_looks_where_it_is_told_to)
{
    const connection pair = make_connection();
    pair.peer.send("abc");
    wait_for_bytes(pair.local, 3);
    for (const std::uint32_t flags : {std::uint32_t{MSG_PEEK}, std::uint32_t{MSG_PEEK | MSG_WAITALL}}) {
        const received result = receive(pair.local, {2, 4}, flags);
        EXPECT_EQ(result.result, SOCKET_RECEIVE_OK);
        EXPECT_EQ(result.data, "abc...");
    }
    EXPECT_EQ(receive(pair.local, {2, 4}).data, "abc...");
}

// SRS_SOCKET_TRANSPORT_LINUX_01_013
TEST_F(receive_transport, receives_the_same_however_little_comes_at_a_time)
{
    const std::string whole = "a bc def ghij klmno";
    for (std::size_t at_a_time = 1; at_a_time <= whole.size(); ++at_a_time) {
        const connection pair = make_connection();
        linux_faults::cut_short(api::recvmsg, at_a_time);
        pair.peer.send(whole);
        const received result = receive(pair.local, {2, 1, 0, 5, 10, 1}, MSG_WAITALL);
        EXPECT_EQ(result.result, SOCKET_RECEIVE_OK);
        EXPECT_EQ(result.bytes, whole.size());
        EXPECT_EQ(result.data, whole);
    }
}

// SRS_SOCKET_TRANSPORT_LINUX_01_015
TEST_F(receive_transport, takes_more_buffers_than_the_system_does_without_an_allocation)
{
    const connection pair = make_connection();
    const std::string whole = pattern(3 * IOV_MAX + 1);
    pair.peer.send(whole);
    wait_for_bytes(pair.local, whole.size());
    linux_faults::reset();
    const std::vector<std::size_t> sizes(whole.size(), 1);
    const received some = receive(pair.local, sizes, MSG_PEEK);
    EXPECT_EQ(some.result, SOCKET_RECEIVE_OK);
    ASSERT_GT(some.bytes, 0U);
    EXPECT_EQ(some.data.substr(0, some.bytes), whole.substr(0, some.bytes));
    const received all = receive(pair.local, sizes, MSG_WAITALL);
    EXPECT_EQ(all.bytes, whole.size());
    EXPECT_EQ(all.data, whole);
    EXPECT_EQ(linux_faults::calls(api::operator_new), 0U);
}

// SRS_SOCKET_TRANSPORT_01_052, SRS_SOCKET_TRANSPORT_01_039
TEST_F(receive_transport, fails_with_the_systems_error_still_readable)
{
    connection pair = make_connection();
    pair.peer.reset();
    const log_capture log;
    const received result = receive(pair.local, {1});
    EXPECT_EQ(result.result, SOCKET_RECEIVE_SHUTDOWN);
    EXPECT_EQ(result.bytes, 0U);
    EXPECT_EQ(result.error, ECONNRESET);
    EXPECT_THAT(log.messages(),
                ElementsAre(HasSubstr("socket_transport_receive: recvmsg failed: Connection reset by peer (104)")));
}

// SRS_SOCKET_TRANSPORT_LINUX_01_012
TEST_F(receive_transport, says_how_much_was_received_before_it_failed)
{
    const connection pair = make_connection();
    pair.peer.send("abcdefg");
    linux_faults::cut_short(api::recvmsg, 2);
    linux_faults::fail_nth(api::recvmsg, 3, ENOMEM);
    wait_for_bytes(pair.local, 7);
    const received result = receive(pair.local, {3, 4}, MSG_WAITALL);
    EXPECT_EQ(result.result, SOCKET_RECEIVE_ERROR);
    EXPECT_EQ(result.bytes, 4U);
    EXPECT_EQ(result.error, ENOMEM);
    EXPECT_EQ(result.data, "abcd...");
}

} // namespace
