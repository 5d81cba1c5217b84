// SPDX-License-Identifier: MIT
//
// 10,000 connections that are open on one engine at the same time, each of which echoes, and which then close in random
// order, half of them from this side and half from the other.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include "peer_process.h"
#include "protocol.h"
#include "support/connection.h"
#include "support/engine_under_test.h"
#include "support/event.h"
#include "support/owners.h"

namespace scale {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::size_t number_of_connections = 1000;
#else
constexpr std::size_t number_of_connections = 10000;
#endif

// What the process needs besides its connections.
constexpr rlim_t other_descriptors = 200;
// Each with all the ports of a client, so that those of the last run, which the system keeps back for a while, do not
// matter.
constexpr std::size_t number_of_addresses = 8;

bool raise_limit_of_descriptors()
{
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return false;
    }
    limit.rlim_cur = limit.rlim_max;
    return setrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_max >= number_of_connections + other_descriptors;
}

std::size_t open_descriptors()
{
    const std::filesystem::directory_iterator entries("/proc/self/fd");
    return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
}

std::size_t resident_bytes()
{
    std::ifstream statm("/proc/self/statm");
    std::size_t all = 0;
    std::size_t resident = 0;
    statm >> all >> resident;
    return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

// What the callbacks of all connections count.
struct totals {
    contract::counter ended_by_peer;
    contract::counter ended;
    std::atomic<std::size_t> failures{0};
    std::atomic<std::size_t> messages{0};
};

// Echoes until the stream ends. Its members are of the callbacks, which are serial, and of the test before and after.
struct session {
    totals* all = nullptr;
    contract::transport_owner transport;
    contract::socket_owner socket;
    unsigned char closing_side = 0xff;
    int ends = 0;
    unsigned char memory[longest_message]{};

    void receive()
    {
        ASYNC_SOCKET_BUFFER buffer{memory, sizeof memory};
        if (async_socket_receive_async(socket.get(), &buffer, 1, on_received, this) != 0) {
            ++all->failures;
        }
    }

    static void on_received(void* context, ASYNC_SOCKET_RECEIVE_RESULT result, std::uint32_t received)
    {
        session& self = *static_cast<session*>(context);
        if (result != ASYNC_SOCKET_RECEIVE_OK) {
            self.end(result);
            return;
        }
        if (self.closing_side == 0xff) {
            self.closing_side = self.memory[0];
        }
        ++self.all->messages;
        const ASYNC_SOCKET_BUFFER buffer{self.memory, received};
        if (async_socket_send_async(self.socket.get(), &buffer, 1, on_sent, &self) != ASYNC_SOCKET_SEND_SYNC_OK) {
            ++self.all->failures;
        }
    }

    static void on_sent(void* context, ASYNC_SOCKET_SEND_RESULT result)
    {
        session& self = *static_cast<session*>(context);
        if (result != ASYNC_SOCKET_SEND_OK) {
            ++self.all->failures;
        }
        self.receive();
    }

    void end(ASYNC_SOCKET_RECEIVE_RESULT result)
    {
        if (result != ASYNC_SOCKET_RECEIVE_ABANDONED) {
            ++all->failures;
        }
        ++ends;
        if (closing_side == peer_closes) {
            // The callback is the last user of the socket.
            socket.reset();
            all->ended_by_peer.add();
        }
        all->ended.add();
    }
};

void ignore_open(void*, ASYNC_SOCKET_OPEN_RESULT) {}

class connections : public ::testing::Test {
protected:
    void SetUp() override
    {
        if (!raise_limit_of_descriptors()) {
            GTEST_SKIP() << "the limit on descriptors is below " << number_of_connections + other_descriptors;
        }
        for (std::size_t i = 0; i != number_of_addresses; ++i) {
            addresses_.push_back("127.0.0." + std::to_string(i + 1));
            listeners_.push_back(std::make_unique<contract::listener>(addresses_.back().c_str()));
        }
        std::printf("seed %u\n", seed_);
    }

    std::vector<std::string> arguments_of_peers() const
    {
        const char* const program = std::getenv("ASYNC_SOCKET_SCALE_PEERS");
        std::vector<std::string> result{program == nullptr ? "" : program, std::to_string(seed_),
                                        std::to_string(number_of_connections)};
        for (std::size_t i = 0; i != number_of_addresses; ++i) {
            result.push_back(addresses_[i]);
            result.push_back(std::to_string(listeners_[i]->port()));
        }
        return result;
    }

    // The peers connect to the listeners in turn.
    void accept_all(EXECUTION_ENGINE_HANDLE engine)
    {
        for (std::size_t i = 0; i != sessions_.size(); ++i) {
            session& accepted = sessions_[i];
            accepted.all = &totals_;
            accepted.transport = listeners_[i % number_of_addresses]->accept();
            accepted.socket.reset(async_socket_create(engine));
            ASSERT_TRUE(accepted.socket);
            ASSERT_EQ(async_socket_open_async(accepted.socket.get(), accepted.transport.get(), ignore_open, nullptr),
                      0);
            accepted.receive();
        }
    }

    void close_own_half()
    {
        std::vector<session*> own;
        for (session& each : sessions_) {
            if (each.closing_side == test_closes) {
                own.push_back(&each);
            }
        }
        EXPECT_EQ(own.size(), number_of_connections / 2);
        std::shuffle(own.begin(), own.end(), std::minstd_rand(seed_));
        for (session* const each : own) {
            async_socket_close(each->socket.get());
            EXPECT_EQ(each->ends, 1) << "its callback has not been called when the close returns";
            each->socket.reset();
        }
    }

    const std::uint32_t seed_ = std::random_device{}();
    std::vector<std::string> addresses_;
    std::vector<std::unique_ptr<contract::listener>> listeners_;
    totals totals_;
    std::vector<session> sessions_{number_of_connections};
};

// SRS_ASYNC_SOCKET_GUARANTEE_01_002, SRS_ASYNC_SOCKET_GUARANTEE_01_004
TEST_F(connections, echo_all_at_once_and_close_in_random_order)
{
    const auto started = std::chrono::steady_clock::now();
    contract::engine_owner engine(contract::create_engine_under_test(0, 0));
    ASSERT_TRUE(engine);
    const std::size_t descriptors_before = open_descriptors();
    {
        peer_process peers(arguments_of_peers());
        const std::size_t resident_before = resident_bytes();
        ASSERT_NO_FATAL_FAILURE(accept_all(engine.get()));
        ASSERT_TRUE(peers.says(all_are_connected));
        std::printf("%zu connections open on %s, %zu bytes of memory each\n", number_of_connections,
                    std::getenv("ASYNC_SOCKET_TEST_BACKEND"),
                    (resident_bytes() - resident_before) / number_of_connections);
        EXPECT_GE(open_descriptors(), descriptors_before + number_of_connections);

        peers.tell(echo);
        ASSERT_TRUE(peers.says(all_is_echoed));
        EXPECT_GE(totals_.messages.load(), number_of_connections * rounds);
        EXPECT_EQ(totals_.failures.load(), 0u);

        peers.tell(close);
        close_own_half();
        ASSERT_TRUE(totals_.ended_by_peer.wait_for(number_of_connections / 2));
        ASSERT_TRUE(totals_.ended.wait_for(number_of_connections));
        EXPECT_TRUE(peers.says(all_is_closed));
        EXPECT_EQ(peers.wait(), 0);
    }
    // Ends the threads, and with them the last callbacks.
    engine.reset();
    for (session& each : sessions_) {
        EXPECT_EQ(each.ends, 1);
        each.transport.reset();
    }
    EXPECT_EQ(totals_.ended.value(), number_of_connections);
    EXPECT_EQ(totals_.failures.load(), 0u);
    // Without those of the engine.
    EXPECT_LT(open_descriptors(), descriptors_before);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
    std::printf("%.1f seconds\n", took.count());
}

} // namespace
} // namespace scale
