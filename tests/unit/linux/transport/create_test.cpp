// SPDX-License-Identifier: MIT

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "linux/transport/socket_transport.hpp"
#include "support/connection.h"
#include "support/fixture.h"
#include "support/log_capture.h"

namespace {

using linux_faults::api;
using testing::ElementsAre;
using testing::HasSubstr;
using transport_test::log_capture;
using transport_test::make_connection;
using transport_test::make_listener;
using transport_test::port_of;
using transport_test::raw_socket;
using transport_test::transport;

class create : public transport_test::transport_fixture {};

int status_flags(int descriptor)
{
    const linux_faults::exempt scope;
    return ::fcntl(descriptor, F_GETFL);
}

int descriptor_flags(int descriptor)
{
    const linux_faults::exempt scope;
    return ::fcntl(descriptor, F_GETFD);
}

bool never_blocks_nor_is_inherited(int descriptor)
{
    return (status_flags(descriptor) & O_NONBLOCK) != 0 && (descriptor_flags(descriptor) & FD_CLOEXEC) != 0;
}

// SRS_SOCKET_TRANSPORT_01_001, SRS_SOCKET_TRANSPORT_01_046, SRS_SOCKET_TRANSPORT_01_047
TEST_F(create, a_client_is_not_connected)
{
    const transport client(socket_transport_create_client());
    ASSERT_NE(client, nullptr);
    EXPECT_FALSE(socket_transport_is_valid_socket(client.get()));
    EXPECT_EQ(socket_transport_get_underlying_socket(client.get()), -1);
    EXPECT_NE(socket_transport_listen_at(client.get(), "127.0.0.1", 0), 0);
}

// SRS_SOCKET_TRANSPORT_01_003, SRS_SOCKET_TRANSPORT_01_046, SRS_SOCKET_TRANSPORT_01_047
TEST_F(create, a_server_does_not_listen)
{
    const transport server(socket_transport_create_server());
    ASSERT_NE(server, nullptr);
    EXPECT_FALSE(socket_transport_is_valid_socket(server.get()));
    EXPECT_EQ(socket_transport_get_underlying_socket(server.get()), -1);
    EXPECT_EQ(socket_transport_listen_at(server.get(), "127.0.0.1", 0), 0);
}

// SRS_SOCKET_TRANSPORT_01_006, SRS_SOCKET_TRANSPORT_01_023
TEST_F(create, no_transport_is_destroyed_and_disconnected_without_harm)
{
    const log_capture log;
    socket_transport_destroy(nullptr);
    socket_transport_disconnect(nullptr);
    EXPECT_THAT(log.messages(), ElementsAre());
}

// SRS_SOCKET_TRANSPORT_01_007
TEST_F(create, destroy_closes_the_connection)
{
    transport_test::connection pair = make_connection();
    pair.local.reset();
    EXPECT_TRUE(pair.peer.ends());
}

// SRS_SOCKET_TRANSPORT_01_039
TEST_F(create, freeing_a_transport_leaves_the_last_error_alone)
{
    SOCKET_TRANSPORT_HANDLE const client = socket_transport_create_client();
    linux_faults::fail_nth(api::close, 1, EIO);
    errno = EDOM;
    async_socket::detail::transport_release(client);
    EXPECT_EQ(errno, EDOM);
    EXPECT_EQ(linux_faults::failures(api::close), 1U);
}

// SRS_SOCKET_TRANSPORT_LINUX_01_001
TEST_F(create, every_descriptor_is_made_non_blocking_and_not_inherited_from_the_first)
{
    const std::size_t before = linux_faults::open_descriptors();
    const transport client(socket_transport_create_client());
    const transport server(socket_transport_create_server());
    ASSERT_EQ(socket_transport_listen_at(server.get(), "127.0.0.1", 0), 0);
    ASSERT_EQ(socket_transport_connect(client.get(), "127.0.0.1", port_of(server), UINT32_MAX), 0);
    SOCKET_TRANSPORT_HANDLE handle = nullptr;
    ASSERT_EQ(socket_transport_accept(server.get(), &handle, UINT32_MAX), SOCKET_ACCEPT_OK);
    const transport accepted(handle);
    // Nothing was added to the flags after the calls that made the descriptors.
    EXPECT_EQ(linux_faults::calls(api::fcntl), 0U);

    // The server's second descriptor is found among all that are open.
    std::size_t own = 0;
    for (int descriptor = 0; descriptor < 256; ++descriptor) {
        own += descriptor_flags(descriptor) != -1 && never_blocks_nor_is_inherited(descriptor) ? 1U : 0U;
    }
    EXPECT_EQ(linux_faults::open_descriptors() - before, 4U);
    EXPECT_GE(own, 4U);
    for (const transport* each : {&client, &server, &accepted}) {
        EXPECT_TRUE(never_blocks_nor_is_inherited(socket_transport_get_underlying_socket(each->get())));
    }
}

// SRS_SOCKET_TRANSPORT_LINUX_01_021
TEST_F(create, a_connected_transport_holds_one_descriptor)
{
    const transport server = make_listener();
    const std::size_t before = linux_faults::open_descriptors();
    const transport client(socket_transport_create_client());
    ASSERT_EQ(socket_transport_connect(client.get(), "127.0.0.1", port_of(server), UINT32_MAX), 0);
    EXPECT_EQ(linux_faults::open_descriptors(), before + 1);
    SOCKET_TRANSPORT_HANDLE handle = nullptr;
    ASSERT_EQ(socket_transport_accept(server.get(), &handle, UINT32_MAX), SOCKET_ACCEPT_OK);
    const transport accepted(handle);
    EXPECT_EQ(linux_faults::open_descriptors(), before + 2);
    // Disconnected twice, it writes to nobody's descriptor.
    socket_transport_disconnect(client.get());
    socket_transport_disconnect(client.get());
    EXPECT_EQ(linux_faults::calls(api::write), 0U);
}

// SRS_SOCKET_TRANSPORT_01_004
TEST_F(create, a_connected_socket_becomes_a_connected_transport_that_owns_it)
{
    const transport server = make_listener();
    raw_socket socket = raw_socket::connected_to(port_of(server));
    SOCKET_TRANSPORT_HANDLE handle = nullptr;
    ASSERT_EQ(socket_transport_accept(server.get(), &handle, UINT32_MAX), SOCKET_ACCEPT_OK);
    const transport peer(handle);

    const int descriptor = socket.release();
    transport made(socket_transport_create_from_socket(descriptor));
    ASSERT_NE(made, nullptr);
    EXPECT_TRUE(socket_transport_is_valid_socket(made.get()));
    EXPECT_EQ(socket_transport_get_underlying_socket(made.get()), descriptor);
    EXPECT_NE(socket_transport_connect(made.get(), "127.0.0.1", port_of(server), 0), 0);
    made.reset();
    EXPECT_EQ(descriptor_flags(descriptor), -1);
}

// SRS_SOCKET_TRANSPORT_LINUX_01_019
TEST_F(create, a_socket_that_is_handed_over_no_longer_blocks_nor_is_inherited)
{
    const transport server = make_listener();
    raw_socket socket = raw_socket::connected_to(port_of(server));
    {
        const linux_faults::exempt scope;
        ASSERT_EQ(::fcntl(socket.get(), F_SETFD, 0), 0);
    }
    ASSERT_EQ(status_flags(socket.get()) & O_NONBLOCK, 0);
    const int descriptor = socket.release();
    const transport made(socket_transport_create_from_socket(descriptor));
    EXPECT_TRUE(never_blocks_nor_is_inherited(descriptor));
}

// SRS_SOCKET_TRANSPORT_01_005, SRS_SOCKET_TRANSPORT_LINUX_01_018
TEST_F(create, what_is_no_open_descriptor_is_refused)
{
    expect_bad_descriptor();
    const log_capture log;
    raw_socket closed = raw_socket::make();
    const int number = closed.get();
    closed.close();
    EXPECT_EQ(socket_transport_create_from_socket(-1), nullptr);
    EXPECT_EQ(socket_transport_create_from_socket(number), nullptr);
    EXPECT_THAT(log.messages(),
                ElementsAre("socket_transport_create_from_socket: socket is not a valid descriptor",
                            HasSubstr("socket_transport_create_from_socket: getsockopt(SO_TYPE) failed: ")));
}

// SRS_SOCKET_TRANSPORT_LINUX_01_018, SRS_SOCKET_TRANSPORT_01_005
TEST_F(create, what_is_no_stream_socket_is_refused_and_stays_the_callers)
{
    const log_capture log;
    int pipe_ends[2];
    ASSERT_EQ(pipe(pipe_ends), 0);
    const raw_socket in(pipe_ends[0]);
    const raw_socket out(pipe_ends[1]);
    const raw_socket datagrams(socket(AF_INET, SOCK_DGRAM, 0));
    ASSERT_NE(datagrams.get(), -1);

    EXPECT_EQ(socket_transport_create_from_socket(in.get()), nullptr);
    EXPECT_EQ(socket_transport_create_from_socket(datagrams.get()), nullptr);
    EXPECT_THAT(log.messages(), ElementsAre(HasSubstr("getsockopt(SO_TYPE) failed: "),
                                            "socket_transport_create_from_socket: socket is not a stream socket"));
    for (const int descriptor : {in.get(), datagrams.get()}) {
        EXPECT_EQ(status_flags(descriptor) & O_NONBLOCK, 0);
        EXPECT_EQ(descriptor_flags(descriptor), 0);
    }
}

} // namespace
