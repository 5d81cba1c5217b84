// SPDX-License-Identifier: MIT

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "async_socket/socket_transport.h"
#include "support/fixture.h"
#include "support/owned_transport.h"

namespace {

using namespace unit;

class socket_transport_questions_test : public win32_test {
protected:
    char host[SOCKET_TRANSPORT_ADDRESS_SIZE] = "untouched";
    std::uint16_t port = 77;

    void expect_untouched() const
    {
        EXPECT_STREQ(host, "untouched");
        EXPECT_EQ(port, 77);
    }
};

// SRS_SOCKET_TRANSPORT_01_046
TEST_F(socket_transport_questions_test, the_socket_is_there_while_the_transport_is_connected)
{
    EXPECT_EQ(socket_transport_get_underlying_socket(nullptr), as_handle(INVALID_SOCKET));
    expect_refusal("socket_transport_get_underlying_socket", "socket_transport");
    const connected_transport connected;
    EXPECT_EQ(socket_transport_get_underlying_socket(connected.transport.get()), as_handle(connected.line.socket));
    socket_transport_disconnect(connected.transport.get());
    EXPECT_EQ(socket_transport_get_underlying_socket(connected.transport.get()), as_handle(INVALID_SOCKET));
}

// SRS_SOCKET_TRANSPORT_01_047
TEST_F(socket_transport_questions_test, valid_is_what_is_connected_or_listening)
{
    EXPECT_FALSE(socket_transport_is_valid_socket(nullptr));
    const owned_transport client(socket_transport_create_client());
    EXPECT_FALSE(socket_transport_is_valid_socket(client.get()));
    const connected_transport connected;
    EXPECT_TRUE(socket_transport_is_valid_socket(connected.transport.get()));
    const listening_transport listening;
    EXPECT_TRUE(socket_transport_is_valid_socket(listening.transport.get()));
    socket_transport_disconnect(connected.transport.get());
    EXPECT_FALSE(socket_transport_is_valid_socket(connected.transport.get()));
    socket_transport_disconnect(listening.transport.get());
    EXPECT_FALSE(socket_transport_is_valid_socket(listening.transport.get()));
}

// SRS_SOCKET_TRANSPORT_01_047
TEST_F(socket_transport_questions_test, valid_says_nothing_of_the_peer)
{
    const connected_transport connected;
    connected.line.peer.reset();
    EXPECT_TRUE(socket_transport_is_valid_socket(connected.transport.get()));
}

// SRS_SOCKET_TRANSPORT_01_048
TEST_F(socket_transport_questions_test, the_endpoint_of_a_listener_is_what_it_listens_on)
{
    const owned_transport v6(socket_transport_create_server());
    ASSERT_EQ(socket_transport_listen_at(v6.get(), "::1", 4712), 0);
    EXPECT_EQ(socket_transport_get_local_endpoint(v6.get(), host, sizeof host, &port), 0);
    EXPECT_STREQ(host, "::1");
    EXPECT_EQ(port, 4712);
    const listening_transport v4;
    EXPECT_EQ(socket_transport_get_local_endpoint(v4.transport.get(), host, sizeof host, &port), 0);
    EXPECT_STREQ(host, "127.0.0.1");
    EXPECT_GE(port, 1024);
}

// SRS_SOCKET_TRANSPORT_01_048
TEST_F(socket_transport_questions_test, a_connected_transport_has_an_endpoint)
{
    const connected_transport connected;
    EXPECT_EQ(socket_transport_get_local_endpoint(connected.transport.get(), host, sizeof host, &port), 0);
    EXPECT_STREQ(host, "127.0.0.1");
    EXPECT_NE(port, 77);
}

// SRS_SOCKET_TRANSPORT_01_049
TEST_F(socket_transport_questions_test, null_has_no_endpoint)
{
    const listening_transport listening;
    EXPECT_NE(socket_transport_get_local_endpoint(nullptr, host, sizeof host, &port), 0);
    expect_refusal("socket_transport_get_local_endpoint", "socket_transport");
    EXPECT_NE(socket_transport_get_local_endpoint(listening.transport.get(), nullptr, sizeof host, &port), 0);
    expect_refusal("socket_transport_get_local_endpoint", "host");
    EXPECT_NE(socket_transport_get_local_endpoint(listening.transport.get(), host, sizeof host, nullptr), 0);
    expect_refusal("socket_transport_get_local_endpoint", "port");
    expect_untouched();
}

// SRS_SOCKET_TRANSPORT_01_049
TEST_F(socket_transport_questions_test, a_host_that_does_not_fit_is_not_stored)
{
    const listening_transport listening;
    const std::size_t exact = std::strlen("127.0.0.1") + 1;
    EXPECT_NE(socket_transport_get_local_endpoint(listening.transport.get(), host, exact - 1, &port), 0);
    expect_refusal("socket_transport_get_local_endpoint", "size");
    EXPECT_NE(socket_transport_get_local_endpoint(listening.transport.get(), host, 0, &port), 0);
    expect_untouched();
    EXPECT_EQ(socket_transport_get_local_endpoint(listening.transport.get(), host, exact, &port), 0);
    EXPECT_STREQ(host, "127.0.0.1");
}

// SRS_SOCKET_TRANSPORT_01_049
TEST_F(socket_transport_questions_test, a_transport_without_a_socket_has_no_endpoint)
{
    const owned_transport client(socket_transport_create_client());
    EXPECT_NE(socket_transport_get_local_endpoint(client.get(), host, sizeof host, &port), 0);
    expect_refusal("socket_transport_get_local_endpoint", "socket_transport");
    const listening_transport listening;
    socket_transport_disconnect(listening.transport.get());
    EXPECT_NE(socket_transport_get_local_endpoint(listening.transport.get(), host, sizeof host, &port), 0);
    expect_untouched();
}

// SRS_SOCKET_TRANSPORT_01_049
TEST_F(socket_transport_questions_test, the_endpoint_is_not_stored_whatever_fails)
{
    const listening_transport listening;
    const std::size_t failures = for_every_fault([&](fault_run& run) {
        std::strcpy(host, "untouched");
        port = 77;
        run.arm();
        const int result = socket_transport_get_local_endpoint(listening.transport.get(), host, sizeof host, &port);
        EXPECT_EQ(result != 0, run.disarm());
        if (result != 0) {
            expect_untouched();
        }
    });
    EXPECT_EQ(failures, 2u);
}

} // namespace
