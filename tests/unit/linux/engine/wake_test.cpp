// SPDX-License-Identifier: MIT
//
// How often a worker is woken: by writes to an eventfd, which are counted here.

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "async_socket/async_delay.h"
#include "linux/engine/execution_engine.hpp"
#include "linux_faults/faults.h"
#include "linux_support/engines.h"
#include "linux_support/notification.h"
#include "support/fixture.h"

namespace linux_tests {
namespace {

using linux_faults::api;

class wake : public contract::with_socket {
protected:
    wake() : with_socket(1, 1) {}

    void SetUp() override
    {
        ASSERT_EQ(execution_engine_linux_set_spin_limit(engine.get(), 0), 0);
        linux_faults::reset();
        put_to_sleep();
    }
    void TearDown() override { linux_faults::reset(); }

    // After this the only worker is inside its wait, or about to enter it and marked as asleep.
    void put_to_sleep()
    {
        std::size_t waits = 0;
        notification last([&] { waits = waits_of_workers(); });
        ASSERT_EQ(last.start(socket.get()), 0);
        ASSERT_TRUE(last.wait());
        ASSERT_TRUE(wait_until([&] { return waits_of_workers() > waits; }));
    }
};

// SRS_EXECUTION_ENGINE_LINUX_01_008
TEST_F(wake, is_needed_once_for_one_operation)
{
    linux_faults::reset();
    contract::send_operation& sent = start_send(socket.get(), contract::pattern(10));
    ASSERT_TRUE(sent.wait());
    EXPECT_EQ(linux_faults::calls(api::write), 1u);
}

// The first wake-up is lost on its way here, so that the worker sleeps on while more is posted.
// SRS_EXECUTION_ENGINE_LINUX_01_008
TEST_F(wake, comes_once_for_all_that_is_posted_while_the_worker_sleeps)
{
    constexpr std::size_t count = 100;
    contract::receive_operation& received = start_receive(socket.get(), 1);
    notification served;
    ASSERT_EQ(served.start(socket.get()), 0);
    ASSERT_TRUE(served.wait());
    put_to_sleep();

    linux_faults::reset();
    linux_faults::fail_nth(api::write, 1, EAGAIN);
    std::vector<contract::send_operation*> sent;
    for (std::size_t i = 0; i != count; ++i) {
        sent.push_back(&start_send(socket.get(), contract::pattern(1, i)));
    }
    EXPECT_EQ(linux_faults::calls(api::write), 1u);
    EXPECT_EQ(linux_faults::failures(api::write), 1u);

    // The kernel wakes it instead; then it finds them all.
    ASSERT_TRUE(contract::send_all(link.peer.get(), contract::pattern(1)));
    ASSERT_TRUE(received.wait());
    for (contract::send_operation* const each : sent) {
        ASSERT_TRUE(each->wait());
    }
    EXPECT_EQ(contract::receive_exactly(link.peer.get(), count), contract::pattern(count));
    EXPECT_EQ(linux_faults::calls(api::write), 1u);
}

// SRS_EXECUTION_ENGINE_LINUX_01_008
TEST_F(wake, is_not_for_a_worker_that_runs_a_callback)
{
    held_worker held(socket.get());
    ASSERT_TRUE(held.is_held());
    linux_faults::reset();
    std::vector<contract::send_operation*> sent;
    for (std::size_t i = 0; i != 100; ++i) {
        sent.push_back(&start_send(socket.get(), contract::pattern(1, i)));
    }
    EXPECT_EQ(linux_faults::calls(api::write), 0u);
    held.release();
    for (contract::send_operation* const each : sent) {
        ASSERT_TRUE(each->wait());
    }
    EXPECT_EQ(linux_faults::calls(api::write), 0u);
}

// It goes on working while it waits for the end, and sees that by itself.
// SRS_EXECUTION_ENGINE_LINUX_01_008
TEST_F(wake, is_not_for_a_worker_that_closes_a_socket_in_a_callback)
{
    for (const bool receives : {false, true}) {
        const contract::connection other = contract::make_connection();
        const contract::socket_owner closed = contract::open_socket(engine.get(), other.local.get());
        if (receives) {
            start_receive(closed.get(), 10);
        }
        notification closing([&] {
            linux_faults::reset();
            async_socket_close(closed.get());
        });
        ASSERT_EQ(closing.start(socket.get()), 0);
        ASSERT_TRUE(closing.wait());
        EXPECT_EQ(linux_faults::calls(api::write), 0u) << receives;
    }
}

// A worker that the kernel has woken is awake while it goes through what the kernel tells it.
struct slow_transport {
    contract::event entered;
    contract::event released;
    int socket = -1;
    bool is_slow = false; // under no lock: set while the worker sleeps, before the peer wakes it

