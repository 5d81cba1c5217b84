// SPDX-License-Identifier: MIT
//
// Which thread of an engine runs which coroutine.

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <system_error>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "support/cpp_fixture.h"
#include "support/event.h"
#include "support/owned_coroutine.h"
#include "support/raw_peer.h"

namespace cpp_layer {
namespace {

using async_socket::engine_thread;
using async_socket::resume_on;
using async_socket::sleep_for;

constexpr std::uint32_t thread_count = 4;
constexpr std::uint32_t any = EXECUTION_ENGINE_ANY_THREAD;

class placement_of_cpp : public ::testing::Test {
protected:
    template <typename Body>
    auto run(Body body, std::stop_token stop = {})
    {
        return engine.run(body(), std::move(stop));
    }
    placement_of_cpp()
    {
        is_tied = run([this]() -> task<bool> { co_return here() != any; });
    }
    [[nodiscard]] std::uint32_t here() const { return execution_engine_get_current_thread(engine.handle()); }
    // What a coroutine on that thread sees; any, where the platform does not tie sockets to threads.
    [[nodiscard]] std::uint32_t seen_on(std::uint32_t thread) const { return is_tied ? thread : any; }
    [[nodiscard]] engine_thread thread(std::uint32_t number) const { return engine_thread(engine, number); }

