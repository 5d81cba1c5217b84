// SPDX-License-Identifier: MIT

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
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
using transport_test::connection;
using transport_test::log_capture;
using transport_test::make_client;
using transport_test::make_connection;
using transport_test::make_listener;
using transport_test::make_server;
using transport_test::poll_entries;
using transport_test::port_of;
using transport_test::raw_socket;
using transport_test::transport;

class disconnect_transport : public transport_test::transport_fixture {};

// How another thread puts an end to what is blocked.
struct ending {
    const char* name;
    void (*end)(transport& ended);
};

class disconnect_of_blocked : public disconnect_transport, public testing::WithParamInterface<ending> {};

INSTANTIATE_TEST_SUITE_P(by, disconnect_of_blocked,
                         testing::Values(ending{"disconnect",
                                                [](transport& ended) { socket_transport_disconnect(ended.get()); }},
                                         ending{"destroy", [](transport& ended) { ended.reset(); }}),
                         [](const auto& tested) { return tested.param.name; });

// SRS_SOCKET_TRANSPORT_01_025, SRS_SOCKET_TRANSPORT_01_007
TEST_P(disconnect_of_blocked, accept_returns_in_every_thread)
{
    constexpr std::size_t count = 4;
    transport server = make_listener();
    SOCKET_TRANSPORT_HANDLE const handle = server.get();
    const poll_entries polls;
    std::vector<SOCKET_ACCEPT_RESULT> results(count, SOCKET_ACCEPT_OK);
    std::vector<std::thread> waiters;
    for (SOCKET_ACCEPT_RESULT& result : results) {
        waiters.emplace_back([&result, handle] {
            SOCKET_TRANSPORT_HANDLE accepted = nullptr;
            result = socket_transport_accept(handle, &accepted, UINT32_MAX);
        });
    }
    EXPECT_TRUE(poll_entries::wait_for(count));
    GetParam().end(server);
    for (std::thread& waiter : waiters) {
        waiter.join();
    }
    EXPECT_THAT(results, testing::Each(SOCKET_ACCEPT_ERROR));
}

// SRS_SOCKET_TRANSPORT_01_025, SRS_SOCKET_TRANSPORT_LINUX_01_017
TEST_P(disconnect_of_blocked, receive_returns_and_does_not_take_it_for_the_peers_end)
{
    connection pair = make_connection();
    SOCKET_TRANSPORT_HANDLE const handle = pair.local.get();
    const poll_entries polls;
    SOCKET_RECEIVE_RESULT result = SOCKET_RECEIVE_OK;
    std::uint32_t bytes = UINT32_MAX;
    int error = 0;
    std::thread receiver([&] {
        unsigned char byte = 0;
        SOCKET_BUFFER buffer{1, &byte};
        result = socket_transport_receive(handle, &buffer, 1, &bytes, 0, nullptr);
        error = errno;
    });
    EXPECT_TRUE(poll_entries::wait_for(1));
    GetParam().end(pair.local);
    receiver.join();
    EXPECT_EQ(result, SOCKET_RECEIVE_ERROR);
    EXPECT_EQ(bytes, 0U);
    EXPECT_EQ(error, ECONNABORTED);
}

// SRS_SOCKET_TRANSPORT_01_025
TEST_P(disconnect_of_blocked, send_returns)
{
    connection pair = make_connection();
    SOCKET_TRANSPORT_HANDLE const handle = pair.local.get();
    const poll_entries polls;
    SOCKET_SEND_RESULT result = SOCKET_SEND_OK;
    std::uint32_t bytes = 0;
    int error = 0;
    std::string data(16 << 20, 'x');
    std::thread sender([&] {
        const SOCKET_BUFFER buffer{static_cast<std::uint32_t>(data.size()),
                                   reinterpret_cast<unsigned char*>(data.data())};
        result = socket_transport_send(handle, &buffer, 1, &bytes, 0, nullptr);
        error = errno;
    });
    EXPECT_TRUE(poll_entries::wait_for(1));
    GetParam().end(pair.local);
    sender.join();
    EXPECT_EQ(result, SOCKET_SEND_FAILED);
    EXPECT_LT(bytes, data.size());
    EXPECT_EQ(error, EPIPE);
}

// SRS_SOCKET_TRANSPORT_01_025
TEST_P(disconnect_of_blocked, connect_returns)
{
    const log_capture log;
    const raw_socket full = raw_socket::full_listener();
    const std::uint16_t port = full.port();
    transport client = make_client();
    SOCKET_TRANSPORT_HANDLE const handle = client.get();
    const poll_entries polls;
    int result = 0;
    std::thread connecting([&] { result = socket_transport_connect(handle, "127.0.0.1", port, UINT32_MAX); });
    EXPECT_TRUE(poll_entries::wait_for(1));
    GetParam().end(client);
    connecting.join();
    EXPECT_NE(result, 0);
    EXPECT_THAT(log.messages(), ElementsAre(HasSubstr(" failed: Software caused connection abort")));
}

