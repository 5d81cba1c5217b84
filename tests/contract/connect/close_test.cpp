// SPDX-License-Identifier: MIT
//
// Close and destroy while a socket connects: at once, with one callback, and nothing after it.

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>

#include <gtest/gtest.h>

#include "support/fixture.h"
#include "support/full_listener.h"

namespace contract {
namespace {

using namespace std::chrono_literals;

class connect_close : public with_engine {
protected:
    using with_engine::with_engine;

    socket_owner new_socket() { return socket_owner(async_socket_create(engine.get())); }
};

class connect_close_on_one_thread : public connect_close {
protected:
    connect_close_on_one_thread() : connect_close(1, 1) {}
};

// SRS_ASYNC_CONNECT_01_011, SRS_ASYNC_CONNECT_01_013
TEST_F(connect_close, ends_a_connect_that_nobody_answers)
{
    const full_listener silent;
    for (const bool destroys : {false, true}) {
        for (const char* const host : {"127.0.0.1", "localhost"}) {
            socket_owner socket = new_socket();
            connect_ex_operation& connecting = make<connect_ex_operation>();
            ASSERT_EQ(connecting.start(socket.get(), host, silent.port()), 0);
            destroys ? socket.reset() : async_socket_close(socket.get());
            ASSERT_TRUE(connecting.is_done());
            EXPECT_EQ(connecting.status(), ASYNC_STATUS_CLOSED);
            EXPECT_EQ(connecting.calls(), 1u);
            EXPECT_FALSE(connecting.was_called_inline());
            if (!destroys) {
                EXPECT_NE(make<connect_ex_operation>().start(socket.get(), host, silent.port()), 0) << "for good";
            }
        }
    }
}

// SRS_ASYNC_CONNECT_01_011
TEST_F(connect_close, ends_a_plain_connect_with_open_error)
{
    const full_listener silent;
    socket_owner socket = new_socket();
    connect_operation& connecting = make<connect_operation>();
    ASSERT_EQ(connecting.start(socket.get(), "127.0.0.1", silent.port()), 0);
    async_socket_close(socket.get());
    ASSERT_TRUE(connecting.is_done());
    EXPECT_EQ(connecting.result(), ASYNC_SOCKET_OPEN_ERROR);
    EXPECT_EQ(connecting.calls(), 1u);
}

// SRS_ASYNC_CONNECT_01_011: inside a callback of the one thread that has to end it.
TEST_F(connect_close_on_one_thread, inside_a_callback_of_the_engine)
{
    const full_listener silent;
    for (const bool destroys : {false, true}) {
        socket_owner socket = new_socket();
        connect_ex_operation& connecting = make<connect_ex_operation>();
        ASSERT_EQ(connecting.start(socket.get(), "127.0.0.1", silent.port()), 0);
        delay_operation& closing = make<delay_operation>();
        closing.in_callback = [&] {
            destroys ? socket.reset() : async_socket_close(socket.get());
            EXPECT_TRUE(connecting.is_done());
        };
        ASSERT_EQ(closing.start(engine.get(), 1), 0);
        ASSERT_TRUE(closing.wait());
        EXPECT_EQ(connecting.calls(), 1u);
        EXPECT_EQ(connecting.status(), ASYNC_STATUS_CLOSED);
    }
}

// SRS_ASYNC_CONNECT_01_011, SRS_ASYNC_SOCKET_GUARANTEE_01_005
TEST_F(connect_close, inside_the_callback_of_a_connect_that_succeeded)
{
    const listener server;
    for (const bool destroys : {false, true}) {
        socket_owner socket = new_socket();
        connect_operation& connecting = make<connect_operation>();
        connecting.in_callback = [&] { destroys ? socket.reset() : async_socket_close(socket.get()); };
        ASSERT_EQ(connecting.start(socket.get(), "127.0.0.1", server.port()), 0);
        const transport_owner peer = server.accept();
        ASSERT_TRUE(connecting.wait());
        EXPECT_EQ(connecting.result(), ASYNC_SOCKET_OPEN_OK);
        const rest_of_stream rest = receive_to_end(peer.get());
        EXPECT_TRUE(rest.ended_in_order);
        EXPECT_TRUE(rest.data.empty());
    }
}

// SRS_ASYNC_CONNECT_01_006, SRS_ASYNC_SOCKET_GUARANTEE_01_005
TEST_F(connect_close, inside_the_callback_of_a_connect_that_failed)
{
    const std::uint16_t nobody = port_without_listener();
    for (const bool destroys : {false, true}) {
        for (int round = 0; round != 20; ++round) {
            socket_owner socket = new_socket();
            connect_ex_operation& connecting = make<connect_ex_operation>();
            connecting.in_callback = [&] { destroys ? socket.reset() : async_socket_close(socket.get()); };
            ASSERT_EQ(connecting.start(socket.get(), "127.0.0.1", nobody), 0);
            ASSERT_TRUE(connecting.wait());
            EXPECT_EQ(connecting.status(), ASYNC_STATUS_REFUSED);
            EXPECT_EQ(connecting.calls(), 1u);
        }
    }
    // The engine is as good as before.
    const connection link = make_connection();
    const socket_owner other = open_socket(engine.get(), link.local.get());
    expect_works(other.get(), link.peer.get());
}

// SRS_ASYNC_CONNECT_01_006, SRS_ASYNC_CONNECT_01_011: it has begun again, and is closed in the same callback.
TEST_F(connect_close, inside_the_callback_of_a_connect_that_failed_and_was_begun_again)
{
    const std::uint16_t nobody = port_without_listener();
    const full_listener silent;
    for (const bool destroys : {false, true}) {
        socket_owner socket = new_socket();
        connect_ex_operation& again = make<connect_ex_operation>();
        connect_ex_operation& connecting = make<connect_ex_operation>();
        connecting.in_callback = [&] {
            EXPECT_EQ(again.start(socket.get(), "127.0.0.1", silent.port()), 0);
            destroys ? socket.reset() : async_socket_close(socket.get());
            EXPECT_TRUE(again.is_done());
        };
        ASSERT_EQ(connecting.start(socket.get(), "127.0.0.1", nobody), 0);
        ASSERT_TRUE(connecting.wait());
        ASSERT_TRUE(again.is_done());
        EXPECT_EQ(again.status(), ASYNC_STATUS_CLOSED);
        EXPECT_EQ(again.calls(), 1u);
    }
}

// A program that tries until it is told to stop, and takes back everything when close or destroy has returned.
class persistent {
public:
    persistent(EXECUTION_ENGINE_HANDLE engine, std::uint16_t port) : socket_(async_socket_create(engine)), port_(port)
    {
        EXPECT_EQ(start(), 0);
    }

