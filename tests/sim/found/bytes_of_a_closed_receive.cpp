// SPDX-License-Identifier: MIT
//
// Written by the simulator (docs/simulator.md). Seed 8309 has failed with:
// the counter bytes_received of socket 0 is 26, not 25 to 25 (at 1002000042 us)

#include "runner/as_test.h"

using namespace sim;

// clang-format off
const program shown{8309U, 1U, 3U, 1U, false, false, 0U, {
    {verb::receive_on, 0U, 25U, 1U, 100U, 3U, {}},
    {verb::peer_sends, 0U, 423U, 1U, 3000U, 4U, {}},
    {verb::receive_on, 2U, 362U, 2U, 1U, 5U, {}},
    {verb::receive, 0U, 2U, 3U, 4294967294U, 14U, {}},
    {verb::peer_sends, 0U, 1263U, 4U, 5U, 5U, {}},
    {verb::reset, 3U, 9813U, 1U, 5U, 2U, {}},
}, {
    {verb::peer_sends, 0U, 6616U, 1U, 0U, 2U, {
        {verb::receive_ex, 0U, 931U, 1U, 0U, 14U, {
            {verb::peer_sends, 0U, 154U, 3U, 0U, 0U, {}},
        }},
    }},
    {verb::receive_ex, 3U, 173U, 1U, 0U, 1U, {}},
}};
// clang-format on

int main(int, char** arguments)
{
    return run_as_test(shown, arguments);
}
