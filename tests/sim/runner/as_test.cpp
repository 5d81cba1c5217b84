// SPDX-License-Identifier: MIT

#include "runner/as_test.h"

#include <cinttypes>
#include <cstdio>

#include "runner/one_run.h"

namespace sim {

std::string to_test(const program& shown, const std::string& failure)
{
    const std::string what = failure.empty() ? "nothing" : failure.substr(0, failure.find('\n'));
    return "// SPDX-License-Identifier: MIT\n//\n// Written by the simulator (docs/simulator.md). Seed " +
           std::to_string(shown.seed) + " has failed with:\n// " + what +
           "\n\n#include \"runner/as_test.h\"\n\nusing namespace sim;\n\n// clang-format off\n" + to_text(shown) +
           "// clang-format on\n\nint main(int, char** arguments)\n{\n    return run_as_test(shown, arguments);\n}\n";
}

int run_as_test(const program& played, char** arguments)
{
    use_fixed_addresses(arguments);
    constexpr std::uint64_t orders = 50;
    tally& shared = make_shared_tally();
    program tried = played;
    for (std::uint64_t i = 0; i <= orders; ++i) {
        tried.seed = i == 0 ? played.seed : i;
        const std::string failure = run_apart(tried, false, shared);
        if (!failure.empty()) {
            std::printf("order %" PRIu64 ": %s\n", tried.seed, failure.c_str());
            return 1;
        }
    }
    return 0;
}

} // namespace sim
