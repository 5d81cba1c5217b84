// SPDX-License-Identifier: MIT
//
// Operations that have no time to wait, started where the worker has not heard yet of what is there.

#include <gtest/gtest.h>
#include <sys/ioctl.h>

#include "linux_support/fixture.h"
#include "support/raw_peer.h"

namespace linux_tests {
namespace {

class at_once : public with_one_worker {
protected:
    // The worker is inside a callback, so it hears of nothing.
    void receive_behind_the_workers_back(contract::receive_ex_operation& received, std::size_t sent)
    {
        on_worker_of(socket.get(), [&, this] {
            const linux_faults::exempt ours;
            if (sent != 0) {
                EXPECT_TRUE(contract::send_all(link.peer.get(), contract::pattern(sent)));
                const int fd = socket_transport_get_underlying_socket(link.local.get());
                EXPECT_TRUE(wait_until([&] {
                    int there = 0;
                    return ioctl(fd, FIONREAD, &there) == 0 && static_cast<std::size_t>(there) == sent;
                }));
            }
            EXPECT_EQ(received.start(socket.get(), 0), 0);
        });
        ASSERT_TRUE(received.wait());
    }
};

// SRS_ASYNC_SOCKET_EX_01_007
TEST_F(at_once, a_receive_takes_what_is_there)
{
    contract::receive_ex_operation& received = make<contract::receive_ex_operation>(10);
    receive_behind_the_workers_back(received, 5);
    EXPECT_EQ(received.status(), ASYNC_STATUS_OK);
    EXPECT_EQ(received.transferred(), 5u);
}

// SRS_ASYNC_SOCKET_EX_01_007
TEST_F(at_once, a_receive_ends_where_nothing_is_there)
{
    contract::receive_ex_operation& received = make<contract::receive_ex_operation>(10);
    receive_behind_the_workers_back(received, 0);
    EXPECT_EQ(received.status(), ASYNC_STATUS_TIMED_OUT);
    expect_works(socket.get(), link.peer.get());
}

// Of several, the first takes what is there, and those behind it end.
// SRS_ASYNC_SOCKET_EX_01_007
TEST_F(at_once, receives_behind_others_end)
{
    std::vector<contract::receive_ex_operation*> all;
    for (int i = 0; i != 100; ++i) {
        all.push_back(&make<contract::receive_ex_operation>(10));
    }
    on_worker_of(socket.get(), [&] {
        const linux_faults::exempt ours;
        EXPECT_TRUE(contract::send_all(link.peer.get(), contract::pattern(10)));
        for (contract::receive_ex_operation* const each : all) {
            EXPECT_EQ(each->start(socket.get(), 0), 0);
        }
    });
    for (contract::receive_ex_operation* const each : all) {
        ASSERT_TRUE(each->wait());
        EXPECT_EQ(each->status(), each == all.front() ? ASYNC_STATUS_OK : ASYNC_STATUS_TIMED_OUT);
    }
    expect_works(socket.get(), link.peer.get());
}

// SRS_ASYNC_LISTENER_01_011
TEST_F(at_once, an_accept_takes_who_is_there)
{
    const contract::listener server;
    const contract::listener_owner listening(async_listener_create(engine.get()));
    ASSERT_EQ(async_listener_open(listening.get(), server.get()), 0);
    contract::accept_operation& accepted = make<contract::accept_operation>();
    on_worker_of(socket.get(), [&] {
        const linux_faults::exempt ours;
        const contract::raw_peer peer(server.port());
        EXPECT_EQ(accepted.start(listening.get(), 0), 0);
    });
    ASSERT_TRUE(accepted.wait());
    EXPECT_EQ(accepted.status(), ASYNC_STATUS_OK);
}

} // namespace
} // namespace linux_tests
