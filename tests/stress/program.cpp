// SPDX-License-Identifier: MIT

#include "program.h"

#include <algorithm>
#include <array>
#include <utility>

#include "random.h"

namespace stress {

namespace {

action random_action(random& choice)
{
    // How often of 100.
    constexpr std::array<std::pair<action, std::uint32_t>, 16> shares{{
        {action::create, 8},
        {action::open, 3},
        {action::send, 18},
        {action::receive, 18},
        {action::notify, 3},
        {action::send_ex, 11},
        {action::receive_ex, 11},
        {action::cancel, 6},
        {action::cancel_and_wait, 5},
        {action::shutdown_send, 2},
        {action::delay, 3},
        {action::close, 4},
        {action::reset, 2},
        {action::destroy, 3},
        {action::disconnect_transport, 2},
        {action::destroy_transport, 1},
    }};
    std::uint32_t at = choice.below(100);
    for (const auto& [what, share] : shares) {
        if (at < share) {
            return what;
        }
        at -= share;
    }
    return action::receive;
}

} // namespace

program make_program(std::uint64_t seed, std::uint32_t max_thread_count)
{
    random choice(seed);
    program result{};
    result.seed = seed;
    result.max_threads = choice.in_100(60) ? 0 : 1 + choice.below(4);
    result.min_threads = choice.below(result.max_threads == 0 ? 5 : result.max_threads + 1);
    result.largest_message = choice.in_100(10) ? 1024 * 1024 : choice.size(64 * 1024);
    result.threads.resize(1 + choice.below((std::max)(max_thread_count, 1U)));
    for (std::vector<step>& steps : result.threads) {
        // Each thread begins with a connection, so that the others have something to work on.
        steps.push_back({action::create, choice.next()});
        const std::uint32_t number = 10 + choice.below(60);
        for (std::uint32_t i = 0; i != number; ++i) {
            const action what = random_action(choice);
            steps.push_back({what, choice.next()});
        }
    }
    // Last, so that the rest of a seed's program is what it was before there was a choice.
    result.reuse_operations = choice.in_100(50);
    // More threads than processors, or fewer, where the engine would have one for each.
    if (result.max_threads == 0 && choice.in_100(50)) {
        result.min_threads = result.max_threads = 1 + choice.below(16);
    }
    result.places_in_100 = choice.in_100(50) ? choice.below(100) : 0;
    return result;
}

peer_script make_peer_script(std::uint64_t seed)
{
    random choice(seed);
    peer_script script{};
    const std::uint32_t kind = choice.below(100);
    script.end = kind < 55   ? peer_end::stays
                 : kind < 70 ? peer_end::closes
                 : kind < 82 ? peer_end::resets
                 : kind < 91 ? peer_end::ends_sending
                             : peer_end::stops_reading;
    script.bytes_to_send = choice.in_100(20) ? 0 : choice.size(512 * 1024);
    script.end_after = choice.size(256 * 1024) - 1;
    script.send_piece = (std::max)(choice.size(4096), script.bytes_to_send / 500);
    script.receive_piece = choice.in_100(30) ? choice.size(64) : choice.size(64 * 1024);
    script.slow_receives = choice.size(500);
    script.sends_may_be_cut = choice.in_100(25);
    return script;
}

} // namespace stress
