// SPDX-License-Identifier: MIT
//
// Making sockets, and opening them on a worker.

#include <cerrno>
#include <cstddef>
#include <set>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "linux_support/fixture.h"
#include "support/refusal.h"

namespace linux_tests {
namespace {

using linux_faults::api;

int send_nothing(void*, ASYNC_SOCKET_HANDLE, const void*, size_t)
{
    errno = EAGAIN;
    return -1;
}

int receive_nothing(void*, ASYNC_SOCKET_HANDLE, void*, size_t)
{
    errno = EAGAIN;
    return -1;
}

void count_open(void* context, ASYNC_SOCKET_OPEN_RESULT result)
{
    EXPECT_EQ(result, ASYNC_SOCKET_OPEN_OK);
    ++*static_cast<int*>(context);
}

using create_open = with_two_workers;

constexpr auto no_socket = static_cast<ASYNC_SOCKET_HANDLE>(nullptr);

// SRS_ASYNC_SOCKET_LINUX_01_001
TEST_F(create_open, refuses_to_create_without_an_engine)
{
    contract::expect_refused(no_socket, "async_socket_create", "execution_engine",
                             [] { return async_socket_create(nullptr); });
    contract::expect_refused(no_socket, "async_socket_create_with_transport", "execution_engine", [] {
        return async_socket_create_with_transport(nullptr, send_nothing, nullptr, receive_nothing, nullptr);
    });
}

// SRS_ASYNC_SOCKET_LINUX_01_003
TEST_F(create_open, refuses_to_create_with_half_a_transport)
{
    contract::expect_refused(no_socket, "async_socket_create_with_transport", "on_send", [&] {
        return async_socket_create_with_transport(engine.get(), nullptr, nullptr, receive_nothing, nullptr);
    });
    contract::expect_refused(no_socket, "async_socket_create_with_transport", "on_recv", [&] {
        return async_socket_create_with_transport(engine.get(), send_nothing, nullptr, nullptr, nullptr);
    });
}

// SRS_ASYNC_SOCKET_LINUX_01_002
TEST_F(create_open, leaves_nothing_where_there_is_no_memory_to_create_with)
{
    in_own_thread([] {
        for (const bool custom : {false, true}) {
            bool failed = true;
            std::size_t turns = 0;
            for (std::size_t nth = 1; failed; ++nth) {
                ASSERT_LT(nth, 10u);
                const footprint before = footprint_now();
                {
                    const engine_owner own_engine = make_engine(1);
                    ASSERT_TRUE(own_engine);
                    linux_faults::fail_nth(api::operator_new, nth, ENOMEM);
                    const contract::socket_owner created(
                        custom ? async_socket_create_with_transport(own_engine.get(), send_nothing, nullptr,
                                                                    receive_nothing, nullptr)
                               : async_socket_create(own_engine.get()));
                    failed = linux_faults::failures(api::operator_new) != 0;
                    EXPECT_EQ(!created, failed);
                    turns += failed ? 1 : 0;
                    linux_faults::reset();
                }
                // A reference that was left would keep the threads.
                ASSERT_TRUE(returns_to(before)) << nth << ": " << ::testing::PrintToString(footprint_now());
            }
            EXPECT_EQ(turns, custom ? 2u : 1u);
        }
    });
}

// SRS_ASYNC_SOCKET_LINUX_01_005
TEST_F(create_open, keeps_all_callbacks_of_a_socket_on_one_worker)
{
    std::set<std::thread::id> threads;
    for (int round = 0; round != 20; ++round) {
        contract::receive_operation& received = start_receive(socket.get(), 10);
        contract::send_operation& sent = start_send(socket.get(), contract::pattern(10));
        ASSERT_TRUE(contract::send_all(link.peer.get(), contract::pattern(1)));
        notification& notified = start_notification(socket.get(), ASYNC_SOCKET_NOTIFY_IO_TYPE_OUT);
        ASSERT_TRUE(received.wait() && sent.wait() && notified.wait());
        threads.insert({received.thread(), sent.thread(), notified.thread()});
    }
    contract::receive_operation& abandoned = start_receive(socket.get(), 10);
    async_socket_close(socket.get());
    ASSERT_TRUE(abandoned.wait());
    threads.insert(abandoned.thread());
    EXPECT_EQ(threads.size(), 1u);
    EXPECT_EQ(threads.count(std::this_thread::get_id()), 0u);
}

// SRS_ASYNC_SOCKET_LINUX_01_005
TEST_F(create_open, puts_what_a_worker_opens_on_that_worker)
{
    std::vector<contract::connection> links;
    std::vector<contract::socket_owner> opened(8);
    for (std::size_t i = 0; i != opened.size(); ++i) {
        links.push_back(contract::make_connection());
    }
    std::thread::id worker;
    on_worker_of(socket.get(), [&] {
        worker = std::this_thread::get_id();
        for (std::size_t i = 0; i != opened.size(); ++i) {
            opened[i] = contract::open_socket(engine.get(), links[i].local.get());
        }
    });
    for (const contract::socket_owner& each : opened) {
        on_worker_of(each.get(), [&] { EXPECT_EQ(std::this_thread::get_id(), worker); });
    }
}

// SRS_ASYNC_SOCKET_LINUX_01_005
TEST_F(create_open, puts_what_a_worker_of_another_engine_opens_on_a_worker_of_its_own_engine)
{
    const engine_owner other = make_engine(1);
    ASSERT_TRUE(other);
    const contract::connection other_link = contract::make_connection();
    contract::socket_owner opened;
    std::thread::id worker;
    on_worker_of(socket.get(), [&] {
        worker = std::this_thread::get_id();
        opened = contract::open_socket(other.get(), other_link.local.get());
    });
    on_worker_of(opened.get(), [&] { EXPECT_NE(std::this_thread::get_id(), worker); });
}

// SRS_ASYNC_SOCKET_LINUX_01_006
TEST_F(create_open, changes_nothing_where_the_kernel_does_not_take_the_descriptor)
{
    if (is_io_uring_under_test()) {
        GTEST_SKIP() << "io_uring is told of a descriptor with each operation only";
    }
    const contract::connection other = contract::make_connection();
    const contract::socket_owner created(async_socket_create(engine.get()));
    int opened = 0;
    in_own_thread([&] {
        for (const int error : linux_faults::errors_of(api::epoll_ctl)) {
            linux_faults::fail_nth(api::epoll_ctl, 1, error);
            const contract::log_capture log;
            EXPECT_NE(async_socket_open_async(created.get(), other.local.get(), count_open, &opened), 0);
            EXPECT_TRUE(log.has_error_with({"async_socket_open_async", "epoll_ctl"})) << log.text();
            EXPECT_EQ(linux_faults::failures(api::epoll_ctl), 1u);
            EXPECT_EQ(opened, 0);
            contract::send_operation& refused = new_send(contract::pattern(1));
            EXPECT_EQ(refused.start(created.get()), ASYNC_SOCKET_SEND_SYNC_NOT_OPEN);
        }
    });
    // The connection is still the caller's, and may be opened with more luck.
    EXPECT_TRUE(socket_transport_is_valid_socket(other.local.get()));
    ASSERT_TRUE(contract::send_all(other.local.get(), contract::pattern(10)));
    EXPECT_EQ(contract::receive_exactly(other.peer.get(), 10), contract::pattern(10));
    ASSERT_EQ(async_socket_open_async(created.get(), other.local.get(), count_open, &opened), 0);
    EXPECT_EQ(opened, 1);
    expect_works(created.get(), other.peer.get());
}

// SRS_ASYNC_SOCKET_LINUX_01_006
TEST_F(create_open, refuses_what_is_not_connected_and_stays_as_it_was)
{
    int opened = 0;
    const contract::socket_owner created(async_socket_create(engine.get()));
    const contract::transport_owner unconnected(socket_transport_create_client());
    const contract::listener listening;
    for (SOCKET_TRANSPORT_HANDLE const transport : {unconnected.get(), listening.get()}) {
        contract::expect_refused("async_socket_open_async", "socket_transport", [&] {
            return async_socket_open_async(created.get(), transport, count_open, &opened);
        });
    }
    EXPECT_EQ(opened, 0);
    EXPECT_TRUE(socket_transport_is_valid_socket(listening.get()));
    const contract::connection other = contract::make_connection();
    EXPECT_EQ(async_socket_open_async(created.get(), other.local.get(), count_open, &opened), 0);
    EXPECT_EQ(opened, 1);
}

// Two would take each other's bytes, and each would close under the other.
// SRS_ASYNC_SOCKET_LINUX_01_006, SRS_ASYNC_SOCKET_GUARANTEE_01_001
TEST_F(create_open, refuses_a_connection_that_another_socket_owns)
{
    int opened = 0;
    for (int worker = 0; worker != 2; ++worker) {
        const contract::socket_owner second(async_socket_create(engine.get()));
        EXPECT_NE(async_socket_open_async(second.get(), link.local.get(), count_open, &opened), 0);
    }
    EXPECT_EQ(opened, 0);
    expect_works(socket.get(), link.peer.get());
}

} // namespace
} // namespace linux_tests
