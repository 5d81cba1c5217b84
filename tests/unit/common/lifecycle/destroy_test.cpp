// SPDX-License-Identifier: MIT
//
// Destroy in every situation that the contract allows: who waits for whom, and who frees.

#include <atomic>
#include <memory>

#include <gtest/gtest.h>

#include "support/background.h"
#include "support/bare_socket.h"
#include "support/event.h"
#include "support/states.h"

namespace async_socket::detail {

namespace {

class destroy : public testing::Test {
protected:
    destroy()
    {
        socket_->disconnect = [this] {
            ++disconnects_;
            disconnected_.set();
        };
        socket_->free = [this](ASYNC_SOCKET_HANDLE socket) {
            EXPECT_EQ(socket, socket_.get());
            ++frees_;
        };
    }

    ASYNC_SOCKET_HANDLE socket() { return socket_.get(); }
    lifecycle& life() { return socket_->life; }

    std::unique_ptr<ASYNC_SOCKET_TAG> socket_ = std::make_unique<ASYNC_SOCKET_TAG>();
    event disconnected_;
    std::atomic<int> disconnects_{0};
    std::atomic<int> frees_{0};
};

// SRS_ASYNC_SOCKET_WIN32_01_005
TEST_F(destroy, of_a_socket_never_opened_frees_and_disconnects_nothing)
{
    async_socket_destroy(socket());
    EXPECT_EQ(frees_, 1);
    EXPECT_EQ(disconnects_, 0);
}

// SRS_ASYNC_SOCKET_WIN32_01_006
TEST_F(destroy, of_an_open_socket_closes_first)
{
    bring_to_open_with(life(), 0);
    async_socket_destroy(socket());
    EXPECT_EQ(disconnects_, 1);
    EXPECT_EQ(life().current(), lifecycle::state::closed);
    EXPECT_EQ(frees_, 1);
}

// SRS_ASYNC_SOCKET_WIN32_01_005
TEST_F(destroy, of_a_closed_socket_frees)
{
    bring_to_open_with(life(), 0);
    async_socket_close(socket());
    EXPECT_EQ(frees_, 0);
    async_socket_destroy(socket());
    EXPECT_EQ(frees_, 1);
    EXPECT_EQ(disconnects_, 1);
}

// SRS_ASYNC_SOCKET_WIN32_01_093
TEST_F(destroy, waits_for_an_open_that_fails)
{
    bring_to(life(), lifecycle::state::opening);
    background destroyer("destroyer", [&] { async_socket_destroy(socket()); });
    EXPECT_EQ(frees_, 0);
    life().abandon_open();
    destroyer.finish();
    EXPECT_EQ(frees_, 1);
    EXPECT_EQ(disconnects_, 0);
}

// SRS_ASYNC_SOCKET_WIN32_01_093, SRS_ASYNC_SOCKET_WIN32_01_006
TEST_F(destroy, waits_for_an_open_that_succeeds_and_for_its_callback)
{
    bring_to(life(), lifecycle::state::opening);
    std::atomic<bool> callback_is_over = false;
    background destroyer("destroyer", [&] {
        async_socket_destroy(socket());
        EXPECT_TRUE(callback_is_over);
        EXPECT_EQ(frees_, 1);
    });
    life().complete_open(0);
    run_callback(socket(), [&] {
        disconnected_.wait();
        EXPECT_EQ(frees_, 0);
        callback_is_over = true;
    });
    destroyer.finish();
    EXPECT_EQ(disconnects_, 1);
    EXPECT_EQ(frees_, 1);
}

// SRS_ASYNC_SOCKET_WIN32_01_093
TEST_F(destroy, waits_for_a_close_of_another_thread)
{
    bring_to_open_with(life(), 1);
    background closer("closer", [&] { async_socket_close(socket()); });
    disconnected_.wait();
    background destroyer("destroyer", [&] {
        async_socket_destroy(socket());
        EXPECT_EQ(life().operations(), 0U);
        EXPECT_EQ(frees_, 1);
    });
    EXPECT_EQ(frees_, 0);
    run_callback(socket(), [] {});
    closer.finish();
    destroyer.finish();
    EXPECT_EQ(disconnects_, 1);
    EXPECT_EQ(frees_, 1);
}

// SRS_ASYNC_SOCKET_WIN32_01_093, SRS_ASYNC_SOCKET_GUARANTEE_01_004: the close has ended, the callback has not.
TEST_F(destroy, waits_for_a_callback_that_has_closed_the_socket)
{
    bring_to_open_with(life(), 1);
    event closed;
    std::atomic<bool> callback_is_over = false;
    event may_return;
    background worker("worker", [&] {
        run_callback(socket(), [&] {
            async_socket_close(socket());
            closed.set();
            may_return.wait();
            callback_is_over = true;
        });
    });
    closed.wait();
    background destroyer("destroyer", [&] {
        async_socket_destroy(socket());
        EXPECT_TRUE(callback_is_over);
    });
    EXPECT_EQ(frees_, 0);
    may_return.set();
    worker.finish();
    destroyer.finish();
    EXPECT_EQ(frees_, 1);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005
TEST_F(destroy, in_the_only_callback_leaves_the_freeing_to_it)
{
    bring_to_open_with(life(), 1);
    run_callback(socket(), [&] {
        async_socket_destroy(socket());
        EXPECT_EQ(disconnects_, 1);
        EXPECT_EQ(life().current(), lifecycle::state::closed);
        EXPECT_EQ(frees_, 0);
    });
    EXPECT_EQ(frees_, 1);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005
TEST_F(destroy, in_the_open_callback)
{
    bring_to(life(), lifecycle::state::open);
    run_callback(socket(), [&] {
        async_socket_destroy(socket());
        EXPECT_EQ(frees_, 0);
    });
    EXPECT_EQ(frees_, 1);
    EXPECT_EQ(disconnects_, 1);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005
TEST_F(destroy, after_close_in_the_same_callback)
{
    bring_to_open_with(life(), 1);
    run_callback(socket(), [&] {
        async_socket_close(socket());
        async_socket_destroy(socket());
        EXPECT_EQ(frees_, 0);
    });
    EXPECT_EQ(disconnects_, 1);
    EXPECT_EQ(frees_, 1);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005
TEST_F(destroy, in_a_callback_waits_for_the_other_callbacks)
{
    bring_to_open_with(life(), 2);
    std::atomic<bool> other_is_over = false;
    background other("the other callback", [&] {
        run_callback(socket(), [&] {
            disconnected_.wait();
            other_is_over = true;
        });
    });
    run_callback(socket(), [&] {
        async_socket_destroy(socket());
        EXPECT_TRUE(other_is_over);
        EXPECT_EQ(life().operations(), 1U);
        EXPECT_EQ(frees_, 0);
    });
    other.finish();
    EXPECT_EQ(frees_, 1);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005: the closer waits for the callback, so that the callback must not wait for the
// closer.
TEST_F(destroy, in_a_callback_while_another_thread_closes)
{
    bring_to_open_with(life(), 1);
    std::unique_ptr<background> closer;
    run_callback(socket(), [&] {
        closer = std::make_unique<background>("closer", [&] { async_socket_close(socket()); });
        disconnected_.wait();
        async_socket_destroy(socket());
        EXPECT_EQ(life().current(), lifecycle::state::closing);
        EXPECT_EQ(frees_, 0);
    });
    closer->finish();
    EXPECT_EQ(disconnects_, 1);
    EXPECT_EQ(frees_, 1);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005
TEST_F(destroy, in_a_callback_while_another_thread_closes_waits_for_the_other_callbacks)
{
    bring_to_open_with(life(), 2);
    std::unique_ptr<background> closer;
    std::atomic<bool> other_is_over = false;
    run_callback(socket(), [&] {
        closer = std::make_unique<background>("closer", [&] { async_socket_close(socket()); });
        disconnected_.wait();
        background other("the other callback", [&] { run_callback(socket(), [&] { other_is_over = true; }); });
        async_socket_destroy(socket());
        EXPECT_TRUE(other_is_over);
    });
    closer->finish();
    EXPECT_EQ(frees_, 1);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005
TEST_F(destroy, in_a_callback_while_another_callback_closes)
{
    bring_to_open_with(life(), 2);
    std::unique_ptr<background> closer;
    run_callback(socket(), [&] {
        closer = std::make_unique<background>("the callback that closes",
                                              [&] { run_callback(socket(), [&] { async_socket_close(socket()); }); });
        disconnected_.wait();
        async_socket_destroy(socket());
        EXPECT_EQ(frees_, 0);
    });
    closer->finish();
    EXPECT_EQ(disconnects_, 1);
    EXPECT_EQ(frees_, 1);
}

// SRS_ASYNC_SOCKET_WIN32_01_022, SRS_ASYNC_SOCKET_GUARANTEE_01_005
TEST_F(destroy, does_not_hinder_a_close_in_a_callback_that_another_thread_waits_for)
{
    bring_to_open_with(life(), 1);
    background closer("closer", [&] { async_socket_close(socket()); });
    disconnected_.wait();
    run_callback(socket(), [&] { async_socket_close(socket()); });
    closer.finish();
    EXPECT_EQ(disconnects_, 1);
    async_socket_destroy(socket());
    EXPECT_EQ(frees_, 1);
}

} // namespace

} // namespace async_socket::detail
