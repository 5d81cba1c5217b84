// SPDX-License-Identifier: MIT
//
// Whether a worker that has nothing to do looks for work a while before it sleeps. To wake a thread that sleeps takes
// longer than most answers of a peer nearby; but looking is a waste where the answer takes longer than the look, and
// keeps others from working where they want the same processor. So it is judged by the waits before:
//
//   a wait that is over within the limit   speaks for it, one step
//   a wait that is not, or that brings     speaks against it: half of what spoke for it is forgotten. (One wake-up for
//     many operations at once              many is cheap, and who comes sooner finds fewer of them.)
//   somebody wants the processor           a few times in a row: not for a number of waits, and for twice that many
//                                          each time until a look has found something again
//
// Used by the worker's thread only.

#ifndef ASYNC_SOCKET_LINUX_ENGINE_SPINNING_HPP
#define ASYNC_SOCKET_LINUX_ENGINE_SPINNING_HPP

#include <algorithm>
#include <cstdint>

#include "common/time/timer_heap.hpp"

namespace async_socket::detail {

class spinning {
public:
    // Asked first, once for each wait: whether it is one of those that are to pass, and need not be judged.
    // SRS_EXECUTION_ENGINE_LINUX_01_013
    [[nodiscard]] bool passes() noexcept
    {
        if (waits_to_pass_ == 0) {
            return false;
        }
        --waits_to_pass_;
        return true;
    }

    // SRS_EXECUTION_ENGINE_LINUX_01_012
    [[nodiscard]] bool is_worth_it() const noexcept { return short_waits_ >= enough; }

    // A wait has lasted so long, of which up to `limit` could have been a look, and it has brought so much.
    void has_waited(time_point_ns time, time_point_ns limit, unsigned brought) noexcept
    {
        const bool speaks_for = time <= limit && brought <= few;
        short_waits_ = speaks_for ? std::min(short_waits_ + 1, most) : short_waits_ / 2;
    }

    // A look has found something; nobody else wanted the processor.
    void has_found() noexcept
    {
        times_crowded_ = 0;
        next_pause_ = shortest_pause;
    }

    // A look was given up, for somebody else wants the processor.
    // SRS_EXECUTION_ENGINE_LINUX_01_013
    void is_crowded() noexcept
    {
        if (++times_crowded_ < crowded_at) {
            return;
        }
        times_crowded_ = 0;
        waits_to_pass_ = next_pause_;
        next_pause_ = std::min(next_pause_ * 2, longest_pause);
    }

private:
    static constexpr std::uint32_t enough = 8;
    static constexpr std::uint32_t most = 16;
    static constexpr unsigned few = 4;
    // Once may be chance: an interrupt takes a processor away, too.
    static constexpr std::uint32_t crowded_at = 3;
    static constexpr std::uint32_t shortest_pause = 64;
    static constexpr std::uint32_t longest_pause = 16 * 1024;

    std::uint32_t short_waits_ = 0;
    std::uint32_t times_crowded_ = 0;
    std::uint32_t waits_to_pass_ = 0;
    std::uint32_t next_pause_ = shortest_pause;
};

} // namespace async_socket::detail

#endif
