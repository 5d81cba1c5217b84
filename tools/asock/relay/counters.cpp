// SPDX-License-Identifier: MIT

#include "relay/counters.hpp"

#include "terminal/format.hpp"

namespace asock {

namespace {

std::string counted(std::uint64_t count, const char* what)
{
    return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

} // namespace

std::string relay_line(const relay_figures& before, const relay_figures& now, double seconds)
{
    return std::to_string(now.open) + " of " + counted(now.connections, "connection") + " open, " +
           format_rate(now.bytes_to_target - before.bytes_to_target, seconds) + " to the target, " +
           format_rate(now.bytes_to_client - before.bytes_to_client, seconds) + " back, " +
           counted(now.errors, "error");
}

std::string relay_summary(const relay_figures& figures)
{
    std::string text = "relayed " + counted(figures.connections, "connection") + ", " +
                       format_bytes(figures.bytes_to_target) + " to the target, " +
                       format_bytes(figures.bytes_to_client) + " back, " + counted(figures.errors, "error");
    if (figures.idle > 0) {
        text += ", " + std::to_string(figures.idle) + " closed when idle";
    }
    if (figures.interrupted > 0) {
        text += ", " + std::to_string(figures.interrupted) + " cut off at the end";
    }
    return text;
}

void relay_counters::opened()
{
    opened_.fetch_add(1, std::memory_order_relaxed);
}

void relay_counters::ended(relay_ending how)
{
    switch (how) {
    case relay_ending::in_order:
        break;
    case relay_ending::error:
        errors_.fetch_add(1, std::memory_order_relaxed);
        break;
    case relay_ending::idle:
        idle_.fetch_add(1, std::memory_order_relaxed);
        break;
    case relay_ending::interrupted:
        interrupted_.fetch_add(1, std::memory_order_relaxed);
        break;
    }
    closed_.fetch_add(1, std::memory_order_release);
}

relay_figures relay_counters::figures() const
{
    relay_figures result;
    // Those that have ended first, and in order with `ended`: so what has ended is never more than what there was.
    const std::uint64_t closed = closed_.load(std::memory_order_acquire);
    result.connections = opened_.load(std::memory_order_relaxed);
    result.open = result.connections - closed;
    result.bytes_to_target = to_target_.bytes.load(std::memory_order_relaxed);
    result.bytes_to_client = to_client_.bytes.load(std::memory_order_relaxed);
    result.errors = errors_.load(std::memory_order_relaxed);
    result.idle = idle_.load(std::memory_order_relaxed);
    result.interrupted = interrupted_.load(std::memory_order_relaxed);
    return result;
}

} // namespace asock
