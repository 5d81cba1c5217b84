// SPDX-License-Identifier: MIT
//
// What a close does on the worker: what it ends, what it waits for, what runs meanwhile, and when the descriptor goes.

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "async_socket/placement.h"
#include "linux_support/fixture.h"
#include "support/raw_peer.h"

namespace linux_tests {
namespace {

using contract::connection;
using contract::make_connection;
using contract::socket_owner;
using linux_faults::api;

bool is_open(int descriptor)
{
    const linux_faults::exempt ours;
    return fcntl(descriptor, F_GETFD) != -1;
}

// A socket of its own with its connection.
struct peer_and_socket {
    explicit peer_and_socket(EXECUTION_ENGINE_HANDLE engine, std::uint32_t thread = EXECUTION_ENGINE_ANY_THREAD)
        : link(make_connection()), socket(async_socket_create_on(engine, thread))
    {
        EXPECT_EQ(async_socket_open_async(
                      socket.get(), link.local.get(), [](void*, ASYNC_SOCKET_OPEN_RESULT) {}, nullptr),
                  0);
    }
    connection link;
    socket_owner socket;
};

using close_on_one_worker = with_one_worker;

class close_on_two_workers : public with_two_workers {
protected:
    // The numbers of the thread that has the socket, and of the other one.
    [[nodiscard]] std::uint32_t own_thread() const { return async_socket_get_thread(socket.get()); }
    [[nodiscard]] std::uint32_t other_thread() const { return 1 - own_thread(); }
};

// SRS_ASYNC_SOCKET_LINUX_01_025
TEST_F(close_on_one_worker, ends_all_that_is_in_flight_and_all_that_is_queued_once)
{
    std::vector<contract::send_operation*> sends;
    std::vector<contract::receive_operation*> receives;
    std::vector<notification*> notifications;
    sends.push_back(&start_endless_send(socket.get()));
    for (int i = 0; i != 1000; ++i) {
        sends.push_back(&start_send(socket.get(), contract::pattern(10), {3, 7}));
        receives.push_back(&start_receive(socket.get(), 10, {5, 5}));
        notifications.push_back(&start_notification(socket.get(), ASYNC_SOCKET_NOTIFY_IO_TYPE_IN));
    }
    const peer_and_socket other(engine.get());
    await_worker();
    async_socket_close(socket.get());
    for (contract::send_operation* const each : sends) {
        ASSERT_TRUE(each->is_done());
        ASSERT_EQ(each->result(), ASYNC_SOCKET_SEND_ABANDONED);
    }
    for (contract::receive_operation* const each : receives) {
        ASSERT_TRUE(each->is_done());
        ASSERT_EQ(each->result(), ASYNC_SOCKET_RECEIVE_ABANDONED);
    }
    for (notification* const each : notifications) {
        ASSERT_TRUE(each->is_done());
        ASSERT_EQ(each->result(), ASYNC_SOCKET_NOTIFY_IO_RESULT_ABANDONED);
    }
    await_worker();
    for (std::size_t i = 0; i != 1000; ++i) {
        ASSERT_EQ(sends[i]->calls(), 1u);
        ASSERT_EQ(receives[i]->calls(), 1u);
        ASSERT_EQ(notifications[i]->calls(), 1u);
    }
}

// SRS_ASYNC_SOCKET_LINUX_01_025
TEST_F(close_on_one_worker, lets_the_peer_see_the_end_though_a_receive_is_in_flight)
{
    start_receive(socket.get(), 10);
    await_worker();
    async_socket_close(socket.get());
    const contract::rest_of_stream rest = contract::receive_to_end(link.peer.get());
    EXPECT_TRUE(rest.ended_in_order);
    EXPECT_TRUE(rest.data.empty());
}

// SRS_ASYNC_SOCKET_LINUX_01_025, SRS_ASYNC_SOCKET_LINUX_01_027
TEST_F(close_on_one_worker, keeps_the_descriptor_until_the_last_operation_has_ended)
{
    const int descriptor = socket_transport_get_underlying_socket(link.local.get());
    std::vector<bool> was_open;
    for (int i = 0; i != 3; ++i) {
        contract::receive_operation& received = new_receive(10);
        received.in_callback = [&] { was_open.push_back(is_open(descriptor)); };
        ASSERT_EQ(received.start(socket.get()), 0);
    }
    await_worker();
    ASSERT_TRUE(is_open(descriptor));
    // The transport's handle goes first: the descriptor is in use.
    link.local.reset();
    async_socket_close(socket.get());
    EXPECT_EQ(was_open, std::vector<bool>(3, true));
    EXPECT_FALSE(is_open(descriptor));
}

// SRS_ASYNC_SOCKET_LINUX_01_027
TEST_F(close_on_one_worker, keeps_the_descriptor_after_a_disconnect_of_the_transport_and_releases_it_when_it_is_done)
{
    const int descriptor = socket_transport_get_underlying_socket(link.local.get());
    socket_transport_disconnect(link.local.get());
    await_worker();
    EXPECT_TRUE(is_open(descriptor)) << "a number that the worker knows would be somebody else's";
    async_socket_close(socket.get());
    EXPECT_FALSE(is_open(descriptor));
}

// SRS_ASYNC_SOCKET_LINUX_01_026
TEST_F(close_on_one_worker, inside_a_callback_runs_the_callbacks_of_the_closed_socket_there)
{
    peer_and_socket closed(engine.get());
    std::vector<contract::receive_operation*> receives;
    bool inside = false;
    int ran_inside = 0;
    for (int i = 0; i != 5; ++i) {
        receives.push_back(&new_receive(10));
        receives.back()->in_callback = [&] { ran_inside += inside ? 1 : 0; };
        ASSERT_EQ(receives.back()->start(closed.socket.get()), 0);
    }
    on_worker_of(socket.get(), [&] {
        inside = true;
        async_socket_close(closed.socket.get());
        for (contract::receive_operation* const each : receives) {
            EXPECT_TRUE(each->is_done());
        }
        inside = false;
    });
    EXPECT_EQ(ran_inside, 5);
}

// The first worker waits in a callback for a socket of the second one. Meanwhile another socket of the first has
// something to complete.
// SRS_ASYNC_SOCKET_LINUX_01_026
TEST_F(close_on_two_workers, inside_a_callback_does_not_run_the_callbacks_of_other_sockets)
{
    peer_and_socket on_second(engine.get(), other_thread());
    peer_and_socket bystander(engine.get(), own_thread());
    std::thread::id first;
    std::thread::id second;
    on_worker_of(socket.get(), [&] { first = std::this_thread::get_id(); });
    on_worker_of(on_second.socket.get(), [&] { second = std::this_thread::get_id(); });
    ASSERT_NE(first, second);
    on_worker_of(bystander.socket.get(), [&] { EXPECT_EQ(first, std::this_thread::get_id()); });

    std::atomic<bool> inside{false};
    std::atomic<bool> ran_inside{false};
    contract::receive_operation& received = new_receive(10);
    received.in_callback = [&] { ran_inside = inside.load(); };
    ASSERT_EQ(received.start(bystander.socket.get()), 0);
    await_worker();

    held_worker held(on_second.socket.get());
    ASSERT_TRUE(held.is_held());
    contract::event closing;
    std::size_t waits_before = 0;
    notification& closes = start_notification(socket.get(), ASYNC_SOCKET_NOTIFY_IO_TYPE_OUT, [&] {
        inside = true;
        waits_before = waits_of_workers();
        closing.set();
        async_socket_close(on_second.socket.get());
        inside = false;
    });
    ASSERT_TRUE(closing.wait());
    ASSERT_TRUE(wait_until([&] { return waits_of_workers() > waits_before; }));
    // It works on: what the peer has sent makes it look, and wait again.
    const std::size_t waits = waits_of_workers();
    ASSERT_TRUE(contract::send_all(bystander.link.peer.get(), contract::pattern(1)));
    ASSERT_TRUE(wait_until([&] { return waits_of_workers() > waits; }));
    EXPECT_FALSE(received.is_done());
    EXPECT_FALSE(closes.is_done());
    held.release();
    ASSERT_TRUE(closes.wait());
    ASSERT_TRUE(received.wait());
    EXPECT_FALSE(ran_inside);
    EXPECT_EQ(received.result(), ASYNC_SOCKET_RECEIVE_OK);
}

// A worker that waits in a callback still serves those who close sockets of its.
// SRS_ASYNC_SOCKET_LINUX_01_026
TEST_F(close_on_two_workers, of_a_socket_ends_though_its_worker_waits_for_another_close)
{
    peer_and_socket on_second(engine.get(), other_thread());
    peer_and_socket closed(engine.get(), own_thread());
    contract::receive_operation& abandoned = start_receive(closed.socket.get(), 10);
    held_worker held(on_second.socket.get());
    ASSERT_TRUE(held.is_held());
    contract::event closing;
    notification& closes = start_notification(socket.get(), ASYNC_SOCKET_NOTIFY_IO_TYPE_OUT, [&] {
        closing.set();
        async_socket_close(on_second.socket.get());
    });
    ASSERT_TRUE(closing.wait());
    async_socket_close(closed.socket.get());
    EXPECT_TRUE(abandoned.is_done());
    EXPECT_FALSE(closes.is_done());
    held.release();
    EXPECT_TRUE(closes.wait());
}

// SRS_ASYNC_SOCKET_LINUX_01_026
TEST_F(close_on_two_workers, inside_callbacks_of_each_others_workers_at_the_same_time)
{
    for (int round = 0; round != 100; ++round) {
        peer_and_socket first(engine.get(), 0);
        peer_and_socket second(engine.get(), 1);
        peer_and_socket closed_by_first(engine.get(), 0);
        peer_and_socket closed_by_second(engine.get(), 1);
        for (peer_and_socket* const each : {&closed_by_first, &closed_by_second}) {
            start_receive(each->socket.get(), 10);
            start_notification(each->socket.get(), ASYNC_SOCKET_NOTIFY_IO_TYPE_IN);
        }
        contract::counter both;
        const auto close_the_other = [&](peer_and_socket& closed) {
            both.add();
            ASSERT_TRUE(both.wait_for(2));
            async_socket_close(closed.socket.get());
        };
        notification& one = start_notification(first.socket.get(), ASYNC_SOCKET_NOTIFY_IO_TYPE_OUT,
                                               [&] { close_the_other(closed_by_second); });
        notification& other = start_notification(second.socket.get(), ASYNC_SOCKET_NOTIFY_IO_TYPE_OUT,
                                                 [&] { close_the_other(closed_by_first); });
        ASSERT_TRUE(one.wait());
        ASSERT_TRUE(other.wait());
        EXPECT_NE(one.thread(), other.thread());
    }
}

// Each close runs inside the callback of the one before, down to the last.
// SRS_ASYNC_SOCKET_LINUX_01_026, SRS_ASYNC_SOCKET_LINUX_01_025
TEST_F(close_on_one_worker, inside_a_callback_that_a_close_inside_a_callback_has_called)
{
    constexpr std::size_t depth = 50;
    std::vector<std::unique_ptr<peer_and_socket>> chain;
    std::vector<contract::receive_operation*> receives;
    for (std::size_t i = 0; i != depth; ++i) {
        chain.push_back(std::make_unique<peer_and_socket>(engine.get()));
        receives.push_back(&new_receive(10));
    }
    for (std::size_t i = 0; i + 1 != depth; ++i) {
        receives[i]->in_callback = [&chain, i] { async_socket_close(chain[i + 1]->socket.get()); };
    }
    for (std::size_t i = 0; i != depth; ++i) {
        ASSERT_EQ(receives[i]->start(chain[i]->socket.get()), 0);
    }
    on_worker_of(socket.get(), [&] { async_socket_close(chain[0]->socket.get()); });
    for (contract::receive_operation* const each : receives) {
        EXPECT_TRUE(each->is_done());
        EXPECT_EQ(each->result(), ASYNC_SOCKET_RECEIVE_ABANDONED);
    }
}

// Another thread closes a socket whose callback is waiting for the close of a second one.
// SRS_ASYNC_SOCKET_LINUX_01_026, SRS_ASYNC_SOCKET_LINUX_01_025
TEST_F(close_on_two_workers, of_a_socket_waits_for_its_callback_that_waits_for_a_close)
{
    for (int round = 0; round != 50; ++round) {
        peer_and_socket outer(engine.get(), 0);
        peer_and_socket inner(engine.get(), 1);
        start_receive(inner.socket.get(), 10);
        contract::receive_operation& queued = start_receive(outer.socket.get(), 10);
        contract::event entered;
        std::atomic<bool> returned{false};
        start_notification(outer.socket.get(), ASYNC_SOCKET_NOTIFY_IO_TYPE_OUT, [&] {
            entered.set();
            async_socket_close(inner.socket.get());
            returned = true;
        });
        ASSERT_TRUE(entered.wait());
        async_socket_close(outer.socket.get());
        EXPECT_TRUE(returned);
        EXPECT_TRUE(queued.is_done());
    }
}

// Descriptors are given away again at once, so an operation that came too late would hit somebody else's.
// SRS_ASYNC_SOCKET_LINUX_01_027
TEST_F(close_on_two_workers, never_leaves_an_operation_on_a_descriptor_that_is_closed)
{
    const auto seed = static_cast<std::uint32_t>(std::chrono::steady_clock::now().time_since_epoch().count());
    SCOPED_TRACE(::testing::Message() << "seed " << seed);
    std::minstd_rand random(seed);
    const std::size_t before = linux_faults::open_descriptors();
    for (int round = 0; round != 300; ++round) {
        // Other numbers are in use each time.
        const peer_and_socket next_to_it(engine.get());
        peer_and_socket closed(engine.get());
        for (int i = 0; i != 4; ++i) {
            start_receive(closed.socket.get(), 10, {5, 5});
            start_send(closed.socket.get(), contract::pattern(10));
            start_notification(closed.socket.get(), ASYNC_SOCKET_NOTIFY_IO_TYPE_IN);
        }
        if (random() % 2 == 0) {
            await_worker();
        }
        switch (random() % 4) {
        case 0:
            socket_transport_disconnect(closed.link.local.get());
            break;
        case 1:
            closed.link.local.reset();
            break;
        case 2:
            closed.link.peer.reset();
            break;
        default:
            break;
        }
        const connection reuses_numbers = make_connection();
        if (random() % 2 == 0) {
            async_socket_close(closed.socket.get());
        } else {
            on_worker_of(next_to_it.socket.get(), [&] { closed.socket.reset(); });
        }
        expect_works(next_to_it.socket.get(), next_to_it.link.peer.get());
    }
    EXPECT_EQ(linux_faults::calls_on_bad_descriptors(), 0u);
    EXPECT_TRUE(wait_until([&] { return linux_faults::open_descriptors() == before; }));
}

// SRS_ASYNC_SOCKET_LINUX_01_025
TEST_F(close_on_one_worker, ends_though_the_kernel_takes_no_cancellation)
{
    if (!is_io_uring_under_test()) {
        GTEST_SKIP() << "epoll has nothing to cancel";
    }
    start_receive(socket.get(), 10);
    start_endless_send(socket.get());
    start_notification(socket.get(), ASYNC_SOCKET_NOTIFY_IO_TYPE_IN);
    const peer_and_socket other(engine.get());
    await_worker();
    // The queue is full when the cancellations come.
    held_worker held(other.socket.get());
    ASSERT_TRUE(held.is_held());
    for (int i = 0; i != 2000; ++i) {
        start_notification(other.socket.get(), ASYNC_SOCKET_NOTIFY_IO_TYPE_IN);
    }
    linux_faults::fail_from(api::io_uring_submit, 1, EBUSY);
    std::thread closing([&] { async_socket_close(socket.get()); });
    held.release();
    closing.join();
    linux_faults::reset();
}

} // namespace
} // namespace linux_tests
