// SPDX-License-Identifier: MIT
//
// Functions of the program's own that call the library, on other sockets; and that have nothing to say for long.

#include <atomic>
#include <cerrno>
#include <functional>

#include <gtest/gtest.h>
#include <sys/socket.h>

#include "linux_support/fixture.h"

namespace linux_tests {
namespace {

class program_code : public with_one_worker {
protected:
    program_code()
        : custom_link(contract::make_connection()),
          fd_(socket_transport_get_underlying_socket(custom_link.local.get())),
          custom(async_socket_create_with_transport(engine.get(), on_send, this, on_recv, this))
    {
        if (!custom || async_socket_open_async(custom.get(), custom_link.local.get(), ignore_open, nullptr) != 0) {
            throw std::runtime_error("cannot open a socket with a transport of its own");
        }
    }

    // Before what the system's own functions do; false: nothing can be done now.
    std::function<bool()> before_send;
    std::function<void()> after_recv;

    contract::connection custom_link;

private:
    static int on_send(void* context, ASYNC_SOCKET_HANDLE, const void* data, std::size_t length)
    {
        auto& self = *static_cast<program_code*>(context);
        const linux_faults::exempt ours;
        if (self.before_send && !self.before_send()) {
            errno = EAGAIN;
            return -1;
        }
        return static_cast<int>(::send(self.fd_, data, length, MSG_NOSIGNAL | MSG_DONTWAIT));
    }

    static int on_recv(void* context, ASYNC_SOCKET_HANDLE, void* data, std::size_t length)
    {
        auto& self = *static_cast<program_code*>(context);
        const linux_faults::exempt ours;
        const int received = static_cast<int>(::recv(self.fd_, data, length, MSG_DONTWAIT));
        if (received > 0 && self.after_recv) {
            self.after_recv();
        }
        return received;
    }

    int fd_;

protected:
    contract::socket_owner custom;
};

// While the worker starts what other threads have posted, a function of the program's starts something, too.
// SRS_ASYNC_SOCKET_LINUX_01_036, SRS_ASYNC_SOCKET_GUARANTEE_01_007
TEST_F(program_code, does_not_disturb_the_order_of_another_socket)
{
    contract::event inside;
    contract::event go_on;
    contract::send_operation& third = new_send(contract::bytes{'3'});
    bool has_begun = false;
    before_send = [&] {
        if (!has_begun) {
            has_begun = true;
            inside.set();
            EXPECT_TRUE(go_on.wait());
            EXPECT_EQ(third.start(socket.get()), ASYNC_SOCKET_SEND_SYNC_OK);
        }
        return true;
    };
    {
        held_worker held(socket.get());
        ASSERT_TRUE(held.is_held());
        start_send(custom.get(), contract::bytes{'x'});
        start_send(socket.get(), contract::bytes{'1'});
    }
    ASSERT_TRUE(inside.wait());
    start_send(socket.get(), contract::bytes{'2'});
    go_on.set();
    EXPECT_EQ(contract::receive_exactly(link.peer.get(), 3), (contract::bytes{'1', '2', '3'}));
    ASSERT_TRUE(third.wait());
}

// The receive of the program's own closes another socket, whose callback destroys the one that receives.
// SRS_ASYNC_SOCKET_LINUX_01_036
TEST_F(program_code, may_be_under_way_for_a_socket_that_is_destroyed)
{
    contract::receive_operation& of_other = new_receive(10);
    of_other.in_callback = [this] { custom.reset(); };
    ASSERT_EQ(of_other.start(socket.get()), 0);
    after_recv = [this] { async_socket_close(socket.get()); };
    contract::receive_operation& own = start_receive(custom.get(), 10);
    contract::receive_operation& behind = start_receive(custom.get(), 10);
    await_worker();
    ASSERT_TRUE(contract::send_all(custom_link.peer.get(), contract::pattern(5)));
    ASSERT_TRUE(own.wait());
    ASSERT_TRUE(behind.wait());
    ASSERT_TRUE(of_other.wait());
    await_worker();
    EXPECT_EQ(own.result(), ASYNC_SOCKET_RECEIVE_ABANDONED);
    EXPECT_EQ(behind.result(), ASYNC_SOCKET_RECEIVE_ABANDONED);
    EXPECT_EQ(own.calls() + behind.calls() + of_other.calls(), 3u);
}

// The same with one operation only, which is waited for.
// SRS_ASYNC_SOCKET_LINUX_01_036, SRS_ASYNC_SOCKET_EX_01_014
TEST_F(program_code, may_be_under_way_for_an_operation_that_is_cancelled_and_waited_for)
{
    contract::receive_ex_operation& own = start_receive_ex(custom.get(), 10);
    contract::receive_operation& of_other = new_receive(10);
    unsigned calls_then = 0;
    of_other.in_callback = [&] {
        EXPECT_EQ(async_socket_cancel_and_wait(custom.get(), own.id()), 0);
        calls_then = own.calls();
    };
    ASSERT_EQ(of_other.start(socket.get()), 0);
    after_recv = [this] {
        after_recv = nullptr;
        async_socket_close(socket.get());
    };
    await_worker();
    ASSERT_TRUE(contract::send_all(custom_link.peer.get(), contract::pattern(5)));
    ASSERT_TRUE(of_other.wait());
    ASSERT_TRUE(own.wait());
    EXPECT_EQ(own.status(), ASYNC_STATUS_CANCELLED);
    EXPECT_EQ(calls_then, 1u);
    // The socket goes on.
    contract::receive_operation& next = start_receive(custom.get(), 10);
    ASSERT_TRUE(contract::send_all(custom_link.peer.get(), contract::pattern(5)));
    ASSERT_TRUE(next.wait());
    EXPECT_EQ(next.received(), 5u);
}

// SRS_ASYNC_SOCKET_LINUX_01_035
TEST_F(program_code, that_waits_for_what_the_descriptor_does_not_tell_is_asked_at_intervals)
{
    std::atomic<int> asked{0};
    std::atomic<bool> has_room{false};
    before_send = [&] {
        ++asked;
        return has_room.load();
    };
    contract::send_operation& sent = start_send(custom.get(), contract::pattern(5));
    contract::delay_operation& a_while = make<contract::delay_operation>();
    ASSERT_EQ(a_while.start(engine.get(), 200), 0);
    ASSERT_TRUE(a_while.wait());
    EXPECT_LE(asked.load(), 200);
    has_room = true;
    ASSERT_TRUE(sent.wait());
    EXPECT_EQ(sent.result(), ASYNC_SOCKET_SEND_OK);
    EXPECT_EQ(contract::receive_exactly(custom_link.peer.get(), 5), contract::pattern(5));
}

// SRS_ASYNC_SOCKET_LINUX_01_035, SRS_ASYNC_SOCKET_LINUX_01_025
TEST_F(program_code, that_waits_for_what_the_descriptor_does_not_tell_can_be_closed)
{
    std::atomic<int> asked{0};
    before_send = [&] {
        ++asked;
        return false;
    };
    contract::send_operation& sent = start_send(custom.get(), contract::pattern(5));
    ASSERT_TRUE(wait_until([&] { return asked >= 4; }));
    async_socket_close(custom.get());
    ASSERT_TRUE(sent.is_done());
    EXPECT_EQ(sent.result(), ASYNC_SOCKET_SEND_ABANDONED);
}

} // namespace
} // namespace linux_tests
