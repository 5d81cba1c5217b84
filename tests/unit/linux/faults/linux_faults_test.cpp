// SPDX-License-Identifier: MIT
//
// The wrappers themselves: a fault that is not made would let every test that relies on it pass.

#include "linux_faults/faults.h"

#include <array>
#include <new>
#include <string>

#include <sys/eventfd.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>

#include "support/connection.h"
#include "support/fixture.h"

namespace {

using linux_faults::api;

class linux_faults_test : public transport_test::transport_fixture {};

int make_and_close()
{
    const int made = eventfd(0, EFD_CLOEXEC);
    const int error = errno;
    if (made != -1) {
        close(made);
    }
    errno = error;
    return made;
}

TEST_F(linux_faults_test, only_the_nth_call_fails)
{
    linux_faults::fail_nth(api::eventfd, 2, ENFILE);
    EXPECT_NE(make_and_close(), -1);
    EXPECT_EQ(make_and_close(), -1);
    EXPECT_EQ(errno, ENFILE);
    EXPECT_NE(make_and_close(), -1);
    EXPECT_EQ(linux_faults::calls(api::eventfd), 3U);
    EXPECT_EQ(linux_faults::failures(api::eventfd), 1U);
}

TEST_F(linux_faults_test, every_call_from_the_nth_on_fails)
{
    linux_faults::fail_from(api::eventfd, 2, ENFILE);
    EXPECT_NE(make_and_close(), -1);
    EXPECT_EQ(make_and_close(), -1);
    EXPECT_EQ(make_and_close(), -1);
    EXPECT_EQ(linux_faults::failures(api::eventfd), 2U);
}

TEST_F(linux_faults_test, reset_forgets_plans_and_counts)
{
    linux_faults::fail_from(api::eventfd, 1, ENFILE);
    linux_faults::interrupt(api::eventfd);
    EXPECT_EQ(make_and_close(), -1);
    linux_faults::reset();
    EXPECT_NE(make_and_close(), -1);
    EXPECT_EQ(linux_faults::calls(api::eventfd), 1U);
    EXPECT_EQ(linux_faults::failures(api::eventfd), 0U);
    EXPECT_EQ(linux_faults::interruptions(api::eventfd), 0U);
}

TEST_F(linux_faults_test, every_other_call_is_interrupted_beginning_with_the_first)
{
    linux_faults::interrupt(api::eventfd);
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(make_and_close(), -1);
        EXPECT_EQ(errno, EINTR);
        EXPECT_NE(make_and_close(), -1);
    }
    EXPECT_EQ(linux_faults::interruptions(api::eventfd), 3U);
}

TEST_F(linux_faults_test, an_interrupted_close_closes)
{
    const int made = eventfd(0, EFD_CLOEXEC);
    linux_faults::interrupt_after(api::close);
    EXPECT_EQ(close(made), -1);
    EXPECT_EQ(errno, EINTR);
    linux_faults::reset();
    EXPECT_EQ(close(made), -1);
    EXPECT_EQ(linux_faults::calls_on_bad_descriptors(), 1U);
    expect_bad_descriptor();
}

TEST_F(linux_faults_test, calls_of_the_test_itself_are_left_alone)
{
    linux_faults::fail_from(api::eventfd, 1, ENFILE);
    {
        const linux_faults::exempt scope;
        EXPECT_NE(make_and_close(), -1);
    }
    EXPECT_EQ(linux_faults::calls(api::eventfd), 0U);
    EXPECT_EQ(make_and_close(), -1);
}

TEST_F(linux_faults_test, allocations_fail_and_are_accounted_for)
{
    const std::size_t before = linux_faults::live_allocations();
    linux_faults::fail_nth(api::operator_new, 2, ENOMEM);
    int* const first = new (std::nothrow) int(1);
    int* const second = new (std::nothrow) int(2);
    ASSERT_NE(first, nullptr);
    EXPECT_EQ(second, nullptr);
#ifndef __SANITIZE_THREAD__
    EXPECT_EQ(linux_faults::live_allocations(), before + 1);
#endif
    delete first;
    EXPECT_EQ(linux_faults::live_allocations(), before);
}

TEST_F(linux_faults_test, messages_are_cut_in_the_middle_of_a_buffer)
{
    transport_test::connection pair = transport_test::make_connection();
    const int socket = socket_transport_get_underlying_socket(pair.local.get());
    std::string first = "ab";
    std::string second = "cdef";
    std::array<iovec, 2> pieces{{{first.data(), first.size()}, {second.data(), second.size()}}};
    msghdr message{};
    message.msg_iov = pieces.data();
    message.msg_iovlen = pieces.size();

    linux_faults::cut_short(api::sendmsg, 3);
    EXPECT_EQ(sendmsg(socket, &message, MSG_NOSIGNAL), 3);
    EXPECT_EQ(pair.peer.receive(3), "abc");
    EXPECT_EQ(pieces[1].iov_len, 4U);

    pair.peer.send("uvwxyz");
    linux_faults::cut_short(api::recvmsg, 5);
    std::size_t received = 0;
    while (received < 5) {
        const ssize_t count = recvmsg(socket, &message, MSG_PEEK);
        ASSERT_TRUE(count > 0 || errno == EAGAIN);
        received = count > 0 ? static_cast<std::size_t>(count) : received;
    }
    EXPECT_EQ(received, 5U);
    EXPECT_EQ(first + second.substr(0, 3), "uvwxy");
    EXPECT_EQ(second.substr(3), "f");
}

TEST_F(linux_faults_test, every_call_has_a_name)
{
    EXPECT_STREQ(linux_faults::name_of(api::socket), "socket");
    EXPECT_STREQ(linux_faults::name_of(api::getaddrinfo), "getaddrinfo");
    EXPECT_STREQ(linux_faults::name_of(api::operator_new), "operator_new");
}

} // namespace
