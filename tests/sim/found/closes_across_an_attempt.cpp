// SPDX-License-Identifier: MIT
//
// Written by the simulator (docs/simulator.md). Seed 2000639 has failed with:
// the callback of receive 6 of socket 1 (140 bytes, limit 4294967295 ms) does not return (at 1002067744 us)

#include "runner/as_test.h"

using namespace sim;

// clang-format off
const program shown{2U, 2U, 2U, 1U, false, false, 0U, {
    {verb::send_ex, 2U, 1788U, 4U, 3000U, 15U, {}},
    {verb::receive, 1U, 140U, 1U, 5U, 12U, {
        {verb::release, 0U, 613U, 1U, 100U, 3U, {}},
    }},
}, {
    {verb::release, 3U, 242U, 1U, 4294967295U, 0U, {}},
}};
// clang-format on

int main(int, char** arguments)
{
    return run_as_test(shown, arguments);
}