    async_socket::engine engine{contract::create_engine_under_test(thread_count, thread_count)};
    bool is_tied = false;
};

// SRS_CPP_01_110
TEST_F(placement_of_cpp, tells_how_many_threads_there_are)
{
    EXPECT_EQ(engine.thread_count(), thread_count);
}

// SRS_CPP_01_112
TEST_F(placement_of_cpp, goes_on_on_the_thread_that_is_asked_for)
{
    for (std::uint32_t from = 0; from != thread_count; ++from) {
        for (std::uint32_t to = 0; to != thread_count; ++to) {
            run([&]() -> task<> {
                EXPECT_FALSE(co_await resume_on(thread(from)));
                EXPECT_EQ(here(), seen_on(from));
                EXPECT_FALSE(co_await resume_on(thread(to)));
                EXPECT_EQ(here(), seen_on(to));
                EXPECT_FALSE(co_await resume_on(thread(any)));
                EXPECT_EQ(here(), seen_on(to)) << "any is as good";
            });
        }
    }
}

// SRS_CPP_01_112, SRS_CPP_01_111
TEST_F(placement_of_cpp, goes_on_on_the_thread_of_a_socket)
{
    for (std::uint32_t number = 0; number != thread_count; ++number) {
        contract::connection link = contract::make_connection();
        async_socket::socket peer = adopt(engine, std::move(link.local));
        EXPECT_EQ(peer.thread(), thread(async_socket_get_thread(peer.handle())));
        run([&]() -> task<> {
            EXPECT_FALSE(co_await resume_on(peer));
            EXPECT_EQ(here(), peer.thread().number());
        });
    }
    EXPECT_EQ(async_socket::socket(engine).thread(), thread(any)) << "not before it is opened";
}

// SRS_CPP_01_112
TEST_F(placement_of_cpp, does_not_go_on_where_there_is_no_such_thread)
{
    run([&]() -> task<> {
        EXPECT_EQ(co_await resume_on(thread(thread_count)), condition::no_resources);
        EXPECT_EQ(co_await resume_on(async_socket::socket()), condition::closed);
    });
    std::stop_source source;
    source.request_stop();
    run([&]() -> task<> {
        const std::uint32_t before = here();
        EXPECT_EQ(co_await resume_on(thread((before + 1) % thread_count), source.get_token()), condition::cancelled);
        EXPECT_EQ(here(), before);
    });
}

// SRS_CPP_01_112
TEST_F(placement_of_cpp, may_be_destroyed_on_its_way)
{
    if (!is_tied) {
        GTEST_SKIP() << "nothing keeps it from going on";
    }
    contract::event blocked;
    contract::event release;
    contract::event destroyed;
    std::optional<owned_coroutine> waiting;
    bool has_gone_on = false;
    async_socket::spawn(thread(1), [&]() -> task<> {
        blocked.set();
        EXPECT_TRUE(release.wait());
        waiting->destroy();
        destroyed.set();
        co_return;
    });
    ASSERT_TRUE(blocked.wait());
    const auto body = [&]() -> owned_coroutine {
        static_cast<void>(co_await resume_on(thread(1)));
        has_gone_on = true;
    };
    waiting.emplace(body());
    release.set();
    ASSERT_TRUE(destroyed.wait());
    EXPECT_FALSE(has_gone_on);
}

// SRS_CPP_01_113
TEST_F(placement_of_cpp, begins_a_task_on_the_thread_that_is_asked_for)
{
    for (std::uint32_t from = 0; from != thread_count; ++from) {
        for (std::uint32_t to = 0; to != thread_count; ++to) {
            std::atomic<std::uint32_t> spawned_on{any - 1};
            std::atomic<std::uint32_t> member_on{any - 1};
            contract::event begun;
            async_socket::scope members(engine);
            run([&]() -> task<> {
                EXPECT_FALSE(co_await resume_on(thread(from)));
                async_socket::spawn(thread(to), [&]() -> task<> {
                    spawned_on = here();
                    begun.set();
                    co_return;
                });
                members.spawn(thread(to), [&]() -> task<> {
                    member_on = here();
                    co_return;
                });
            });
            run([&]() -> task<> { co_await members.join(); });
            ASSERT_TRUE(begun.wait());
            EXPECT_EQ(spawned_on, seen_on(to));
            EXPECT_EQ(member_on, seen_on(to));
        }
    }
    EXPECT_THROW(async_socket::spawn(thread(thread_count), []() -> task<> { co_return; }), std::system_error);
    async_socket::scope members(engine);
    EXPECT_THROW(members.spawn(thread(thread_count), []() -> task<> { co_return; }), std::system_error);
}

// A server as it is written: all sessions begin where the listener is. SRS_CPP_01_114, SRS_CPP_01_074,
// SRS_EXECUTION_ENGINE_LINUX_01_040
TEST_F(placement_of_cpp, serves_what_one_listener_accepts_on_all_threads)
{
    constexpr std::size_t connections = 200;
    async_socket::listener server(engine, {"127.0.0.1", 0});
    std::mutex mutex;
    std::vector<std::size_t> sessions_on(thread_count, 0);
    std::atomic<std::size_t> strayed{0};
    const auto session = [&](async_socket::socket peer) -> task<> {
        contract::bytes memory(1);
        EXPECT_FALSE((co_await peer.receive_exactly(writable(memory))).error);
        const std::uint32_t mine = here();
        strayed += peer.thread().number() == mine ? 0 : 1;
        if (mine != any) {
            const std::lock_guard lock(mutex);
            ++sessions_on[mine];
        }
        EXPECT_FALSE((co_await peer.send_all(readable(memory))).error);
        strayed += here() == mine ? 0 : 1;
        EXPECT_TRUE((co_await peer.receive_exactly(writable(memory))).error);
    };
    async_socket::scope sessions(engine);
    const auto accept_all = [&]() -> task<> {
        for (std::size_t i = 0; i != connections; ++i) {
            async_socket::socket peer;
            if (i % 2 == 0) {
                auto accepted = co_await server.accept();
                peer = std::move(accepted.socket);
            } else {
                auto accepted = co_await server.accept_connection();
                peer = std::move(accepted.connection).open(engine);
            }
            EXPECT_TRUE(static_cast<bool>(peer));
            sessions.spawn(session(std::move(peer)));
        }
    };
    async_socket::spawn(engine, accept_all());
    std::vector<std::unique_ptr<contract::raw_peer>> peers;
    for (std::size_t i = 0; i != connections; ++i) {
        char byte = 'x';
        contract::raw_peer& peer =
            *peers.emplace_back(std::make_unique<contract::raw_peer>(server.local_endpoint().port));
        ASSERT_EQ(peer.send(&byte, 1), 1);
        ASSERT_EQ(peer.receive(&byte, 1), 1);
    }
    peers.clear();
    run([&]() -> task<> { co_await sessions.join(); });
    EXPECT_EQ(strayed, 0U);
    if (!is_tied) {
        GTEST_SKIP() << "any thread runs any coroutine";
    }
    for (const std::size_t each : sessions_on) {
        EXPECT_GE(each, connections / thread_count * 8 / 10);
        EXPECT_LE(each, connections / thread_count * 12 / 10);
    }
}

} // namespace
} // namespace cpp_layer
