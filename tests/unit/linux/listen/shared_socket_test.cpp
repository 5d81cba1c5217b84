// SPDX-License-Identifier: MIT
//
// A listening socket that somebody else has, too, as the service manager has those that it starts a program with.

#include <stdexcept>
#include <thread>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "async_socket/listen_options.h"
#include "async_socket/socket_options.h"

#include "linux_support/fixture.h"
#include "support/raw_peer.h"

namespace linux_tests {
namespace {

class shared_listening_socket : public contract::with_engine {
protected:
    shared_listening_socket() : with_engine(1, 1)
    {
        const contract::transport_owner made(socket_transport_create_server());
        char host[SOCKET_TRANSPORT_ADDRESS_SIZE];
        int socket = -1;
        if (socket_transport_listen_at(made.get(), "127.0.0.1", 0) != 0 ||
            socket_transport_get_local_endpoint(made.get(), host, sizeof host, &port) != 0 ||
            socket_transport_release(made.get(), &socket) != 0) {
            throw std::runtime_error("no listening socket");
        }
        of_the_manager = ::fcntl(socket, F_DUPFD_CLOEXEC, 0);
        adopted.reset(socket_transport_create_from_listening_socket(socket));
        listening.reset(async_listener_create(engine.get()));
    }
    ~shared_listening_socket() override { ::close(of_the_manager); }

    // Whoever comes waits in the backlog, and the manager can accept.
    void expect_still_listens()
    {
        int listens = 0;
        socklen_t size = sizeof listens;
        ASSERT_EQ(::getsockopt(of_the_manager, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size), 0);
        ASSERT_EQ(listens, 1);
        contract::raw_peer peer(port);
        const int accepted = ::accept(of_the_manager, nullptr, nullptr);
        ASSERT_NE(accepted, -1);
        EXPECT_EQ(::send(accepted, "x", 1, MSG_NOSIGNAL), 1);
        char received = 0;
        EXPECT_EQ(peer.receive(&received, 1), 1);
        ::close(accepted);
    }

    std::uint16_t port = 0;
    int of_the_manager = -1;
    contract::transport_owner adopted;
    contract::listener_owner listening;
};

// SRS_LISTEN_OPTIONS_01_008, SRS_ASYNC_LISTENER_01_007
TEST_F(shared_listening_socket, listens_on_when_the_listener_is_closed)
{
    ASSERT_EQ(async_listener_open(listening.get(), adopted.get()), 0);
    contract::accept_operation& first = make<contract::accept_operation>();
    ASSERT_EQ(first.start(listening.get()), 0);
    const contract::raw_peer peer(port);
    ASSERT_TRUE(first.wait());
    EXPECT_EQ(first.status(), ASYNC_STATUS_OK);
    contract::accept_operation& pending = make<contract::accept_operation>();
    ASSERT_EQ(pending.start(listening.get()), 0);
    async_listener_close(listening.get());
    EXPECT_TRUE(pending.is_done());
    EXPECT_EQ(pending.status(), ASYNC_STATUS_CLOSED);
    EXPECT_FALSE(socket_transport_is_valid_socket(adopted.get()));
    expect_still_listens();
}

// Those who came before the listener went are the next one's. SRS_LISTEN_OPTIONS_01_008
TEST_F(shared_listening_socket, keeps_its_backlog_for_the_next_program)
{
    ASSERT_EQ(async_listener_open(listening.get(), adopted.get()), 0);
    contract::raw_peer peer(port);
    listening.reset();
    adopted.reset(socket_transport_create_from_listening_socket(::fcntl(of_the_manager, F_DUPFD_CLOEXEC, 0)));
    listening.reset(async_listener_create(engine.get()));
    ASSERT_EQ(async_listener_open(listening.get(), adopted.get()), 0);
    contract::accept_operation& accepting = make<contract::accept_operation>();
    ASSERT_EQ(accepting.start(listening.get()), 0);
    ASSERT_TRUE(accepting.wait());
    ASSERT_EQ(accepting.status(), ASYNC_STATUS_OK);
    EXPECT_EQ(peer.send("x", 1), 1);
    EXPECT_EQ(contract::receive_exactly(accepting.accepted(), 1), contract::bytes{'x'});
}

// SRS_LISTEN_OPTIONS_01_008
TEST_F(shared_listening_socket, listens_on_when_the_transport_is_destroyed)
{
    adopted.reset();
    expect_still_listens();
}

// SRS_LISTEN_OPTIONS_01_008, SRS_SOCKET_TRANSPORT_01_025
TEST_F(shared_listening_socket, listens_on_when_a_blocked_accept_is_woken)
{
    SOCKET_ACCEPT_RESULT result = SOCKET_ACCEPT_OK;
    SOCKET_TRANSPORT_HANDLE accepted = nullptr;
    std::thread blocked([&] { result = socket_transport_accept(adopted.get(), &accepted, UINT32_MAX); });
    socket_transport_disconnect(adopted.get());
    blocked.join();
    EXPECT_EQ(result, SOCKET_ACCEPT_ERROR);
    expect_still_listens();
}

// It could not end them otherwise. SRS_SOCKET_TRANSPORT_01_027
TEST_F(shared_listening_socket, is_shut_down_by_a_disconnect_for_the_pending_accepts)
{
    ASSERT_EQ(async_listener_open(listening.get(), adopted.get()), 0);
    contract::accept_operation& pending = make<contract::accept_operation>();
    ASSERT_EQ(pending.start(listening.get()), 0);
    socket_transport_disconnect(adopted.get());
    ASSERT_TRUE(pending.wait());
    EXPECT_NE(pending.status(), ASYNC_STATUS_OK);
}

} // namespace
} // namespace linux_tests
