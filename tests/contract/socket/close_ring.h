// SPDX-License-Identifier: MIT
//
// Sockets whose callbacks close one another's.

#ifndef ASYNC_SOCKET_TESTS_CONTRACT_SOCKET_CLOSE_RING_H
#define ASYNC_SOCKET_TESTS_CONTRACT_SOCKET_CLOSE_RING_H

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "support/fixture.h"
#include "support/log_capture.h"

namespace contract {

// Sockets that belong to one thread of the engine each, as far as it has threads of its own for sockets.
class close_ring : public with_engine {
protected:
    explicit close_ring(std::uint32_t threads = 3) : with_engine(threads, threads) {}

    struct member {
        connection transports;
        socket_owner socket;
        receive_operation receiving{1};
        std::atomic<bool> has_returned{false};
    };

    void make_members(std::size_t number)
    {
        for (std::size_t i = 0; i != number; ++i) {
            members.push_back(std::make_unique<member>());
            members.back()->transports = make_connection();
            members.back()->socket = open_socket(engine.get(), members.back()->transports.local.get());
        }
    }

    // What the callback of the member's receive does, and that it does it.
    void set_callback(std::size_t index, std::function<void()> run)
    {
        member& own = *members[index];
        own.receiving.in_callback = [&own, run = std::move(run)] {
            run();
            own.has_returned = true;
        };
        ASSERT_EQ(own.receiving.start(own.socket.get()), 0);
    }
    void call_back(std::size_t index) { EXPECT_TRUE(send_all(members[index]->transports.peer.get(), pattern(1))); }

    // Callbacks that run at the same time, each of which ends the next one's socket.
    void run_ring(const std::function<void(std::size_t)>& end)
    {
        const std::size_t number = members.size();
        counter entered;
        for (std::size_t i = 0; i != number; ++i) {
            set_callback(i, [&, i] {
                entered.add();
                EXPECT_TRUE(entered.wait_for(number));
                end((i + 1) % number);
            });
        }
        for (std::size_t i = 0; i != number; ++i) {
            call_back(i);
        }
        for (const auto& each : members) {
            ASSERT_TRUE(each->receiving.wait());
            EXPECT_EQ(each->receiving.calls(), 1u);
        }
    }

    std::vector<std::unique_ptr<member>> members;
    log_capture log;
};

} // namespace contract

#endif
