// SPDX-License-Identifier: MIT
//
// Listeners on one port, one for each thread, where the system has that; elsewhere one.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "async_socket/listen_options.h"
#include "async_socket/placement.h"

#include "support/fixture.h"
#include "support/raw_peer.h"

namespace contract {
namespace {

constexpr std::uint32_t listener_count = 4;

// Accepts one after the other, and hangs up, until it is closed.
class acceptor {
public:
    acceptor(EXECUTION_ENGINE_HANDLE engine, std::uint32_t thread)
        : transport(socket_transport_create_server()), handle(async_listener_create_on(engine, thread))
    {
    }

    // False when the system refuses it.
    bool listen(std::uint16_t port, bool shares)
    {
        const SOCKET_LISTEN_OPTIONS options{shares, false, 0};
        return socket_transport_listen_with_options(transport.get(), "127.0.0.1", port, &options, nullptr) == 0;
    }
    [[nodiscard]] std::uint16_t port() const
    {
        char host[SOCKET_TRANSPORT_ADDRESS_SIZE];
        std::uint16_t result = 0;
        EXPECT_EQ(socket_transport_get_local_endpoint(transport.get(), host, sizeof host, &result), 0);
        return result;
    }
    void begin()
    {
        ASSERT_EQ(async_listener_open(handle.get(), transport.get()), 0);
        accept();
    }
    void close()
    {
        async_listener_close(handle.get());
        is_closed = true;
    }
    // Each accept that was started has called back once, and what was handed out was a connection.
    void expect_ended() const
    {
        EXPECT_TRUE(is_closed);
        EXPECT_EQ(ended, started);
        EXPECT_EQ(late, 0u);
        EXPECT_EQ(wrong, 0u);
    }

    std::function<void()> in_callback; // set before begin
    counter accepted;

private:
    void accept()
    {
        // Counted first, since it may call back at once.
        ++started;
        if (async_listener_accept_async(handle.get(), ASYNC_NO_TIMEOUT, nullptr, &on_accepted, this) != 0) {
            --started;
        }
    }
    static void on_accepted(void* context, const ASYNC_COMPLETION* completion, SOCKET_TRANSPORT_HANDLE connection)
    {
        auto& self = *static_cast<acceptor*>(context);
        ++self.ended;
        self.late += self.is_closed ? 1 : 0;
        const bool is_ok = completion->status == ASYNC_STATUS_OK;
        if ((!is_ok && completion->status != ASYNC_STATUS_CLOSED) || is_ok != (connection != nullptr)) {
            ++self.wrong;
        }
        socket_transport_destroy(connection);
        if (!is_ok) {
            return;
        }
        self.accepted.add();
        if (self.in_callback) {
            self.in_callback();
        }
        if (!self.is_closed) {
            self.accept();
        }
    }

    std::atomic<std::size_t> started{0};
    std::atomic<std::size_t> ended{0};
    std::atomic<std::size_t> late{0};
    std::atomic<std::size_t> wrong{0};
    std::atomic<bool> is_closed{false};
    transport_owner transport;
    listener_owner handle; // destroyed first
};

class listeners_on_one_port : public with_engine {
protected:
    listeners_on_one_port() : with_engine(listener_count, listener_count) {}

