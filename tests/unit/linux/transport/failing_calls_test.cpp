// SPDX-License-Identifier: MIT
//
// The n-th system call of each kind fails, with each error that it can fail with, for every n until the function under
// test no longer meets it. Each time the result is the documented one, nothing is left behind, and what was refused can
// be tried again.

#include <functional>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/socket.h>

#include <cerrno>

#include "support/connection.h"
#include "support/fixture.h"

namespace {

using linux_faults::api;
using linux_faults::errors_of;
using transport_test::buffers_of;
using transport_test::connection;
using transport_test::free_port;
using transport_test::make_client;
using transport_test::make_connection;
using transport_test::make_listener;
using transport_test::make_server;
using transport_test::nothing_left_behind;
using transport_test::port_of;
using transport_test::raw_socket;
using transport_test::transport;

class failing_calls : public transport_test::transport_fixture {};

bool was_broken_by_peer(int error)
{
    return error == ECONNRESET || error == EPIPE;
}

// `attempt` sets up what it needs, calls `arm`, makes the one call under test and checks what it can by itself. It is
// told by `failed` whether it was made to fail.
using ask_whether_failed = std::function<bool()>;
using attempt = std::function<void(const std::function<void()>& arm, const ask_whether_failed& failed, int error)>;

// Returns how many calls of the kind the function made when none failed.
std::size_t fail_each(api which, const attempt& attempted)
{
    std::size_t met = 0;
    for (const int error : errors_of(which)) {
        met = 0;
        for (std::size_t n = 1;; ++n) {
            SCOPED_TRACE(testing::Message() << linux_faults::name_of(which) << " number " << n << ", error " << error);
            EXPECT_LT(n, 100U);
            const nothing_left_behind nothing;
            bool hit = false;
            attempted([&] { linux_faults::fail_nth(which, n, error); },
                      [&] {
                          hit = linux_faults::failures(which) > 0;
                          linux_faults::reset();
                          return hit;
                      },
                      error);
            if (!hit || n >= 100) {
                break;
            }
            met = n;
        }
    }
    return met;
}

// SRS_SOCKET_TRANSPORT_01_002
TEST_F(failing_calls, of_the_create_functions)
{
    for (const auto create : {&socket_transport_create_client, &socket_transport_create_server}) {
        const auto call = [&](const auto& arm, const auto& failed, int) {
            arm();
            const transport made(create());
            EXPECT_EQ(made == nullptr, failed());
        };
        EXPECT_EQ(fail_each(api::eventfd, call), 1U);
        // The transport, and what wakes whoever waits in connect and accept.
        EXPECT_EQ(fail_each(api::operator_new, call), 2U);
    }
}

// SRS_SOCKET_TRANSPORT_01_002, SRS_SOCKET_TRANSPORT_01_005, SRS_SOCKET_TRANSPORT_LINUX_01_019
TEST_F(failing_calls, of_create_from_socket)
{
    const transport server = make_listener();
    const auto hand_over = [&](const auto& arm, const auto& failed, int) {
        raw_socket socket = raw_socket::connected_to(port_of(server));
        const int descriptor = socket.get();
        ASSERT_EQ(::fcntl(descriptor, F_SETFD, 0), 0);
        const int flags = ::fcntl(descriptor, F_GETFL);
        arm();
        const transport made(socket_transport_create_from_socket(descriptor));
        ASSERT_EQ(made == nullptr, failed());
        if (made != nullptr) {
            static_cast<void>(socket.release());
            return;
        }
        EXPECT_EQ(::fcntl(descriptor, F_GETFL), flags);
        EXPECT_EQ(::fcntl(descriptor, F_GETFD), 0);
    };
    EXPECT_EQ(fail_each(api::getsockopt, hand_over), 1U);
    EXPECT_EQ(fail_each(api::fcntl, hand_over), 4U);
    EXPECT_EQ(fail_each(api::operator_new, hand_over), 1U);
}

// SRS_SOCKET_TRANSPORT_01_015
TEST_F(failing_calls, of_connect)
{
    const transport server = make_listener();
    const std::uint16_t port = port_of(server);
    const auto connect = [&](const auto& arm, const auto& failed, int) {
        const transport client = make_client();
        arm();
        const int result = socket_transport_connect(client.get(), "127.0.0.1", port, UINT32_MAX);
        const bool has_failed = failed();
        EXPECT_EQ(result != 0, has_failed);
        EXPECT_EQ(socket_transport_is_valid_socket(client.get()), !has_failed);
        if (has_failed) {
            EXPECT_EQ(socket_transport_connect(client.get(), "127.0.0.1", port, UINT32_MAX), 0);
        }
        // The queue of the listener would be full after some more.
        SOCKET_TRANSPORT_HANDLE accepted = nullptr;
        while (socket_transport_accept(server.get(), &accepted, 0) == SOCKET_ACCEPT_OK) {
            socket_transport_destroy(accepted);
        }
    };
    for (const api which : {api::getaddrinfo, api::socket, api::connect, api::poll, api::getsockopt, api::getsockname,
                            api::getpeername}) {
        EXPECT_EQ(fail_each(which, connect), 1U) << linux_faults::name_of(which);
    }
}

// SRS_SOCKET_TRANSPORT_01_020
TEST_F(failing_calls, of_listen_at)
{
    const auto listen = [&](const auto& arm, const auto& failed, int) {
        const transport server = make_server();
        arm();
        const int result = socket_transport_listen_at(server.get(), "127.0.0.1", 0);
        const bool has_failed = failed();
        EXPECT_EQ(result != 0, has_failed);
        EXPECT_EQ(socket_transport_is_valid_socket(server.get()), !has_failed);
        if (has_failed) {
            EXPECT_EQ(socket_transport_listen_at(server.get(), "127.0.0.1", 0), 0);
        }
    };
    for (const api which : {api::getaddrinfo, api::socket, api::setsockopt, api::bind, api::listen}) {
        EXPECT_EQ(fail_each(which, listen), 1U) << linux_faults::name_of(which);
    }
}

// SRS_SOCKET_TRANSPORT_01_019, SRS_SOCKET_TRANSPORT_01_020
TEST_F(failing_calls, of_listen)
{
    if (!transport_test::machine_has_ipv6()) {
        GTEST_SKIP() << "no IPv6 on this machine";
    }
    const auto listen = [&](const auto& arm, const auto& failed, int error) {
        const transport server = make_server();
        const std::uint16_t port = free_port();
        arm();
        const int result = socket_transport_listen(server.get(), port);
        const bool has_failed = failed();
        // These are what a machine without IPv6 says.
        const bool expected = has_failed && error != EAFNOSUPPORT && error != EADDRNOTAVAIL;
        EXPECT_EQ(result != 0, expected);
        if (expected) {
            EXPECT_EQ(socket_transport_listen(server.get(), port), 0);
        }
    };
    EXPECT_EQ(fail_each(api::socket, listen), 1U);
    EXPECT_EQ(fail_each(api::setsockopt, listen), 2U);
    EXPECT_EQ(fail_each(api::bind, listen), 1U);
    EXPECT_EQ(fail_each(api::listen, listen), 1U);
}

// SRS_SOCKET_TRANSPORT_01_032, SRS_SOCKET_TRANSPORT_01_033, SRS_SOCKET_TRANSPORT_01_034
TEST_F(failing_calls, of_accept)
{
    // An accept that has to wait, so that it makes every call that it can make.
    const auto accept = [&](const auto& arm, const auto& failed, int error) {
        const transport server = make_listener();
        const raw_socket peer = raw_socket::connected_to(port_of(server));
        arm();
        // What is not there yet at the first look is at the second.
        SOCKET_TRANSPORT_HANDLE accepted = nullptr;
        const SOCKET_ACCEPT_RESULT result = socket_transport_accept(server.get(), &accepted, UINT32_MAX);
        const transport owner(accepted);
        // Only this peer is refused by the system then: the accept goes on, to the next one or to this one's next try.
        if (!failed() || error == EPERM) {
            EXPECT_EQ(result, SOCKET_ACCEPT_OK);
            EXPECT_NE(owner, nullptr);
            return;
        }
        const bool exhausted = error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
        EXPECT_EQ(result, exhausted ? SOCKET_ACCEPT_PORT_EXHAUSTION : SOCKET_ACCEPT_ERROR);
        EXPECT_EQ(owner, nullptr);
        EXPECT_TRUE(socket_transport_is_valid_socket(server.get()));
    };
    EXPECT_EQ(fail_each(api::accept4, accept), 1U);
}

// SRS_SOCKET_TRANSPORT_01_032, SRS_SOCKET_TRANSPORT_01_034
TEST_F(failing_calls, of_an_accept_that_waits)
{
    const transport server = make_listener();
    const auto accept = [&](const auto& arm, const auto& failed, int) {
        arm();
        SOCKET_TRANSPORT_HANDLE accepted = nullptr;
        const SOCKET_ACCEPT_RESULT result = socket_transport_accept(server.get(), &accepted, 1);
        EXPECT_EQ(result, failed() ? SOCKET_ACCEPT_PORT_EXHAUSTION : SOCKET_ACCEPT_NO_CONNECTION);
        EXPECT_EQ(accepted, nullptr);
    };
    EXPECT_EQ(fail_each(api::poll, accept), 1U);
}

// SRS_SOCKET_TRANSPORT_01_038, SRS_SOCKET_TRANSPORT_01_039, SRS_SOCKET_TRANSPORT_LINUX_01_012
TEST_F(failing_calls, of_send)
{
    std::vector<std::string> data{"ab", "cde"};
    const auto send = [&](const auto& arm, const auto& failed, int error) {
        const connection pair = make_connection();
        linux_faults::cut_short(api::sendmsg, 1);
        arm();
        std::uint32_t bytes = UINT32_MAX;
        errno = 0;
        const SOCKET_SEND_RESULT result =
            socket_transport_send(pair.local.get(), buffers_of(data).data(), 2, &bytes, 0, nullptr);
        const int error_on_return = errno;
        const std::size_t calls = linux_faults::calls(api::sendmsg);
        if (!failed()) {
            EXPECT_EQ(result, SOCKET_SEND_OK);
            EXPECT_EQ(bytes, 5U);
            return;
        }
        EXPECT_EQ(result, was_broken_by_peer(error) ? SOCKET_SEND_SHUTDOWN : SOCKET_SEND_FAILED);
        EXPECT_EQ(error_on_return, error);
        EXPECT_EQ(bytes, calls - 1);
        EXPECT_EQ(pair.peer.receive(bytes), std::string("abcde").substr(0, bytes));
    };
    EXPECT_EQ(fail_each(api::sendmsg, send), 5U);
}

// SRS_SOCKET_TRANSPORT_01_038, SRS_SOCKET_TRANSPORT_01_039
TEST_F(failing_calls, of_a_send_that_waits)
{
    const connection pair = make_connection();
    std::vector<std::string> data{std::string(16 << 20, 'x')};
    linux_faults::fail_nth(api::poll, 1, ENOMEM);
    std::uint32_t bytes = 0;
    EXPECT_EQ(socket_transport_send(pair.local.get(), buffers_of(data).data(), 1, &bytes, 0, nullptr),
              SOCKET_SEND_FAILED);
    EXPECT_EQ(errno, ENOMEM);
    EXPECT_GT(bytes, 0U);
    EXPECT_LT(bytes, data[0].size());
    EXPECT_EQ(pair.peer.receive(bytes), data[0].substr(0, bytes));
}

// SRS_SOCKET_TRANSPORT_01_044, SRS_SOCKET_TRANSPORT_01_039, SRS_SOCKET_TRANSPORT_LINUX_01_012
TEST_F(failing_calls, of_receive)
{
    const auto receive = [&](const auto& arm, const auto& failed, int error) {
        const connection pair = make_connection();
        pair.peer.send("abcde");
        std::vector<std::string> data{"..", "..."};
        linux_faults::cut_short(api::recvmsg, 1);
        arm();
        std::uint32_t bytes = UINT32_MAX;
        errno = 0;
        const SOCKET_RECEIVE_RESULT result =
            socket_transport_receive(pair.local.get(), buffers_of(data).data(), 2, &bytes, MSG_WAITALL, nullptr);
        const int error_on_return = errno;
        if (!failed()) {
            EXPECT_EQ(result, SOCKET_RECEIVE_OK);
            EXPECT_EQ(bytes, 5U);
        } else {
            EXPECT_EQ(result, was_broken_by_peer(error) ? SOCKET_RECEIVE_SHUTDOWN : SOCKET_RECEIVE_ERROR);
            EXPECT_EQ(error_on_return, error);
            EXPECT_LT(bytes, 5U);
        }
        EXPECT_EQ((data[0] + data[1]).substr(0, bytes), std::string("abcde").substr(0, bytes));
        // Nothing was lost: what was not received is still there.
        std::vector<std::string> rest{std::string(5 - bytes, '.')};
        if (bytes < 5) {
            EXPECT_EQ(
                socket_transport_receive(pair.local.get(), buffers_of(rest).data(), 1, nullptr, MSG_WAITALL, nullptr),
                SOCKET_RECEIVE_OK);
        }
        EXPECT_EQ(rest[0], std::string("abcde").substr(bytes));
    };
    EXPECT_GE(fail_each(api::recvmsg, receive), 5U);
}

// SRS_SOCKET_TRANSPORT_01_044, SRS_SOCKET_TRANSPORT_01_039
TEST_F(failing_calls, of_a_receive_that_waits)
{
    const connection pair = make_connection();
    std::vector<std::string> data{"."};
    linux_faults::fail_nth(api::poll, 1, ENOMEM);
    std::uint32_t bytes = UINT32_MAX;
    EXPECT_EQ(socket_transport_receive(pair.local.get(), buffers_of(data).data(), 1, &bytes, 0, nullptr),
              SOCKET_RECEIVE_ERROR);
    EXPECT_EQ(errno, ENOMEM);
    EXPECT_EQ(bytes, 0U);
}

// SRS_SOCKET_TRANSPORT_01_049
TEST_F(failing_calls, of_get_local_endpoint)
{
    const transport server = make_listener();
    const auto ask = [&](const auto& arm, const auto& failed, int) {
        char host[SOCKET_TRANSPORT_ADDRESS_SIZE] = "untouched";
        std::uint16_t port = 0;
        arm();
        const int result = socket_transport_get_local_endpoint(server.get(), host, sizeof host, &port);
        const bool has_failed = failed();
        EXPECT_EQ(result != 0, has_failed);
        EXPECT_STREQ(host, has_failed ? "untouched" : "127.0.0.1");
    };
    EXPECT_EQ(fail_each(api::getsockname, ask), 1U);
}

// SRS_SOCKET_TRANSPORT_01_024
TEST_F(failing_calls, of_disconnect_change_nothing)
{
    for (const api which : {api::shutdown, api::close, api::write}) {
        EXPECT_GE(fail_each(which,
                            [&](const auto& arm, const auto& failed, int) {
                                const transport server = make_listener();
                                arm();
                                socket_transport_disconnect(server.get());
                                static_cast<void>(failed());
                                EXPECT_FALSE(socket_transport_is_valid_socket(server.get()));
                            }),
                  1U)
            << linux_faults::name_of(which);
    }
}

} // namespace
