// SPDX-License-Identifier: MIT

#include "world.h"

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <sstream>
#include <utility>

#include "call_scope.h"
#include "fake_win32/faults.h"

namespace fake_win32 {

world& the_world()
{
    static world all;
    return all;
}

HANDLE world::new_handle()
{
    // Never given out again: a handle that is used after its close is always known for what it is.
    next_handle += 4;
    return reinterpret_cast<HANDLE>(next_handle);
}

bool world::coin()
{
    return (random() & 1u) != 0;
}

void world::report(misuse kind, std::string text)
{
    std::fprintf(stderr, "fake_win32: misuse: %s\n", text.c_str());
    misuses.push_back({kind, std::move(text)});
    changed.notify_all();
}

void world::signal(HANDLE event)
{
    const auto found = events.find(event);
    if (found != events.end()) {
        found->second.signaled = true;
        changed.notify_all();
    }
}

std::ostream& operator<<(std::ostream& out, const misuse_report& report)
{
    return out << report.text;
}

std::ostream& operator<<(std::ostream& out, const live_objects& objects)
{
    return out << "events " << objects.events << ", sockets " << objects.sockets << ", pools " << objects.pools
               << ", ios " << objects.ios << ", timers " << objects.timers << ", environments " << objects.environments
               << ", winsock starts " << objects.winsock_starts << ", address lists " << objects.address_lists
               << ", allocations " << objects.allocations;
}

namespace {

live_objects count_live(const world& all)
{
    live_objects objects;
    objects.events = all.events.size();
    objects.sockets = all.sockets.size();
    for (const auto& pool : all.pools) {
        objects.pools += pool->closed ? 0 : 1;
    }
    for (const auto& io : all.ios) {
        objects.ios += io->closed ? 0 : 1;
    }
    for (const auto& timer : all.timers) {
        objects.timers += timer->closed ? 0 : 1;
    }
    objects.environments = all.environments.size();
    objects.winsock_starts = all.winsock_starts;
    objects.address_lists = all.address_lists.size();
    objects.allocations = live_allocations();
    return objects;
}

} // namespace

live_objects live()
{
    world& all = the_world();
    const std::lock_guard<std::mutex> lock(all.mutex);
    return count_live(all);
}

bool wait_for_live(const live_objects& expected)
{
    world& all = the_world();
    std::unique_lock<std::mutex> lock(all.mutex);
    const auto deadline = std::chrono::steady_clock::now() + generous_limit;
    // Memory is freed without a call that could wake this, hence the short turns.
    while (!(count_live(all) == expected)) {
        if (std::chrono::steady_clock::now() > deadline) {
            return false;
        }
        all.changed.wait_for(lock, std::chrono::milliseconds(1));
    }
    return true;
}

std::vector<misuse_report> take_misuses()
{
    world& all = the_world();
    const std::lock_guard<std::mutex> lock(all.mutex);
    return std::exchange(all.misuses, {});
}

void begin(std::uint64_t seed)
{
    clear_faults();
    world& all = the_world();
    const std::lock_guard<std::mutex> lock(all.mutex);
    all.random.seed(seed);
    all.next_handle += 0x100;
    all.calls.clear();
    std::fill(std::begin(all.call_counts), std::end(all.call_counts), 0);
    all.recording = true;
    all.misuses.clear();
    all.mode = at_once::seeded;
    all.holding = hold::nothing;
    all.timers_held = false;
    all.cancel_error = ERROR_OPERATION_ABORTED;
    all.cancels_to_miss = 0;
    all.window = 65536;
    all.hosts = {{"localhost", {"::1", "127.0.0.1"}}};
    all.silent_addresses.clear();
    all.has_ipv6 = true;
}

std::vector<misuse_report> end()
{
    clear_faults();
    release_calls();
    deliver_completions();
    release_timers();
    join_pool_threads();
    world& all = the_world();
    const std::lock_guard<std::mutex> lock(all.mutex);
    const live_objects left = count_live(all);
    if (!(left == live_objects{})) {
        std::ostringstream text;
        text << "left at the end: " << left;
        all.report(misuse::leak, text.str());
    }
    if (!all.operations.empty()) {
        all.report(misuse::leak, "operations are outstanding at the end");
    }
    for (const auto& [handle, socket] : all.sockets) {
        socket->peer = nullptr;
        socket->backlog.clear();
    }
    all.events.clear();
    all.sockets.clear();
    all.operations.clear();
    all.held_callbacks.clear();
    all.ios.clear();
    all.timers.clear();
    all.pools.clear();
    all.environments.clear();
    all.address_lists.clear();
    all.winsock_starts = 0;
    return std::exchange(all.misuses, {});
}

} // namespace fake_win32
