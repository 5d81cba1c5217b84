// SPDX-License-Identifier: MIT
//
// Whole conversations in which every system call that a signal can interrupt is interrupted.

#include <string>
#include <thread>
#include <vector>

#include <sys/socket.h>

#include "support/connection.h"
#include "support/fixture.h"
#include "support/log_capture.h"

namespace {

using linux_faults::api;
using testing::IsEmpty;
using transport_test::buffers_of;
using transport_test::log_capture;
using transport_test::pattern;
using transport_test::port_of;
using transport_test::transport;

class interruption : public transport_test::transport_fixture {};

// A client that sends, and a server that sends back what it has received. More than fits into the buffers between them.
void talk()
{
    const std::string whole = pattern(4 << 20);
    const transport server(socket_transport_create_server());
    ASSERT_EQ(socket_transport_listen_at(server.get(), "127.0.0.1", 0), 0);
    const std::uint16_t port = port_of(server);

    std::thread client_thread([&] {
        const transport client(socket_transport_create_client());
        ASSERT_EQ(socket_transport_connect(client.get(), "127.0.0.1", port, UINT32_MAX), 0);
        std::vector<std::string> out{whole.substr(0, 1000), whole.substr(1000)};
        std::uint32_t bytes = 0;
        ASSERT_EQ(socket_transport_send(client.get(), buffers_of(out).data(), 2, &bytes, 0, nullptr), SOCKET_SEND_OK);
        EXPECT_EQ(bytes, whole.size());
        std::vector<std::string> in{std::string(whole.size(), '.')};
        ASSERT_EQ(socket_transport_receive(client.get(), buffers_of(in).data(), 1, &bytes, MSG_WAITALL, nullptr),
                  SOCKET_RECEIVE_OK);
        EXPECT_EQ(bytes, whole.size());
        EXPECT_TRUE(in[0] == whole);
    });

    SOCKET_TRANSPORT_HANDLE accepted = nullptr;
    EXPECT_EQ(socket_transport_accept(server.get(), &accepted, UINT32_MAX), SOCKET_ACCEPT_OK);
    const transport served(accepted);
    std::vector<std::string> data{std::string(whole.size(), '.')};
    std::uint32_t bytes = 0;
    EXPECT_EQ(socket_transport_receive(accepted, buffers_of(data).data(), 1, &bytes, MSG_WAITALL, nullptr),
              SOCKET_RECEIVE_OK);
    EXPECT_EQ(bytes, whole.size());
    EXPECT_EQ(socket_transport_send(accepted, buffers_of(data).data(), 1, nullptr, 0, nullptr), SOCKET_SEND_OK);
    // The client closes, and so the stream ends.
    EXPECT_EQ(socket_transport_receive(accepted, buffers_of(data).data(), 1, &bytes, 0, nullptr),
              SOCKET_RECEIVE_SHUTDOWN);
    EXPECT_EQ(bytes, 0U);
    client_thread.join();
}

// SRS_SOCKET_TRANSPORT_LINUX_01_003
TEST_F(interruption, is_never_seen)
{
    const log_capture log;
    linux_faults::interrupt_everything();
    talk();
    for (const api which : {api::connect, api::accept4, api::sendmsg, api::recvmsg, api::poll, api::write,
                            api::getaddrinfo, api::close}) {
        EXPECT_GT(linux_faults::interruptions(which), 0U) << linux_faults::name_of(which);
    }
    EXPECT_EQ(linux_faults::calls_on_bad_descriptors(), 0U);
    EXPECT_THAT(log.messages(), IsEmpty());
}

// SRS_SOCKET_TRANSPORT_LINUX_01_003
TEST_F(interruption, of_a_connect_that_goes_on_all_the_same_is_never_seen)
{
    const log_capture log;
    linux_faults::interrupt_after(api::connect);
    talk();
    EXPECT_GT(linux_faults::interruptions(api::connect), 0U);
    EXPECT_THAT(log.messages(), IsEmpty());
}

// SRS_SOCKET_TRANSPORT_LINUX_01_003
TEST_F(interruption, of_a_close_does_not_make_it_close_twice)
{
    linux_faults::interrupt_after(api::close);
    const transport server(socket_transport_create_server());
    ASSERT_EQ(socket_transport_listen_at(server.get(), "127.0.0.1", 0), 0);
    linux_faults::reset();
    linux_faults::interrupt_after(api::close);
    socket_transport_disconnect(server.get());
    EXPECT_EQ(linux_faults::interruptions(api::close) + linux_faults::calls(api::close), 1U);
}

// SRS_SOCKET_TRANSPORT_LINUX_01_003, SRS_SOCKET_TRANSPORT_LINUX_01_011
TEST_F(interruption, and_transfers_of_a_few_bytes_together_are_never_seen)
{
    linux_faults::interrupt_everything();
    linux_faults::cut_short(api::sendmsg, 4099);
    linux_faults::cut_short(api::recvmsg, 4093);
    talk();
}

} // namespace
