// SPDX-License-Identifier: MIT
//
// Written by the simulator (docs/simulator.md). Seed 1510 has failed with:
// a call is made on a descriptor that is not open (at 1000001020 us)

#include "runner/as_test.h"

using namespace sim;

// clang-format off
const program shown{1510U, 2U, 3U, 0U, false, true, 0U, {
    {verb::receive_on, 3U, 3411U, 1U, 0U, 15U, {}},
    {verb::send_ex, 1U, 176U, 1U, 0U, 7U, {
        {verb::peer_resets, 3U, 13U, 1U, 4294967295U, 9U, {}},
    }},
    {verb::shutdown_send, 2U, 7263U, 1U, 4294967295U, 0U, {
        {verb::send, 0U, 13087U, 1U, 0U, 8U, {
            {verb::close_async, 3U, 946U, 1U, 100U, 13U, {}},
        }},
    }},
    {verb::delay, 0U, 32U, 2U, 0U, 15U, {}},
    {verb::peer_sends, 0U, 1875U, 1U, 4294967295U, 8U, {}},
    {verb::cancel_and_wait, 3U, 3533U, 1U, 5U, 0U, {}},
    {verb::delay, 3U, 778U, 1U, 0U, 9U, {}},
}, {
}};
// clang-format on

int main(int, char** arguments)
{
    return run_as_test(shown, arguments);
}
