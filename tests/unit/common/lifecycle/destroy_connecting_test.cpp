// SPDX-License-Identifier: MIT
//
// Close and destroy of a socket that connects, or whose connect has just failed.

#include <atomic>
#include <memory>
#include <thread>

#include <gtest/gtest.h>

#include "support/background.h"
#include "support/bare_socket.h"
#include "support/event.h"
#include "support/states.h"

namespace async_socket::detail {

namespace {

class destroy_connecting : public testing::Test {
protected:
    destroy_connecting()
    {
        socket_->disconnect = [this] { disconnected_.set(); };
        socket_->free = [this](ASYNC_SOCKET_HANDLE) { ++frees_; };
        bring_to(life(), lifecycle::state::connecting);
    }

    // Another thread's close has begun, or ended.
    void wait_until_it_is_being_closed()
    {
        while (life().current() == lifecycle::state::created) {
            std::this_thread::yield();
        }
    }

    ASYNC_SOCKET_HANDLE socket() { return socket_.get(); }
    lifecycle& life() { return socket_->life; }

    std::unique_ptr<ASYNC_SOCKET_TAG> socket_ = std::make_unique<ASYNC_SOCKET_TAG>();
    event disconnected_;
    std::atomic<int> frees_{0};
};

// SRS_ASYNC_CONNECT_01_011
TEST_F(destroy_connecting, ends_the_connect_and_waits_for_its_callback)
{
    std::atomic<bool> callback_is_over = false;
    background destroyer("destroyer", [&] {
        async_socket_destroy(socket());
        EXPECT_TRUE(callback_is_over);
    });
    disconnected_.wait();
    EXPECT_FALSE(life().abandon_connect());
    run_callback(socket(), [&] { callback_is_over = true; });
    destroyer.finish();
    EXPECT_EQ(frees_, 1);
}

// SRS_ASYNC_CONNECT_01_011
TEST_F(destroy_connecting, waits_for_the_callback_of_a_connect_that_has_just_failed)
{
    require(life().abandon_connect());
    for (const bool closes_first : {true, false}) {
        std::atomic<bool> callback_is_over = closes_first ? false : true;
        background closer("closer", [&] {
            closes_first ? async_socket_close(socket()) : async_socket_destroy(socket());
            EXPECT_TRUE(callback_is_over);
        });
        if (closes_first) {
            wait_until_it_is_being_closed();
            EXPECT_FALSE(life().begin_open());
            run_callback(socket(), [&] { callback_is_over = true; });
        }
        closer.finish();
    }
    EXPECT_EQ(frees_, 1);
}

// SRS_ASYNC_CONNECT_01_011, SRS_ASYNC_CONNECT_01_006: the callback cannot know that destroy has been called.
TEST_F(destroy_connecting, closes_what_the_callback_has_begun_again)
{
    require(life().abandon_connect());
    event begun_again;
    background worker("worker", [&] {
        run_callback(socket(), [&] {
            require(life().begin_open());
            life().begin_connect(0);
            begun_again.set();
        });
        disconnected_.wait();
        EXPECT_FALSE(life().complete_connect());
        run_callback(socket(), [] {});
    });
    begun_again.wait();
    async_socket_destroy(socket());
    worker.finish();
    EXPECT_EQ(frees_, 1);
}

// SRS_ASYNC_CONNECT_01_006, SRS_ASYNC_SOCKET_GUARANTEE_01_005
TEST_F(destroy_connecting, is_legal_in_the_callback_of_the_connect)
{
    require(life().abandon_connect());
    run_callback(socket(), [&] {
        async_socket_destroy(socket());
        EXPECT_EQ(frees_, 0);
    });
    EXPECT_EQ(frees_, 1);
}

// SRS_ASYNC_CONNECT_01_006: two callbacks of two connects, each of which closes.
TEST_F(destroy_connecting, closes_in_two_callbacks_at_once_do_not_wait_for_one_another)
{
    require(life().abandon_connect());
    require(life().begin_open());
    life().begin_connect(0);
    require(life().abandon_connect());
    event both_are_inside[2];
    const auto callback = [&](int me) {
        run_callback(socket(), [&, me] {
            both_are_inside[me].set();
            both_are_inside[1 - me].wait();
            async_socket_close(socket());
        });
    };
    background first("first", [&] { callback(0); });
    background second("second", [&] { callback(1); });
    first.finish();
    second.finish();
    async_socket_destroy(socket());
    EXPECT_EQ(frees_, 1);
}

} // namespace

} // namespace async_socket::detail
