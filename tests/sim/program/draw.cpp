// SPDX-License-Identifier: MIT
//
// Draws programs. What goes wrong seldom is drawn often: limits of 0, several operations at a time, ends of all kinds.

#include "program/action.h"
#include "world/random.h"

#include "async_socket/async_operation.h"

namespace sim {

namespace {

struct weight {
    verb what;
    std::uint32_t times;
};

// Of what a run consists; each run has a taste of its own.
constexpr weight weights[] = {
    {verb::send, 8},
    {verb::send_ex, 10},
    {verb::receive, 8},
    {verb::receive_ex, 12},
    {verb::receive_on, 3},
    {verb::shutdown_send, 2},
    {verb::delay, 3},
    {verb::notify_in, 2},
    {verb::notify_out, 2},
    {verb::cancel, 5},
    {verb::cancel_and_wait, 4},
    {verb::close, 3},
    {verb::close_async, 1},
    {verb::reset, 1},
    {verb::release, 1},
    {verb::destroy, 2},
    {verb::connect, 5},
    {verb::accept, 5},
    {verb::close_listener, 1},
    {verb::engine_delay, 2},
    {verb::sleep, 8},
    {verb::pass_nothing, 1},
    {verb::peer_sends, 10},
    {verb::peer_floods, 1},
    {verb::peer_finishes, 2},
    {verb::peer_closes, 1},
    {verb::peer_resets, 3},
    {verb::peer_stops_reading, 2},
    {verb::peer_reads_again, 3},
    {verb::client_arrives, 4},
    {verb::connection_fails, 1},
    {verb::descriptors_run_out, 1},
    {verb::memory_runs_out, 1},
    {verb::accept_fails, 1},
    {verb::allocations_fail, 1},
};

class drawing {
public:
    explicit drawing(std::uint64_t seed) : chance_(seed)
    {
        // Some kinds are left out of a run altogether, in half of the runs most of them, and others are what it is
        // about.
        const std::uint32_t left_out = chance_.one_in(2) ? 1 : 5;
        for (const weight& each : weights) {
            const std::uint32_t taste = chance_.below(3 + left_out);
            const std::uint32_t times = taste < left_out ? 0 : taste == left_out ? each.times * 3 : each.times;
            total_ += times;
            times_.push_back(times);
        }
    }

    program draw(std::uint64_t seed)
    {
        program drawn;
        drawn.seed = seed;
        drawn.workers = 1 + chance_.below(2);
        drawn.sockets = 1 + chance_.below(3);
        drawn.has_listener = chance_.one_in(2);
        drawn.custom = chance_.one_in(3) ? 1 + chance_.below(2) : 0;
        drawn.is_slow = chance_.one_in(5);
        drawn.spin_limit_us = chance_.one_in(2) ? 0 : 50;
        const std::uint32_t count = 4 + chance_.below(40);
        for (std::uint32_t i = 0; i < count && total_ != 0; ++i) {
            drawn.actions.push_back(draw_action(0));
        }
        const std::uint32_t attempts = drawn.custom != 0 ? chance_.below(5) : 0;
        for (std::uint32_t i = 0; i < attempts && total_ != 0; ++i) {
            drawn.in_attempts.push_back(draw_action(1));
        }
        return drawn;
    }

private:
    verb draw_verb()
    {
        std::uint32_t left = chance_.below(total_);
        for (std::size_t i = 0; i < times_.size(); ++i) {
            if (left < times_[i]) {
                return weights[i].what;
            }
            left -= times_[i];
        }
        return verb::sleep;
    }

    std::uint32_t draw_limit()
    {
        constexpr std::uint32_t limits[] = {
            0, 0, 1, 5, 100, 3'000, ASYNC_NO_TIMEOUT - 1, ASYNC_NO_TIMEOUT, ASYNC_NO_TIMEOUT, ASYNC_NO_TIMEOUT};
        return limits[chance_.below(10)];
    }

    action draw_action(int depth)
    {
        action drawn;
        drawn.what = draw_verb();
        drawn.socket = chance_.below(4);
        drawn.size = chance_.size(1 << 14);
        drawn.pieces = chance_.one_in(2) ? 1 + chance_.below(4) : 1;
        drawn.limit_ms = draw_limit();
        drawn.choice = chance_.below(16);
        constexpr int deepest = 3;
        const std::uint32_t most = depth < deepest ? 3 : 0;
        for (std::uint32_t i = 0; i < most; ++i) {
            if (chance_.one_in(3)) {
                drawn.then.push_back(draw_action(depth + 1));
            }
        }
        return drawn;
    }

    random chance_;
    std::vector<std::uint32_t> times_;
    std::uint32_t total_ = 0;
};

} // namespace

program draw_program(std::uint64_t seed)
{
    return drawing(seed).draw(seed);
}

} // namespace sim
