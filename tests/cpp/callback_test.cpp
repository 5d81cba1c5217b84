// SPDX-License-Identifier: MIT
//
// Operations with handlers instead of coroutines.

#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <system_error>
#include <thread>
#include <utility>

#include <gtest/gtest.h>

#include "support/cpp_fixture.h"
#include "support/event.h"

namespace cpp_layer {
namespace {

using namespace std::chrono_literals;
using async_socket::accept_result;
using async_socket::bytes_of;
using async_socket::endpoint;
using async_socket::io_result;

class callback_of_cpp : public with_sockets {
protected:
    callback_of_cpp() : memory(100) {}

    contract::bytes memory;
    contract::event ended;
    io_result result;
};

// SRS_CPP_01_064
TEST_F(callback_of_cpp, tells_a_receive_and_a_send)
{
    const std::thread::id here = std::this_thread::get_id();
    contract::event sent;
    ASSERT_FALSE(right.async_receive(writable(memory), [&](io_result received) {
        EXPECT_NE(std::this_thread::get_id(), here);
        result = received;
        ended.set();
    }));
    ASSERT_FALSE(left.async_send(bytes_of("hello"), [&](io_result sending) {
        EXPECT_FALSE(sending.error);
        EXPECT_EQ(sending.bytes, 5u);
        sent.set();
    }));
    ASSERT_TRUE(ended.wait());
    ASSERT_TRUE(sent.wait());
    EXPECT_FALSE(result.error);
    EXPECT_EQ(result.bytes, 5u);
}

// SRS_CPP_01_064, SRS_CPP_01_034
TEST_F(callback_of_cpp, tells_that_time_is_over)
{
    ASSERT_FALSE(right.async_receive(
        writable(memory),
        [&](io_result received) {
            result = received;
            ended.set();
        },
        5ms));
    ASSERT_TRUE(ended.wait());
    EXPECT_EQ(result.error, condition::timed_out);
}

// SRS_CPP_01_065
TEST_F(callback_of_cpp, tells_that_it_was_cancelled)
{
    ASYNC_OPERATION_ID id = 0;
    ASSERT_FALSE(right.async_receive(
        writable(memory),
        [&](io_result received) {
            result = received;
            ended.set();
        },
        {}, &id));
    right.cancel(id);
    ASSERT_TRUE(ended.wait());
    EXPECT_EQ(result.error, condition::cancelled);
    right.cancel(id);
    right.cancel(0);
    async_socket::socket().cancel(id);
}

// SRS_CPP_01_064, SRS_CPP_01_046, SRS_CPP_01_047
TEST_F(callback_of_cpp, is_not_called_inside_the_call_with_what_was_there_already)
{
    run([&]() -> task<> {
        EXPECT_FALSE((co_await left.send(bytes_of("line\nrest"))).error);
        contract::bytes all(9);
        const auto line = co_await right.receive_until("\n");
        EXPECT_EQ(line.text, "line\n");
    });
    std::array<std::byte, 1> first{};
    const auto handler = [&](io_result received) {
        EXPECT_FALSE(received.error);
        result = received;
        ended.set();
    };
    ASSERT_FALSE(right.async_receive(first, handler));
    ASSERT_TRUE(ended.wait());
    EXPECT_EQ(result.bytes, 1u);
    contract::event nothing_received;
    contract::event nothing_sent;
    ASSERT_FALSE(right.async_receive({}, [&](io_result) { nothing_received.set(); }));
    ASSERT_FALSE(right.async_send({}, [&](io_result) { nothing_sent.set(); }));
    ASSERT_TRUE(nothing_received.wait());
    ASSERT_TRUE(nothing_sent.wait());
}

// SRS_CPP_01_067
TEST_F(callback_of_cpp, may_be_move_only_and_starts_the_next_one)
{
    struct echo {
        async_socket::socket& on;
        contract::bytes& memory;
        contract::event& ended;
        std::unique_ptr<int> left = std::make_unique<int>(100);

        void operator()(io_result received)
        {
            EXPECT_FALSE(received.error);
            if (--*left == 0) {
                ended.set();
                return;
            }
            EXPECT_FALSE(on.async_receive(writable(memory).first(1), std::move(*this)));
        }
    };
    ASSERT_FALSE(right.async_receive(writable(memory).first(1), echo{right, memory, ended}));
    run([&]() -> task<> {
        const contract::bytes hundred(100);
        EXPECT_FALSE((co_await left.send(readable(hundred))).error);
    });
    ASSERT_TRUE(ended.wait());
}

// SRS_CPP_01_066
TEST_F(callback_of_cpp, is_not_called_for_what_is_refused)
{
    const auto handler = [](auto&&) { ADD_FAILURE() << "called"; };
    const auto held = std::make_shared<int>(1);
    left.close();
    EXPECT_EQ(left.async_receive(writable(memory), [held](io_result) { ADD_FAILURE(); }), condition::closed);
    EXPECT_EQ(held.use_count(), 1);
    EXPECT_EQ(left.async_send(bytes_of("x"), handler), condition::closed);
    async_socket::socket empty;
    EXPECT_EQ(empty.async_receive(writable(memory), handler), condition::closed);
    EXPECT_EQ(empty.async_send(bytes_of("x"), handler), condition::closed);
    EXPECT_EQ(empty.async_connect(endpoint{"127.0.0.1", 1}, handler), condition::closed);
    async_socket::socket client(engine);
    EXPECT_EQ(client.async_connect(endpoint{"127.0.0.1", 0}, handler), std::errc::invalid_argument);
    async_socket::listener closed;
    EXPECT_EQ(closed.async_accept(handler), condition::closed);
}

// SRS_CPP_01_065
TEST_F(callback_of_cpp, tells_an_accept_and_a_connect)
{
    async_socket::listener server(engine, {"127.0.0.1", 0});
    async_socket::socket client(engine);
    async_socket::socket accepted;
    contract::event connected;
    ASSERT_FALSE(server.async_accept([&, only = std::make_unique<int>(1)](accept_result accepting) {
        EXPECT_FALSE(accepting.error);
        accepted = std::move(accepting.socket);
        ended.set();
    }));
    ASSERT_FALSE(
        client.async_connect(server.local_endpoint(), [&, only = std::make_unique<int>(1)](std::error_code error) {
            EXPECT_FALSE(error);
            connected.set();
        }));
    ASSERT_TRUE(connected.wait());
    ASSERT_TRUE(ended.wait());
    EXPECT_EQ(accepted.peer_endpoint(), client.local_endpoint());
}

// SRS_CPP_01_065
TEST_F(callback_of_cpp, tells_that_an_accept_was_cancelled_or_its_listener_closed)
{
    async_socket::listener server(engine, {"127.0.0.1", 0});
    ASYNC_OPERATION_ID id = 0;
    contract::event closed;
    ASSERT_FALSE(server.async_accept(
        [&](accept_result accepting) {
            EXPECT_EQ(accepting.error, condition::cancelled);
            ended.set();
        },
        {}, &id));
    server.cancel(id);
    ASSERT_TRUE(ended.wait());
    ASSERT_FALSE(server.async_accept([&](accept_result accepting) {
        EXPECT_EQ(accepting.error, condition::closed);
        closed.set();
    }));
    server.close();
    ASSERT_TRUE(closed.wait());
}

} // namespace
} // namespace cpp_layer
