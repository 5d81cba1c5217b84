// SPDX-License-Identifier: MIT
//
// Nobody starves: what one socket has to do, however much, waits for the others, once its turn is over. Counted in
// callbacks, not in time.

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include <gtest/gtest.h>

#include "linux_support/fixture.h"

namespace linux_tests {
namespace {

constexpr std::size_t hot_count = 20;
// More than a worker calls of one socket in two turns.
constexpr std::size_t callbacks_in_two_turns = 40;

// A socket with much to receive, which it does in small pieces.
class hot_socket {
public:
    hot_socket(EXECUTION_ENGINE_HANDLE engine, std::function<void()> in_callback)
        : in_callback_(std::move(in_callback)), link_(contract::make_connection()),
          socket_(contract::open_socket(engine, link_.local.get())), handle_(socket_.get())
    {
        if (!contract::send_all(link_.peer.get(), contract::pattern(most_receives * sizeof memory_))) {
            throw std::runtime_error("nothing to receive");
        }
    }
    hot_socket(const hot_socket&) = delete;
    hot_socket& operator=(const hot_socket&) = delete;

    void receive()
    {
        ASYNC_SOCKET_BUFFER buffer{memory_, sizeof memory_};
        if (left_ != 0 && async_socket_receive_async(handle_, &buffer, 1, on_receive, this) == 0) {
            --left_;
        }
    }

private:
    static void on_receive(void* context, ASYNC_SOCKET_RECEIVE_RESULT result, std::uint32_t)
    {
        auto& self = *static_cast<hot_socket*>(context);
        self.in_callback_();
        if (result == ASYNC_SOCKET_RECEIVE_OK) {
            self.receive();
        }
    }

    static constexpr std::size_t most_receives = 1024;

    std::function<void()> in_callback_;
    unsigned char memory_[8]{};
    std::size_t left_ = most_receives;
    contract::connection link_;
    contract::socket_owner socket_;
    // The owner forgets it while the last callbacks still run.
    const ASYNC_SOCKET_HANDLE handle_;
};

class turns : public with_one_worker {
protected:
    // On the worker's thread.
    std::size_t calls_ = 0;
    std::function<void()> in_callback_;

    void start_hot_sockets()
    {
        for (std::size_t i = 0; i != hot_count; ++i) {
            hot_.emplace_back(engine.get(), [this] {
                ++calls_;
                if (in_callback_) {
                    in_callback_();
                }
            });
            hot_.back().receive();
        }
    }
    // After this no callback of theirs runs.
    void end_hot_sockets() { hot_.clear(); }

private:
    std::deque<hot_socket> hot_;
};

// SRS_ASYNC_SOCKET_LINUX_01_034
TEST_F(turns, let_a_quiet_socket_be_heard_among_many_that_always_have_something)
{
    std::size_t before = 0;
    contract::receive_operation& heard = new_receive(1);
    heard.in_callback = [&] { before = calls_; };
    ASSERT_EQ(heard.start(socket.get()), 0);
    await_worker();
    held_worker held(socket.get());
    ASSERT_TRUE(held.is_held());
    start_hot_sockets();
    ASSERT_TRUE(contract::send_all(link.peer.get(), contract::pattern(1)));
    held.release();
    ASSERT_TRUE(heard.wait());
    EXPECT_LE(before, hot_count * callbacks_in_two_turns);
}

// SRS_ASYNC_SOCKET_LINUX_01_034
TEST_F(turns, let_a_delay_end_among_sockets_that_always_have_something)
{
    contract::delay_operation& delay = make<contract::delay_operation>();
    std::chrono::steady_clock::time_point due{};
    std::size_t late = 0;
    bool is_over = false;
    in_callback_ = [&] {
        if (due == std::chrono::steady_clock::time_point{}) {
            due = std::chrono::steady_clock::now() + std::chrono::milliseconds(2);
            EXPECT_EQ(delay.start(engine.get(), 1), 0);
        }
        late += !is_over && std::chrono::steady_clock::now() > due ? 1 : 0;
    };
    delay.in_callback = [&] { is_over = true; };
    {
        held_worker held(socket.get());
        ASSERT_TRUE(held.is_held());
        start_hot_sockets();
    }
    const bool has_ended = delay.wait();
    end_hot_sockets();
    ASSERT_TRUE(has_ended);
    EXPECT_LE(late, hot_count * callbacks_in_two_turns);
}

// A callback that has a thousand more receives is over before they are.
// SRS_ASYNC_SOCKET_LINUX_01_034
TEST_F(turns, hold_no_more_than_so_many_attempts)
{
    constexpr std::size_t count = 1000;
    std::vector<contract::receive_operation*> all;
    std::size_t ended = 0;
    for (std::size_t i = 0; i != count; ++i) {
        all.push_back(&new_receive(1));
        all.back()->in_callback = [&ended] { ++ended; };
    }
    ASSERT_TRUE(contract::send_all(link.peer.get(), contract::pattern(count)));
    std::size_t before = 0;
    contract::receive_operation& heard = new_receive(1);
    heard.in_callback = [&] { before = ended; };
    const contract::connection other = contract::make_connection();
    const contract::socket_owner quiet = contract::open_socket(engine.get(), other.local.get());
    ASSERT_EQ(heard.start(quiet.get()), 0);
    await_worker();
    on_worker_of(socket.get(), [&] {
        for (contract::receive_operation* const each : all) {
            EXPECT_EQ(each->start(socket.get()), 0);
        }
        const linux_faults::exempt ours;
        EXPECT_TRUE(contract::send_all(other.peer.get(), contract::pattern(1)));
    });
    ASSERT_TRUE(heard.wait());
    EXPECT_LE(before, 2 * callbacks_in_two_turns);
    for (contract::receive_operation* const each : all) {
        ASSERT_TRUE(each->wait());
        EXPECT_EQ(each->received(), 1u);
    }
}

} // namespace
} // namespace linux_tests