// Disconnects in the middle of the setup that is under way.
SOCKET_TRANSPORT_HANDLE to_disconnect = nullptr;

int connect_and_disconnect(int socket, const sockaddr* address, socklen_t length)
{
    pollfd entry{socket, POLLOUT, 0};
    static_cast<void>(::connect(socket, address, length));
    static_cast<void>(::poll(&entry, 1, 60000));
    socket_transport_disconnect(to_disconnect);
    return 0;
}

// SRS_SOCKET_TRANSPORT_01_025, SRS_SOCKET_TRANSPORT_01_024
TEST_F(disconnect_transport, a_connect_that_has_just_succeeded_fails_and_closes)
{
    const transport server = make_listener();
    const transport client = make_client();
    to_disconnect = client.get();
    linux_faults::replace_connect(&connect_and_disconnect);
    EXPECT_NE(socket_transport_connect(client.get(), "127.0.0.1", port_of(server), UINT32_MAX), 0);
    EXPECT_FALSE(socket_transport_is_valid_socket(client.get()));
    // The connection, and the event by which a disconnect would have woken the connect.
    EXPECT_EQ(linux_faults::calls(api::close), 2U);
}

int resolve_and_disconnect(const char* host, const char* service, const addrinfo* hints, addrinfo** result)
{
    socket_transport_disconnect(to_disconnect);
    return ::getaddrinfo(host, service, hints, result);
}

// SRS_SOCKET_TRANSPORT_01_024, SRS_SOCKET_TRANSPORT_01_020
TEST_F(disconnect_transport, a_listen_that_is_under_way_fails_and_closes)
{
    const transport server = make_server();
    to_disconnect = server.get();
    linux_faults::replace_getaddrinfo(&resolve_and_disconnect);
    EXPECT_NE(socket_transport_listen_at(server.get(), "127.0.0.1", 0), 0);
    EXPECT_FALSE(socket_transport_is_valid_socket(server.get()));
    EXPECT_EQ(linux_faults::calls(api::close), 1U);
}

// SRS_SOCKET_TRANSPORT_01_023
TEST_F(disconnect_transport, nothing_brings_it_back)
{
    const transport client = make_client();
    const transport server = make_server();
    const transport target = make_listener();
    socket_transport_disconnect(client.get());
    socket_transport_disconnect(server.get());
    EXPECT_NE(socket_transport_connect(client.get(), "127.0.0.1", port_of(target), UINT32_MAX), 0);
    EXPECT_NE(socket_transport_listen_at(server.get(), "127.0.0.1", 0), 0);
}

// SRS_SOCKET_TRANSPORT_LINUX_01_020, SRS_SOCKET_TRANSPORT_01_027
TEST_F(disconnect_transport, ends_the_connection_even_while_the_descriptor_is_held_elsewhere)
{
    const connection pair = make_connection();
    // As the system holds it for an operation of its own.
    const raw_socket duplicate(::fcntl(socket_transport_get_underlying_socket(pair.local.get()), F_DUPFD_CLOEXEC, 0));
    socket_transport_disconnect(pair.local.get());
    EXPECT_TRUE(pair.peer.ends());
    char byte = 0;
    EXPECT_EQ(::recv(duplicate.get(), &byte, 1, MSG_DONTWAIT), 0);
}

// SRS_SOCKET_TRANSPORT_01_024
TEST_F(disconnect_transport, closes_once_however_many_threads_disconnect)
{
    for (int round = 0; round < 50; ++round) {
        const connection pair = make_connection();
        linux_faults::reset();
        std::atomic<int> ready{0};
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&] {
                ++ready;
                while (ready != 4) {
                    std::this_thread::yield();
                }
                socket_transport_disconnect(pair.local.get());
            });
        }
        for (std::thread& thread : threads) {
            thread.join();
        }
        EXPECT_EQ(linux_faults::calls(api::close), 1U);
        EXPECT_EQ(linux_faults::calls(api::shutdown), 1U);
    }
}

int disconnect_and_poll(pollfd* entries, nfds_t count, int timeout_ms)
{
    socket_transport_disconnect(to_disconnect);
    return ::poll(entries, count, timeout_ms);
}

