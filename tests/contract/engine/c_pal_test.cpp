// SPDX-License-Identifier: MIT
//
// A program that was written for the C API elsewhere.

#include "async_socket/c_pal.h"

#include <array>

#include <gtest/gtest.h>

#include "async_socket/socket_options.h"
#include "support/fixture.h"
#include "support/raw_peer.h"

extern "C" int open_as_the_original_does(ASYNC_SOCKET_HANDLE async_socket, SOCKET_HANDLE connected,
                                         ON_ASYNC_SOCKET_OPEN_COMPLETE on_open_complete, void* context);
extern "C" int open_as_its_other_versions_do(ASYNC_SOCKET_HANDLE async_socket, SOCKET_TRANSPORT_HANDLE transport,
                                             ON_ASYNC_SOCKET_OPEN_COMPLETE on_open_complete, void* context);
extern "C" const char* what_is_wrong_with_the_names(void);

namespace contract {
namespace {

class program_of_the_original : public with_engine {
protected:
    // Of a connection, this side's own handle.
    static SOCKET_HANDLE take_handle(const connection& link)
    {
        SOCKET_HANDLE handle{};
        EXPECT_EQ(socket_transport_release(link.local.get(), &handle), 0);
        return handle;
    }
    static void count(void* context, ASYNC_SOCKET_OPEN_RESULT) { ++*static_cast<int*>(context); }

    connection link = make_connection();
    socket_owner socket{async_socket_create(engine.get())};
    int opened = 0;
};

TEST_F(program_of_the_original, finds_its_names)
{
    EXPECT_STREQ(what_is_wrong_with_the_names(), "");
}

// SRS_C_PAL_01_001, SRS_ASYNC_SOCKET_GUARANTEE_01_001
TEST_F(program_of_the_original, opens_on_a_socket_in_c)
{
    ASSERT_EQ(open_as_the_original_does(socket.get(), take_handle(link), count, &opened), 0);
    EXPECT_EQ(opened, 1);
    receive_operation& receiving = start_receive(socket.get(), 10);
    ASSERT_TRUE(send_all(link.peer.get(), pattern(10)));
    ASSERT_TRUE(receiving.wait());
    EXPECT_EQ(receiving.result(), ASYNC_SOCKET_RECEIVE_OK);
    async_socket_close(socket.get());
    EXPECT_TRUE(receive_to_end(link.peer.get()).ended_in_order);
}

// SRS_C_PAL_01_001
TEST_F(program_of_the_original, opens_on_a_socket_in_cpp)
{
    ASSERT_EQ(async_socket_open_async(socket.get(), take_handle(link), count, &opened), 0);
    EXPECT_EQ(opened, 1);
}

// SRS_C_PAL_01_001
TEST_F(program_of_the_original, opens_on_a_transport)
{
    ASSERT_EQ(open_as_its_other_versions_do(socket.get(), link.local.get(), count, &opened), 0);
    EXPECT_EQ(opened, 1);
}

// SRS_C_PAL_01_002
TEST_F(program_of_the_original, keeps_its_socket_where_the_open_fails)
{
    SOCKET_HANDLE const handle = take_handle(link);
    EXPECT_NE(open_as_the_original_does(socket.get(), handle, nullptr, &opened), 0);
    EXPECT_NE(open_as_the_original_does(socket.get(), INVALID_SOCKET, count, &opened), 0);
    EXPECT_EQ(opened, 0);
    ASSERT_EQ(open_as_the_original_does(socket.get(), handle, count, &opened), 0);
    ASSERT_TRUE(start_send(socket.get(), pattern(5)).wait());
    EXPECT_EQ(receive_exactly(link.peer.get(), 5), pattern(5));
}

} // namespace
} // namespace contract