    static int on_send(void*, ASYNC_SOCKET_HANDLE, const void*, size_t length) { return static_cast<int>(length); }
    static int on_recv(void* context, ASYNC_SOCKET_HANDLE, void* data, size_t length)
    {
        auto& self = *static_cast<slow_transport*>(context);
        const linux_faults::exempt ours;
        const ssize_t result = recv(self.socket, data, length, MSG_DONTWAIT);
        if (result > 0) {
            self.entered.set();
            EXPECT_TRUE(self.released.wait());
        }
        return static_cast<int>(result);
    }
};

void ignore_open(void*, ASYNC_SOCKET_OPEN_RESULT) {}

// SRS_EXECUTION_ENGINE_LINUX_01_008
TEST_F(wake, is_not_for_a_worker_that_is_busy_with_what_the_kernel_told_it)
{
    const contract::connection other = contract::make_connection();
    slow_transport slow;
    slow.socket = socket_transport_get_underlying_socket(other.local.get());
    const contract::socket_owner receiving(async_socket_create_with_transport(engine.get(), slow_transport::on_send,
                                                                              &slow, slow_transport::on_recv, &slow));
    ASSERT_TRUE(receiving);
    ASSERT_EQ(async_socket_open_async(receiving.get(), other.local.get(), ignore_open, nullptr), 0);
    contract::receive_operation& received = start_receive(receiving.get(), 10);
    notification served;
    ASSERT_EQ(served.start(receiving.get()), 0);
    ASSERT_TRUE(served.wait());
    put_to_sleep();

    ASSERT_TRUE(contract::send_all(other.peer.get(), contract::pattern(1)));
    ASSERT_TRUE(slow.entered.wait());
    linux_faults::reset();
    contract::send_operation& sent = start_send(socket.get(), contract::pattern(1));
    EXPECT_EQ(linux_faults::calls(api::write), 0u);
    slow.released.set();
    EXPECT_TRUE(sent.wait());
    EXPECT_TRUE(received.wait());
}

// SRS_EXECUTION_ENGINE_LINUX_01_008
TEST_F(wake, is_not_lost_to_a_signal)
{
    linux_faults::interrupt(api::write);
    for (int i = 0; i != 10; ++i) {
        contract::send_operation& sent = start_send(socket.get(), contract::pattern(10));
        ASSERT_TRUE(sent.wait());
    }
    EXPECT_GT(linux_faults::interruptions(api::write), 0u);
}

// A call that has woken the worker is held before it returns from that.
struct held_wake {
    contract::event may_return;
};

held_wake* held = nullptr;

ssize_t wake_and_stay(int descriptor, const void* data, std::size_t length)
{
    const ssize_t written = ::write(descriptor, data, length);
    EXPECT_TRUE(held->may_return.wait());
    return written;
}

class wake_about_a_delay : public wake {
protected:
    [[nodiscard]] std::uint32_t references() const
    {
        return async_socket::detail::core_of(engine.get()).references.load();
    }
    // Calls on a thread of its own, and returns how many references there are in the callback of the delay, beside
    // those that there are without it, while the call is still telling the worker.
    std::uint32_t references_during(contract::delay_operation& delay, const std::function<void()>& call)
    {
        held_wake here;
        held = &here;
        std::uint32_t seen = 0;
        delay.in_callback = [&] { seen = references(); };
        linux_faults::replace_write(wake_and_stay);
        std::thread calling(call);
        EXPECT_TRUE(delay.wait());
        linux_faults::replace_write(nullptr);
        here.may_return.set();
        calling.join();
        return seen - without_;
    }

    const std::uint32_t without_ = references();
};

// The delay has one, and the call another, for the callback may drop the program's.
// SRS_ASYNC_DELAY_01_010
TEST_F(wake_about_a_delay, keeps_the_engine_where_it_starts_one)
{
    contract::delay_operation delay;
    EXPECT_EQ(references_during(delay, [&] { EXPECT_EQ(delay.start(engine.get(), 0), 0); }), 2U);
    EXPECT_TRUE(wait_until([this] { return references() == without_; }));
}

// SRS_ASYNC_DELAY_01_010
TEST_F(wake_about_a_delay, keeps_the_engine_where_it_cancels_one)
{
    constexpr std::uint32_t long_ms = 1'000'000;
    for (int (*const cancel)(EXECUTION_ENGINE_HANDLE, ASYNC_OPERATION_ID) :
         {async_delay_cancel, async_delay_cancel_and_wait}) {
        contract::delay_operation delay;
        ASSERT_EQ(delay.start(engine.get(), long_ms), 0);
        put_to_sleep();
        EXPECT_EQ(references_during(delay, [&] { EXPECT_EQ(cancel(engine.get(), delay.id()), 0); }), 2U);
        EXPECT_TRUE(wait_until([this] { return references() == without_; }));
    }
}

} // namespace
} // namespace linux_tests
