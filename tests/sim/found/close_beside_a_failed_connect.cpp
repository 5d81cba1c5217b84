// SPDX-License-Identifier: MIT
//
// Written by the simulator (docs/simulator.md). Seed 9152 has failed with:
// nobody can run, and nothing will happen (at 4295967294035 us)

#include "runner/as_test.h"

using namespace sim;

// clang-format off
const program shown{9152U, 2U, 2U, 0U, false, false, 50U, {
    {verb::connect, 0U, 1465U, 1U, 0U, 3U, {
        {verb::close, 0U, 1U, 1U, 0U, 0U, {}},
        {verb::close, 1U, 1U, 1U, 0U, 0U, {}},
    }},
    {verb::destroy, 2U, 18U, 1U, 3000U, 0U, {}},
}, {
}};
// clang-format on

int main(int, char** arguments)
{
    return run_as_test(shown, arguments);
}