    [[nodiscard]] ASYNC_SOCKET_HANDLE get() const { return socket_.get(); }
    void destroy() { socket_.reset(); }
    [[nodiscard]] unsigned calls() const { return calls_; }
    [[nodiscard]] unsigned pending() const { return pending_; }
    [[nodiscard]] bool is_inside() const { return inside_; }

private:
    int start()
    {
        ++pending_;
        const int result =
            async_socket_connect_async(socket_.get(), "127.0.0.1", port_, ASYNC_NO_TIMEOUT, on_end, this);
        pending_ -= result != 0 ? 1 : 0;
        return result;
    }

    static void on_end(void* context, ASYNC_SOCKET_OPEN_RESULT result)
    {
        auto& self = *static_cast<persistent*>(context);
        self.inside_ = true;
        ++self.calls_;
        EXPECT_EQ(result, ASYNC_SOCKET_OPEN_ERROR);
        static_cast<void>(self.start()); // refused when it is being closed
        self.inside_ = false;
        --self.pending_;
    }

    std::atomic<unsigned> calls_{0};
    std::atomic<unsigned> pending_{0}; // accepted, and the callback has not returned
    std::atomic<bool> inside_{false};
    socket_owner socket_;
    std::uint16_t port_;
};

// SRS_ASYNC_CONNECT_01_011, SRS_ASYNC_CONNECT_01_006: whenever it comes, between two connects, too.
TEST_F(connect_close, ends_a_program_that_connects_again_and_again)
{
    const std::uint16_t nobody = port_without_listener();
    for (int round = 0; round != 100; ++round) {
        persistent program(engine.get(), nobody);
        for (int spin = 0; spin != round % 8; ++spin) {
            std::this_thread::yield();
        }
        async_socket_close(program.get());
        EXPECT_FALSE(program.is_inside());
        EXPECT_EQ(program.pending(), 0u);
        const unsigned calls = program.calls();
        EXPECT_GE(calls, 1u);
        program.destroy();
        EXPECT_EQ(program.calls(), calls);
    }
}

// SRS_ASYNC_CONNECT_01_011: on several threads, some of which close.
TEST_F(connect_close, races_the_connection_and_leaves_nothing_behind)
{
    const listener server;
    const std::uint16_t nobody = port_without_listener();
    for (int round = 0; round != 150; ++round) {
        socket_owner socket = new_socket();
        connect_ex_operation connecting;
        ASSERT_EQ(connecting.start(socket.get(), round % 3 == 0 ? "localhost" : "127.0.0.1",
                                   round % 2 == 0 ? server.port() : nobody),
                  0);
        for (int spin = 0; spin != round % 25; ++spin) {
            std::this_thread::yield();
        }
        std::thread other([&] { async_socket_close(socket.get()); });
        async_socket_close(socket.get());
        other.join();
        ASSERT_TRUE(connecting.is_done());
        EXPECT_EQ(connecting.calls(), 1u);
        const ASYNC_STATUS status = connecting.status();
        EXPECT_TRUE(status == ASYNC_STATUS_CLOSED ||
                    status == (round % 2 == 0 ? ASYNC_STATUS_OK : ASYNC_STATUS_REFUSED))
            << status;
    }
}

} // namespace
} // namespace contract