// SRS_SOCKET_TRANSPORT_01_039
TEST_F(disconnect_transport, the_last_error_survives_the_close_that_falls_to_the_receiver)
{
    const connection pair = make_connection();
    to_disconnect = pair.local.get();
    linux_faults::replace_poll(&disconnect_and_poll);
    linux_faults::fail_nth(api::close, 1, EIO);
    unsigned char byte = 0;
    SOCKET_BUFFER buffer{1, &byte};
    EXPECT_EQ(socket_transport_receive(pair.local.get(), &buffer, 1, nullptr, 0, nullptr), SOCKET_RECEIVE_ERROR);
    EXPECT_EQ(errno, ECONNABORTED);
    EXPECT_EQ(linux_faults::failures(api::close), 1U);
}

// SRS_SOCKET_TRANSPORT_LINUX_01_003, SRS_SOCKET_TRANSPORT_01_025
TEST_F(disconnect_transport, wakes_a_connect_though_a_signal_interrupts_it)
{
    const raw_socket full = raw_socket::full_listener();
    const transport client = make_client();
    const poll_entries polls;
    linux_faults::interrupt(api::write);
    int result = 0;
    std::thread connecting(
        [&] { result = socket_transport_connect(client.get(), "127.0.0.1", full.port(), UINT32_MAX); });
    EXPECT_TRUE(poll_entries::wait_for(1));
    socket_transport_disconnect(client.get());
    connecting.join();
    EXPECT_NE(result, 0);
    EXPECT_EQ(linux_faults::interruptions(api::write), 1U);
}

// SRS_SOCKET_TRANSPORT_01_024, SRS_SOCKET_TRANSPORT_01_025, SRS_SOCKET_TRANSPORT_LINUX_01_021
TEST_F(disconnect_transport, at_any_moment_of_a_connect_leaves_nothing_open)
{
    const transport server = make_listener();
    const std::uint16_t port = port_of(server);
    for (int round = 0; round < 200; ++round) {
        const transport_test::nothing_left_behind nothing;
        {
            const transport client = make_client();
            std::atomic<bool> begun{false};
            std::thread connecting([&] {
                begun = true;
                static_cast<void>(socket_transport_connect(client.get(), "127.0.0.1", port, UINT32_MAX));
            });
            while (!begun) {
                std::this_thread::yield();
            }
            // A different moment in each round.
            for (int i = 0; i < round; ++i) {
                socket_transport_is_valid_socket(client.get());
            }
            socket_transport_disconnect(client.get());
            connecting.join();
            EXPECT_FALSE(socket_transport_is_valid_socket(client.get()));
        }
        SOCKET_TRANSPORT_HANDLE accepted = nullptr;
        while (socket_transport_accept(server.get(), &accepted, 0) == SOCKET_ACCEPT_OK) {
            socket_transport_destroy(accepted);
        }
    }
}

// Sends and receives until the transport says that it is disconnected.
void use_until_disconnected(SOCKET_TRANSPORT_HANDLE used)
{
    unsigned char bytes[16] = {};
    SOCKET_BUFFER buffer{sizeof bytes, bytes};
    bool sends = true;
    bool receives = true;
    while (sends || receives) {
        sends = sends && socket_transport_send(used, &buffer, 1, nullptr, MSG_DONTWAIT, nullptr) != SOCKET_SEND_ERROR;
        receives = receives && (socket_transport_receive(used, &buffer, 1, nullptr, MSG_DONTWAIT, nullptr) !=
                                    SOCKET_RECEIVE_ERROR ||
                                errno != ENOTCONN);
        socket_transport_get_underlying_socket(used);
    }
}

// SRS_SOCKET_TRANSPORT_01_026
TEST_F(disconnect_transport, no_call_runs_on_a_descriptor_that_was_given_to_somebody_else)
{
    for (int round = 0; round < 100; ++round) {
        const connection pair = make_connection();
        const int number = socket_transport_get_underlying_socket(pair.local.get());
        std::vector<std::thread> users;
        for (int i = 0; i < 3; ++i) {
            users.emplace_back(&use_until_disconnected, pair.local.get());
        }
        socket_transport_disconnect(pair.local.get());

        // Somebody else opens sockets until one has the number. Whatever is sent on it by mistake arrives.
        const linux_faults::exempt scope;
        std::vector<raw_socket> others;
        int ends[2] = {-1, -1};
        for (int i = 0; i < 64 && ends[0] != number && ends[1] != number; ++i) {
            ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
            others.emplace_back(ends[0]);
            others.emplace_back(ends[1]);
        }
        for (std::thread& user : users) {
            user.join();
        }
        for (const raw_socket& other : others) {
            char byte = 0;
            ASSERT_EQ(::recv(other.get(), &byte, 1, 0), -1);
            ASSERT_EQ(errno, EAGAIN);
        }
    }
}

} // namespace
