// SPDX-License-Identifier: MIT
//
// Random programs of calls on several threads and in callbacks, from a seed that every failure names. What is checked:
// each accepted operation calls back once and no refused one does, nothing runs after the close, nothing is leaked, and
// nothing is done that Windows would punish.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

#include "async_socket/async_socket.h"
#include "support/both_modes.h"
#include "support/fixture.h"
#include "support/gate.h"
#include "support/open_socket.h"

namespace {

using namespace unit;

constexpr int rounds = 40;

// Random numbers for several threads.
class dice {
public:
    explicit dice(std::uint64_t seed) : random_(seed) {}

    unsigned below(unsigned limit)
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        return static_cast<unsigned>(random_() % limit);
    }

private:
    std::mutex mutex_;
    std::mt19937_64 random_;
};

// One socket under fire, with the record of all its operations.
class target {
public:
    explicit target(std::uint64_t seed) : random(seed) {}

    struct record {
        target* owner;
        std::string memory;
        bool closes;
        std::atomic<bool> accepted{false};
        std::atomic<int> callbacks{0};
    };

    bool send()
    {
        record& one = add();
        const ASYNC_SOCKET_BUFFER buffers[] = {
            {one.memory.data(), 1}, {one.memory.data() + 1, static_cast<std::uint32_t>(one.memory.size() - 1)}};
        const bool accepted = async_socket_send_async(handle, buffers, 2, on_send, &one) == ASYNC_SOCKET_SEND_SYNC_OK;
        one.accepted = accepted;
        return accepted;
    }

    bool receive()
    {
        record& one = add();
        ASYNC_SOCKET_BUFFER buffer{one.memory.data(), static_cast<std::uint32_t>(one.memory.size())};
        const bool accepted = async_socket_receive_async(handle, &buffer, 1, on_receive, &one) == 0;
        one.accepted = accepted;
        return accepted;
    }

    void expect_exactly_once() const
    {
        for (const auto& one : records) {
            EXPECT_EQ(one->callbacks, one->accepted ? 1 : 0);
        }
    }

    // What a callback does besides: starts more, closes, disconnects.
    void act_in_callback()
    {
        running++;
        if (ended) {
            late++;
        }
        switch (random.below(40)) {
        case 0:
            if (closing_allowed) {
                async_socket_close(handle);
            }
            break;
        case 1:
            if (disconnecting_allowed) {
                socket_transport_disconnect(transport);
            }
            break;
        case 2:
        case 3:
        case 4:
            send();
            break;
        case 5:
        case 6:
        case 7:
            receive();
            break;
        default:
            break;
        }
        running--;
    }

    static void on_send(void* context, ASYNC_SOCKET_SEND_RESULT)
    {
        auto* const one = static_cast<record*>(context);
        one->callbacks++;
        one->owner->act_in_callback();
    }
    static void on_receive(void* context, ASYNC_SOCKET_RECEIVE_RESULT, std::uint32_t)
    {
        auto* const one = static_cast<record*>(context);
        one->callbacks++;
        one->owner->act_in_callback();
    }

    ASYNC_SOCKET_HANDLE handle = nullptr;
    SOCKET_TRANSPORT_HANDLE transport = nullptr;
    bool closing_allowed = false;
    bool disconnecting_allowed = false;
    dice random;
    std::atomic<int> running{0};
    std::atomic<bool> ended{false};
    std::atomic<int> late{0};

private:
    record& add()
    {
        const std::lock_guard<std::mutex> lock(mutex);
        auto one = std::make_unique<record>();
        one->owner = this;
        one->memory.assign(2 + random.below(40), 'x');
        records.push_back(std::move(one));
        return *records.back();
    }

    std::mutex mutex;
    std::deque<std::unique_ptr<record>> records;
};

class races_test : public both_modes_test {
protected:
    races_test() { fake_win32::record_calls(false); }

    // Sends and receives on several threads until the socket refuses, with a peer that reads and writes meanwhile.
    static void work_until_refused(target& under_fire)
    {
        for (int i = 0; i < 200; i++) {
            const bool taken = under_fire.random.below(2) == 0 ? under_fire.send() : under_fire.receive();
            if (!taken && under_fire.random.below(4) == 0) {
                return;
            }
        }
    }

    static void peer_works(const fake_win32::remote_peer& peer, target& under_fire)
    {
        for (int i = 0; i < 100 && !peer.saw_end() && !peer.saw_reset(); i++) {
            peer.send(std::string(1 + under_fire.random.below(30), 'y'));
            peer.receive(1 + under_fire.random.below(60));
        }
    }
};

