// SPDX-License-Identifier: MIT
//
// A ring with next to no room: what the kernel cannot be told at once, it is told later, and nothing is lost.

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "linux/backend/ring_size.hpp"
#include "linux_support/fixture.h"
#include "support/full_listener.h"
#include "support/raw_peer.h"

namespace linux_tests {
namespace {

using linux_faults::api;

// Before the engine is made.
struct small_rings {
    small_rings()
    {
        async_socket::detail::ring_submissions = 4;
        async_socket::detail::ring_completions = 8;
    }
    ~small_rings()
    {
        async_socket::detail::ring_submissions = before_submissions;
        async_socket::detail::ring_completions = before_completions;
    }
    small_rings(const small_rings&) = delete;
    small_rings& operator=(const small_rings&) = delete;

private:
    const unsigned before_submissions = async_socket::detail::ring_submissions;
    const unsigned before_completions = async_socket::detail::ring_completions;
};

class small_ring : private small_rings, public with_one_worker {
protected:
    struct end {
        contract::connection link = contract::make_connection();
        contract::socket_owner socket;
    };
    void open(std::size_t count)
    {
        for (std::size_t i = 0; i != count; ++i) {
            end& added = ends_.emplace_back();
            added.socket = contract::open_socket(engine.get(), added.link.local.get());
        }
    }

