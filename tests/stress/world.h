// SPDX-License-Identifier: MIT
//
// All that the threads and callbacks of one program share.

#ifndef ASYNC_SOCKET_TESTS_STRESS_WORLD_H
#define ASYNC_SOCKET_TESTS_STRESS_WORLD_H

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "connection.h"
#include "live_count.h"
#include "program.h"
#include "report.h"
#include "support/connection.h"
#include "support/owners.h"

namespace stress {

class world {
public:
    world(const program& run, EXECUTION_ENGINE_HANDLE engine, report& findings);

    // Carries out one step on a thread of the program.
    void carry_out(const step& one);
    // What a callback of `on` does next: nothing, most of the time.
    void act_in_callback(connection& on, random& choice, bool abandoned);

    // False when the program has started enough.
    [[nodiscard]] bool may_start_another() { return budget_.fetch_sub(1) > 0; }
    [[nodiscard]] const program& running() const { return program_; }
    [[nodiscard]] report& findings() { return report_; }
    [[nodiscard]] live_counts& counts() { return counts_; }
    [[nodiscard]] const contract::listener& listener() const { return listener_; }
    [[nodiscard]] const contract::listener& async_server() const { return async_server_; }
    // Accepts at async_server.
    [[nodiscard]] ASYNC_LISTENER_HANDLE async_listener() const { return async_listener_.get(); }
    // One connection is made at a time: the one that is accepted is the one that was connected.
    [[nodiscard]] std::mutex& connect_mutex() { return connect_mutex_; }

    [[nodiscard]] std::vector<connection*> connections() const;

private:
    void create(std::uint64_t seed);
    // One of those at `from` and later; nullptr when there is none.
    connection* pick(random& choice, std::size_t from) const;

    const program& program_;
    EXECUTION_ENGINE_HANDLE const engine_;
    report& report_;
    live_counts counts_;
    contract::listener listener_;
    contract::listener async_server_;
    contract::listener_owner async_listener_;
    std::mutex connect_mutex_;
    std::mutex create_mutex_; // taken before all others
    std::atomic<int> budget_{5000};

    mutable std::mutex mutex_;
    std::vector<std::unique_ptr<connection>> connections_; // under mutex_; only added to
};

} // namespace stress

#endif