// SRS_ASYNC_SOCKET_GUARANTEE_01_002, SRS_ASYNC_SOCKET_GUARANTEE_01_004, SRS_ASYNC_SOCKET_GUARANTEE_01_006,
// SRS_ASYNC_SOCKET_WIN32_01_020
TEST_P(races_test, close_on_a_thread_against_sends_and_receives)
{
    for (int round = 0; round < rounds; round++) {
        const std::uint64_t round_seed = seed() + static_cast<std::uint64_t>(round);
        SCOPED_TRACE("FAKE_WIN32_SEED=" + std::to_string(round_seed));
        target under_fire(round_seed);
        fake_win32::set_window(1 + under_fire.random.below(200));
        open_socket opened;
        under_fire.handle = opened.socket.get();
        under_fire.transport = opened.connected.transport.get();
        std::vector<std::thread> threads;
        for (int i = 0; i < 3; i++) {
            threads.emplace_back([&] { work_until_refused(under_fire); });
        }
        threads.emplace_back([&] { peer_works(opened.peer(), under_fire); });
        for (unsigned i = under_fire.random.below(60); i > 0; i--) {
            std::this_thread::yield();
        }
        async_socket_close(opened.socket.get());
        EXPECT_EQ(under_fire.running, 0);
        under_fire.ended = true;
        for (std::thread& thread : threads) {
            thread.join();
        }
        EXPECT_EQ(under_fire.late, 0);
        under_fire.expect_exactly_once();
    }
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_002, SRS_ASYNC_SOCKET_GUARANTEE_01_005, SRS_ASYNC_SOCKET_GUARANTEE_01_006
TEST_P(races_test, closes_and_disconnects_in_callbacks_against_everything)
{
    for (int round = 0; round < rounds; round++) {
        const std::uint64_t round_seed = seed() + static_cast<std::uint64_t>(round);
        SCOPED_TRACE("FAKE_WIN32_SEED=" + std::to_string(round_seed));
        const live_objects before = live();
        {
            target under_fire(round_seed);
            fake_win32::set_window(1 + under_fire.random.below(200));
            const EXECUTION_ENGINE_PARAMETERS few_threads{1, 1 + under_fire.random.below(3)};
            open_socket opened(under_fire.random.below(2) == 0 ? nullptr : &few_threads);
            under_fire.handle = opened.socket.get();
            under_fire.transport = opened.connected.transport.get();
            under_fire.closing_allowed = true;
            under_fire.disconnecting_allowed = under_fire.random.below(2) == 0;
            std::vector<std::thread> threads;
            for (int i = 0; i < 2; i++) {
                threads.emplace_back([&] { work_until_refused(under_fire); });
            }
            threads.emplace_back([&] {
                peer_works(opened.peer(), under_fire);
                if (under_fire.random.below(2) == 0) {
                    opened.peer().reset();
                }
            });
            for (std::thread& thread : threads) {
                thread.join();
            }
            opened.socket.reset();
            EXPECT_EQ(under_fire.running, 0);
            under_fire.expect_exactly_once();
        }
        EXPECT_TRUE(fake_win32::wait_for_live(before)) << live();
    }
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_001, SRS_ASYNC_SOCKET_GUARANTEE_01_002, SRS_ASYNC_SOCKET_GUARANTEE_01_006,
// SRS_SOCKET_TRANSPORT_01_026, SRS_SOCKET_TRANSPORT_01_027
TEST_P(races_test, the_transport_is_destroyed_against_everything)
{
    for (int round = 0; round < rounds; round++) {
        const std::uint64_t round_seed = seed() + static_cast<std::uint64_t>(round);
        SCOPED_TRACE("FAKE_WIN32_SEED=" + std::to_string(round_seed));
        target under_fire(round_seed);
        open_socket opened;
        under_fire.handle = opened.socket.get();
        std::vector<std::thread> threads;
        for (int i = 0; i < 2; i++) {
            threads.emplace_back([&] { work_until_refused(under_fire); });
        }
        threads.emplace_back([&] { peer_works(opened.peer(), under_fire); });
        for (unsigned i = under_fire.random.below(60); i > 0; i--) {
            std::this_thread::yield();
        }
        opened.connected.transport.reset();
        if (under_fire.random.below(2) == 0) {
            async_socket_close(opened.socket.get());
        }
        for (std::thread& thread : threads) {
            thread.join();
        }
        opened.socket.reset();
        under_fire.expect_exactly_once();
    }
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005, SRS_ASYNC_SOCKET_WIN32_01_093, SRS_ASYNC_SOCKET_WIN32_01_005
TEST_P(races_test, destroy_in_one_callback_against_close_in_others_and_on_a_thread)
{
    for (int round = 0; round < 2 * rounds; round++) {
        const std::uint64_t round_seed = seed() + static_cast<std::uint64_t>(round);
        SCOPED_TRACE("FAKE_WIN32_SEED=" + std::to_string(round_seed));
        const live_objects before = live();
        {
            dice random(round_seed);
            open_socket opened;
            const ASYNC_SOCKET_HANDLE handle = opened.socket.get();
            std::atomic<int> closers{0};
            gate begin;
            const unsigned delay = random.below(100);
            std::string room(4, '\0');
            std::string bytes = "abc";
            const auto close_when_begun = [&] {
                closers++;
                begin.wait();
                async_socket_close(handle);
                closers--;
            };
            outcome closing(close_when_begun);
            outcome destroying([&] {
                begin.wait();
                // Nobody may begin a call once destroy has been called. Of the two closers one waits for this callback
                // by now, and the other one has returned.
                EXPECT_TRUE(fake_win32::wait_for_calls(api::shutdown, 1));
                EXPECT_TRUE(eventually([&] { return closers == 1; }));
                for (unsigned i = 0; i < delay; i++) {
                    std::this_thread::yield();
                }
                opened.socket.reset();
            });
            fake_win32::forget_calls();
            ASSERT_EQ(start_receive(handle, room, destroying), 0);
            ASSERT_EQ(start_send(handle, bytes, closing), ASYNC_SOCKET_SEND_SYNC_OK);
            opened.peer().send("x");
            std::thread closer(close_when_begun);
            EXPECT_TRUE(eventually([&] { return closers == 2; }));
            begin.open();
            destroying.wait();
            closing.wait();
            closer.join();
        }
        EXPECT_TRUE(fake_win32::wait_for_live(before)) << live();
    }
}

IN_BOTH_MODES(races_test);

} // namespace
