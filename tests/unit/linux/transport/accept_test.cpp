// SPDX-License-Identifier: MIT

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <cerrno>

#include "support/connection.h"
#include "support/fixture.h"
#include "support/log_capture.h"
#include "support/poll_entries.h"

namespace {

using linux_faults::api;
using std::chrono::steady_clock;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using transport_test::log_capture;
using transport_test::make_client;
using transport_test::make_listener;
using transport_test::make_server;
using transport_test::poll_entries;
using transport_test::port_of;
using transport_test::raw_socket;
using transport_test::transport;

class accept_transport : public transport_test::transport_fixture {};

// What no accept may leave in place.
SOCKET_TRANSPORT_HANDLE const stale = reinterpret_cast<SOCKET_TRANSPORT_HANDLE>(std::uintptr_t{1});

// SRS_SOCKET_TRANSPORT_01_028, SRS_SOCKET_TRANSPORT_01_034
TEST_F(accept_transport, refuses_what_is_null)
{
    const log_capture log;
    const transport server = make_listener();
    SOCKET_TRANSPORT_HANDLE accepted = stale;
    EXPECT_EQ(socket_transport_accept(nullptr, &accepted, 0), SOCKET_ACCEPT_ERROR);
    EXPECT_EQ(accepted, nullptr);
    EXPECT_EQ(socket_transport_accept(server.get(), nullptr, 0), SOCKET_ACCEPT_ERROR);
    EXPECT_THAT(log.messages(), ElementsAre("socket_transport_accept: socket_transport is NULL",
                                            "socket_transport_accept: accepted is NULL"));
}

// SRS_SOCKET_TRANSPORT_01_029, SRS_SOCKET_TRANSPORT_01_034
TEST_F(accept_transport, refuses_a_transport_that_does_not_listen)
{
    const log_capture log;
    const transport client = make_client();
    const transport idle = make_server();
    for (const transport* each : {&client, &idle}) {
        SOCKET_TRANSPORT_HANDLE accepted = stale;
        EXPECT_EQ(socket_transport_accept(each->get(), &accepted, 0), SOCKET_ACCEPT_ERROR);
        EXPECT_EQ(accepted, nullptr);
    }
    EXPECT_THAT(log.messages(), ElementsAre("socket_transport_accept: socket_transport is a client transport",
                                            "socket_transport_accept: socket_transport is not listening"));
}

// SRS_SOCKET_TRANSPORT_01_030, SRS_SOCKET_TRANSPORT_01_034
TEST_F(accept_transport, waits_for_as_long_as_it_is_told_and_says_that_none_came)
{
    const log_capture log;
    const transport server = make_listener();
    for (const std::uint32_t limit : {0U, 40U}) {
        SOCKET_TRANSPORT_HANDLE accepted = stale;
        const auto begin = steady_clock::now();
        EXPECT_EQ(socket_transport_accept(server.get(), &accepted, limit), SOCKET_ACCEPT_NO_CONNECTION);
        EXPECT_GE(steady_clock::now() - begin, std::chrono::milliseconds(limit));
        EXPECT_EQ(accepted, nullptr);
    }
    EXPECT_THAT(log.messages(), IsEmpty());
}

// SRS_SOCKET_TRANSPORT_01_030, SRS_SOCKET_TRANSPORT_01_031
TEST_F(accept_transport, takes_a_connection_that_is_there_without_waiting)
{
    const transport server = make_listener();
    const raw_socket peer = raw_socket::connected_to(port_of(server));
    SOCKET_TRANSPORT_HANDLE accepted = nullptr;
    ASSERT_EQ(socket_transport_accept(server.get(), &accepted, 0), SOCKET_ACCEPT_OK);
    const transport owner(accepted);
    EXPECT_TRUE(socket_transport_is_valid_socket(accepted));
    // A client's: it can send, and cannot accept.
    std::vector<std::string> data{"to the peer"};
    EXPECT_EQ(socket_transport_send(accepted, transport_test::buffers_of(data).data(), 1, nullptr, 0, nullptr),
              SOCKET_SEND_OK);
    EXPECT_EQ(peer.receive(data[0].size()), data[0]);
    SOCKET_TRANSPORT_HANDLE none = nullptr;
    EXPECT_EQ(socket_transport_accept(accepted, &none, 0), SOCKET_ACCEPT_ERROR);
}

// SRS_SOCKET_TRANSPORT_01_031
TEST_F(accept_transport, takes_a_connection_that_comes_while_it_waits)
{
    const transport server = make_listener();
    const poll_entries polls;
    SOCKET_TRANSPORT_HANDLE accepted = nullptr;
    SOCKET_ACCEPT_RESULT result = SOCKET_ACCEPT_ERROR;
    std::thread waiter([&] { result = socket_transport_accept(server.get(), &accepted, UINT32_MAX); });
    EXPECT_TRUE(poll_entries::wait_for(1));
    const raw_socket peer = raw_socket::connected_to(port_of(server));
    waiter.join();
    EXPECT_EQ(result, SOCKET_ACCEPT_OK);
    socket_transport_destroy(accepted);
}

// SRS_SOCKET_TRANSPORT_01_031
TEST_F(accept_transport, gives_each_of_many_threads_a_connection_of_its_own)
{
    constexpr std::size_t count = 8;
    const transport server = make_listener();
    const poll_entries polls;
    std::vector<SOCKET_TRANSPORT_HANDLE> accepted(count, nullptr);
    std::vector<std::thread> waiters;
    for (SOCKET_TRANSPORT_HANDLE& each : accepted) {
        waiters.emplace_back([&] { socket_transport_accept(server.get(), &each, UINT32_MAX); });
    }
    EXPECT_TRUE(poll_entries::wait_for(count));
    std::vector<raw_socket> peers;
    for (std::size_t i = 0; i < count; ++i) {
        peers.push_back(raw_socket::connected_to(port_of(server)));
    }
    for (std::thread& waiter : waiters) {
        waiter.join();
    }
    for (SOCKET_TRANSPORT_HANDLE each : accepted) {
        EXPECT_NE(each, nullptr);
        socket_transport_destroy(each);
    }
}

// SRS_SOCKET_TRANSPORT_01_032, SRS_SOCKET_TRANSPORT_01_034, SRS_SOCKET_TRANSPORT_LINUX_01_007
TEST_F(accept_transport, says_when_the_system_has_nothing_left_and_takes_the_connection_later)
{
    for (const int error : {EMFILE, ENFILE, ENOBUFS, ENOMEM}) {
        const transport server = make_listener();
        const raw_socket peer = raw_socket::connected_to(port_of(server));
        SOCKET_TRANSPORT_HANDLE accepted = stale;
        linux_faults::fail_nth(api::accept4, 1, error);
        EXPECT_EQ(socket_transport_accept(server.get(), &accepted, UINT32_MAX), SOCKET_ACCEPT_PORT_EXHAUSTION);
        EXPECT_EQ(accepted, nullptr);
        EXPECT_EQ(socket_transport_accept(server.get(), &accepted, UINT32_MAX), SOCKET_ACCEPT_OK);
        socket_transport_destroy(accepted);
    }
}

// SRS_SOCKET_TRANSPORT_01_033, SRS_SOCKET_TRANSPORT_01_034
TEST_F(accept_transport, fails_where_the_system_refuses_for_good)
{
    const log_capture log;
    const transport server = make_listener();
    const raw_socket peer = raw_socket::connected_to(port_of(server));
    for (const int error : {ENOTSOCK, EINVAL}) {
        SOCKET_TRANSPORT_HANDLE accepted = stale;
        linux_faults::fail_nth(api::accept4, 1, error);
        EXPECT_EQ(socket_transport_accept(server.get(), &accepted, UINT32_MAX), SOCKET_ACCEPT_ERROR);
        EXPECT_EQ(accepted, nullptr);
    }
    const std::string begin =
        "socket_transport_accept: accept4 at 127.0.0.1:" + std::to_string(port_of(server)) + " failed: ";
    EXPECT_THAT(log.messages(), ElementsAre(HasSubstr(begin), HasSubstr(begin)));
}

constexpr int errors_of_a_peer_that_gave_up[] = {
    ECONNABORTED, ECONNRESET,  EPERM,     ETIMEDOUT, ENOSR,        ESOCKTNOSUPPORT, EPROTONOSUPPORT, ENETDOWN,
    EPROTO,       ENOPROTOOPT, EHOSTDOWN, ENONET,    EHOSTUNREACH, EOPNOTSUPP,      ENETUNREACH};

// SRS_SOCKET_TRANSPORT_01_033, SRS_SOCKET_TRANSPORT_LINUX_01_008
TEST_F(accept_transport, goes_on_to_the_next_connection_after_one_whose_peer_gave_up)
{
    const log_capture log;
    for (const int error : errors_of_a_peer_that_gave_up) {
        const transport server = make_listener();
        const raw_socket peer = raw_socket::connected_to(port_of(server));
        SOCKET_TRANSPORT_HANDLE accepted = nullptr;
        linux_faults::fail_nth(api::accept4, 1, error);
        EXPECT_EQ(socket_transport_accept(server.get(), &accepted, UINT32_MAX), SOCKET_ACCEPT_OK) << error;
        socket_transport_destroy(accepted);
    }
    EXPECT_THAT(log.messages(), IsEmpty());
}

// SRS_SOCKET_TRANSPORT_01_033, SRS_SOCKET_TRANSPORT_LINUX_01_008
TEST_F(accept_transport, counts_a_connection_whose_peer_gave_up_as_none)
{
    for (const int error : errors_of_a_peer_that_gave_up) {
        const transport server = make_listener();
        SOCKET_TRANSPORT_HANDLE accepted = stale;
        linux_faults::fail_nth(api::accept4, 1, error);
        EXPECT_EQ(socket_transport_accept(server.get(), &accepted, 20), SOCKET_ACCEPT_NO_CONNECTION) << error;
        EXPECT_EQ(accepted, nullptr);
    }
}

// SRS_SOCKET_TRANSPORT_LINUX_01_008
TEST_F(accept_transport, peers_that_give_up_without_end_do_not_hold_up_a_disconnect)
{
    const transport server = make_listener();
    const raw_socket peer = raw_socket::connected_to(port_of(server));
    linux_faults::fail_from(api::accept4, 1, ECONNABORTED);
    const poll_entries polls;
    SOCKET_ACCEPT_RESULT result = SOCKET_ACCEPT_OK;
    std::thread waiter([&] {
        SOCKET_TRANSPORT_HANDLE accepted = nullptr;
        result = socket_transport_accept(server.get(), &accepted, UINT32_MAX);
    });
    EXPECT_TRUE(poll_entries::wait_for(100));
    socket_transport_disconnect(server.get());
    waiter.join();
    EXPECT_EQ(result, SOCKET_ACCEPT_ERROR);
}

// SRS_SOCKET_TRANSPORT_01_033, SRS_SOCKET_TRANSPORT_01_034
TEST_F(accept_transport, closes_the_connection_for_which_there_is_no_memory)
{
    const transport server = make_listener();
    const raw_socket peer = raw_socket::connected_to(port_of(server));
    SOCKET_TRANSPORT_HANDLE accepted = stale;
    linux_faults::fail_nth(api::operator_new, 1, ENOMEM);
    EXPECT_EQ(socket_transport_accept(server.get(), &accepted, UINT32_MAX), SOCKET_ACCEPT_ERROR);
    EXPECT_EQ(accepted, nullptr);
    EXPECT_TRUE(peer.ends());
}

std::atomic<bool> has_paused{false};

// A pause waits for no socket.
int note_pause(pollfd* entries, nfds_t count, int timeout_ms)
{
    if (entries[1].fd == -1) {
        has_paused = true;
        has_paused.notify_all();
    }
    return poll(entries, count, timeout_ms);
}

// SRS_SOCKET_TRANSPORT_LINUX_01_030
TEST_F(accept_transport, pauses_where_the_same_error_never_ends)
{
    const transport server = make_listener();
    const raw_socket peer = raw_socket::connected_to(port_of(server));
    has_paused = false;
    linux_faults::fail_from(api::accept4, 1, EOPNOTSUPP);
    linux_faults::replace_poll(note_pause);
    SOCKET_TRANSPORT_HANDLE accepted = nullptr;
    SOCKET_ACCEPT_RESULT result = SOCKET_ACCEPT_ERROR;
    std::thread waiter([&] { result = socket_transport_accept(server.get(), &accepted, UINT32_MAX); });
    has_paused.wait(false);
    linux_faults::reset();
    waiter.join();
    EXPECT_EQ(result, SOCKET_ACCEPT_OK);
    socket_transport_destroy(accepted);

    const raw_socket next_peer = raw_socket::connected_to(port_of(server));
    linux_faults::fail_from(api::accept4, 1, EOPNOTSUPP);
    EXPECT_EQ(socket_transport_accept(server.get(), &accepted, 50), SOCKET_ACCEPT_NO_CONNECTION);
    linux_faults::reset();
}

// SRS_SOCKET_TRANSPORT_LINUX_01_030, SRS_SOCKET_TRANSPORT_01_025
TEST_F(accept_transport, is_woken_from_a_pause_by_a_disconnect)
{
    const transport server = make_listener();
    const raw_socket peer = raw_socket::connected_to(port_of(server));
    has_paused = false;
    linux_faults::fail_from(api::accept4, 1, EOPNOTSUPP);
    linux_faults::replace_poll(note_pause);
    SOCKET_TRANSPORT_HANDLE accepted = nullptr;
    SOCKET_ACCEPT_RESULT result = SOCKET_ACCEPT_OK;
    std::thread waiter([&] { result = socket_transport_accept(server.get(), &accepted, UINT32_MAX); });
    has_paused.wait(false);
    socket_transport_disconnect(server.get());
    waiter.join();
    EXPECT_EQ(result, SOCKET_ACCEPT_ERROR);
    linux_faults::reset();
}

} // namespace