    std::deque<end> ends_;
};

// SRS_EXECUTION_ENGINE_LINUX_01_019
TEST_F(small_ring, serves_many_sockets)
{
    open(50);
    std::vector<contract::receive_operation*> received;
    for (end& each : ends_) {
        received.push_back(&start_receive(each.socket.get(), 10));
    }
    std::vector<contract::send_operation*> sent;
    for (end& each : ends_) {
        sent.push_back(&start_send(each.socket.get(), contract::pattern(10)));
    }
    for (end& each : ends_) {
        EXPECT_EQ(contract::receive_exactly(each.link.peer.get(), 10), contract::pattern(10));
        ASSERT_TRUE(contract::send_all(each.link.peer.get(), contract::pattern(10)));
    }
    for (std::size_t i = 0; i != ends_.size(); ++i) {
        ASSERT_TRUE(received[i]->wait());
        ASSERT_TRUE(sent[i]->wait());
        EXPECT_EQ(received[i]->received(), 10u);
    }
}

// All that a callback starts and cancels comes to its end, in the order and with the results that it has elsewhere.
// SRS_EXECUTION_ENGINE_LINUX_01_019, SRS_ASYNC_SOCKET_EX_01_011
TEST_F(small_ring, loses_no_cancel)
{
    open(20);
    std::vector<contract::receive_ex_operation*> received;
    for (std::size_t i = 0; i != ends_.size(); ++i) {
        received.push_back(&make<contract::receive_ex_operation>(10));
    }
    on_worker_of(socket.get(), [&] {
        for (std::size_t i = 0; i != ends_.size(); ++i) {
            EXPECT_EQ(received[i]->start(ends_[i].socket.get()), 0);
        }
        // As it is where the completions have no room either.
        linux_faults::fail_from(api::io_uring_submit, 1, EBUSY);
        for (std::size_t i = 0; i != ends_.size(); ++i) {
            EXPECT_EQ(async_socket_cancel(ends_[i].socket.get(), received[i]->id()), 0);
        }
        linux_faults::reset();
    });
    for (contract::receive_ex_operation* const each : received) {
        ASSERT_TRUE(each->wait());
        EXPECT_EQ(each->status(), ASYNC_STATUS_CANCELLED);
    }
    for (end& each : ends_) {
        expect_works(each.socket.get(), each.link.peer.get());
    }
}

// One that is released stays connected, so nothing but the cancel ends what is in flight.
// SRS_EXECUTION_ENGINE_LINUX_01_019, SRS_ASYNC_SOCKET_EX_01_020
TEST_F(small_ring, loses_no_release)
{
    open(20);
    std::vector<contract::receive_operation*> received;
    for (end& each : ends_) {
        received.push_back(&start_receive(each.socket.get(), 10));
        start_notification(each.socket.get(), ASYNC_SOCKET_NOTIFY_IO_TYPE_IN);
    }
    await_worker();
    on_worker_of(socket.get(), [&] {
        linux_faults::fail_nth(api::io_uring_submit, 1, EBUSY);
        for (end& each : ends_) {
            SOCKET_HANDLE released = -1;
            EXPECT_EQ(async_socket_release(each.socket.get(), &released), 0);
            contract::raw_peer::close(released);
        }
    });
    for (contract::receive_operation* const each : received) {
        ASSERT_TRUE(each->is_done());
        EXPECT_EQ(each->result(), ASYNC_SOCKET_RECEIVE_ABANDONED);
    }
}

// SRS_EXECUTION_ENGINE_LINUX_01_019, SRS_ASYNC_SOCKET_LINUX_01_022
TEST_F(small_ring, loses_no_operation_that_the_kernel_does_not_take_at_once)
{
    open(20);
    std::vector<notification*> told;
    std::vector<contract::receive_operation*> received;
    for (std::size_t i = 0; i != ends_.size(); ++i) {
        told.push_back(&new_notification());
        received.push_back(&new_receive(10));
    }
    on_worker_of(socket.get(), [&] {
        linux_faults::fail_from(api::io_uring_submit, 1, EBUSY);
        for (std::size_t i = 0; i != ends_.size(); ++i) {
            EXPECT_EQ(told[i]->start(ends_[i].socket.get(), ASYNC_SOCKET_NOTIFY_IO_TYPE_IN), 0);
            EXPECT_EQ(received[i]->start(ends_[i].socket.get()), 0);
        }
        linux_faults::reset();
    });
    // More than the receive takes: the kernel may hear of it before it hears of the notification, to which nothing
    // would be left to tell otherwise.
    for (end& each : ends_) {
        ASSERT_TRUE(contract::send_all(each.link.peer.get(), contract::pattern(20)));
    }
    for (std::size_t i = 0; i != ends_.size(); ++i) {
        ASSERT_TRUE(told[i]->wait());
        EXPECT_EQ(told[i]->result(), ASYNC_SOCKET_NOTIFY_IO_RESULT_IN);
        ASSERT_TRUE(received[i]->wait());
        EXPECT_EQ(received[i]->result(), ASYNC_SOCKET_RECEIVE_OK);
    }
}

// SRS_EXECUTION_ENGINE_LINUX_01_019, SRS_ASYNC_CONNECT_01_005
TEST_F(small_ring, loses_no_connect)
{
    const contract::listener server;
    std::vector<contract::socket_owner> sockets;
    std::vector<contract::connect_ex_operation*> connecting;
    for (int i = 0; i != 20; ++i) {
        sockets.emplace_back(async_socket_create(engine.get()));
        connecting.push_back(&make<contract::connect_ex_operation>());
    }
    on_worker_of(socket.get(), [&] {
        linux_faults::fail_from(api::io_uring_submit, 1, EBUSY);
        for (std::size_t i = 0; i != sockets.size(); ++i) {
            EXPECT_EQ(connecting[i]->start(sockets[i].get(), "127.0.0.1", server.port()), 0);
        }
        linux_faults::reset();
    });
    for (contract::connect_ex_operation* const each : connecting) {
        ASSERT_TRUE(each->wait());
        EXPECT_EQ(each->status(), ASYNC_STATUS_OK) << each->system_error();
    }
}

// SRS_EXECUTION_ENGINE_LINUX_01_019, SRS_ASYNC_CONNECT_01_011
TEST_F(small_ring, closes_what_the_kernel_was_not_told_of)
{
    const contract::full_listener silent;
    std::vector<contract::socket_owner> sockets;
    std::vector<contract::connect_ex_operation*> connecting;
    for (int i = 0; i != 20; ++i) {
        sockets.emplace_back(async_socket_create(engine.get()));
        connecting.push_back(&make<contract::connect_ex_operation>());
    }
    const std::size_t before = linux_faults::open_descriptors();
    on_worker_of(socket.get(), [&] {
        linux_faults::fail_from(api::io_uring_submit, 1, EBUSY);
        for (std::size_t i = 0; i != sockets.size(); ++i) {
            EXPECT_EQ(connecting[i]->start(sockets[i].get(), "127.0.0.1", silent.port()), 0);
        }
        linux_faults::reset();
        sockets.clear();
    });
    for (contract::connect_ex_operation* const each : connecting) {
        ASSERT_TRUE(each->wait());
        EXPECT_EQ(each->status(), ASYNC_STATUS_CLOSED);
    }
    EXPECT_TRUE(wait_until([&] { return linux_faults::open_descriptors() == before; }));
}

} // namespace
} // namespace linux_tests