    std::vector<std::unique_ptr<acceptor>> listen() const
    {
        std::vector<std::unique_ptr<acceptor>> result;
        result.push_back(std::make_unique<acceptor>(engine.get(), 0));
        if (!result.front()->listen(0, true)) {
            EXPECT_TRUE(result.front()->listen(0, false));
            return result;
        }
        for (std::uint32_t thread = 1; thread != listener_count; ++thread) {
            result.push_back(std::make_unique<acceptor>(engine.get(), thread));
            EXPECT_TRUE(result.back()->listen(result.front()->port(), true));
        }
        return result;
    }
};

// Connects as fast as it can, on a thread of its own, until nobody listens any more.
class crowd {
public:
    explicit crowd(std::uint16_t port) : thread_([this, port] { connect(port); }) {}
    // Everybody who was let in is told of the end: they were accepted, or refused when the listener went.
    std::size_t leave()
    {
        thread_.join();
        for (const std::unique_ptr<raw_peer>& each : peers_) {
            // The system may have taken it for connected while there was no room in the backlog: it is told at its
            // first byte.
            char received = 0;
            static_cast<void>(each->send(&received, 1));
            EXPECT_LE(each->receive(&received, 1), 0);
        }
        return peers_.size();
    }

private:
    void connect(std::uint16_t port)
    {
        try {
            // Far more than it takes. Those who have been hung up on make room.
            for (std::size_t i = 0; i != 100'000; ++i) {
                if (peers_.size() < most) {
                    peers_.push_back(nullptr);
                }
                peers_[i % most] = std::make_unique<raw_peer>(port);
            }
        } catch (const std::runtime_error&) {
            if (!peers_.empty() && peers_.back() == nullptr) {
                peers_.pop_back();
            }
        }
    }

    static constexpr std::size_t most = 200;
    std::vector<std::unique_ptr<raw_peer>> peers_; // the thread's until it has ended
    std::thread thread_;
};

// SRS_ASYNC_LISTENER_01_007, SRS_ASYNC_LISTENER_01_009, SRS_LISTEN_OPTIONS_01_002
TEST_F(listeners_on_one_port, close_while_every_thread_accepts)
{
    for (int round = 0; round != 10; ++round) {
        const std::vector<std::unique_ptr<acceptor>> acceptors = listen();
        std::atomic<bool> may_close{false};
        std::atomic<bool> has_begun{false};
        event has_closed;
        const auto close_all = [&] {
            for (const std::unique_ptr<acceptor>& each : acceptors) {
                each->close();
            }
            has_closed.set();
        };
        // In every other round one of the callbacks closes them all, its own among them.
        const bool closes_in_callback = round % 2 == 1;
        if (closes_in_callback) {
            acceptors.front()->in_callback = [&] {
                if (may_close && !has_begun.exchange(true)) {
                    close_all();
                }
            };
        }
        for (const std::unique_ptr<acceptor>& each : acceptors) {
            each->begin();
        }
        const std::uint16_t port = acceptors.front()->port();
        crowd first(port);
        crowd second(port);
        for (const std::unique_ptr<acceptor>& each : acceptors) {
            EXPECT_TRUE(each->accepted.wait_for(5));
        }
        may_close = true;
        if (!closes_in_callback) {
            close_all();
        }
        EXPECT_TRUE(has_closed.wait());
        EXPECT_GT(first.leave() + second.leave(), 0u);
        for (const std::unique_ptr<acceptor>& each : acceptors) {
            each->expect_ended();
        }
    }
}

// What comes when one has been closed goes to those that are left. SRS_ASYNC_LISTENER_01_007, SRS_LISTEN_OPTIONS_01_002
TEST_F(listeners_on_one_port, leave_what_comes_to_those_that_are_left)
{
    const std::vector<std::unique_ptr<acceptor>> acceptors = listen();
    for (const std::unique_ptr<acceptor>& each : acceptors) {
        each->begin();
    }
    const std::uint16_t port = acceptors.front()->port();
    constexpr std::size_t connections = 40;
    for (std::size_t left = acceptors.size(); left != 0; --left) {
        for (std::size_t i = 0; i != connections; ++i) {
            raw_peer peer(port);
            char received = 0;
            EXPECT_EQ(peer.receive(&received, 1), 0) << "not hung up on, but reset";
        }
        acceptors[left - 1]->close();
        acceptors[left - 1]->expect_ended();
    }
    std::size_t total = 0;
    for (const std::unique_ptr<acceptor>& each : acceptors) {
        total += each->accepted.value();
    }
    EXPECT_EQ(total, acceptors.size() * connections);
    EXPECT_THROW(raw_peer late(port), std::runtime_error);
}

} // namespace
} // namespace contract
