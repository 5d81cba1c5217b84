// SPDX-License-Identifier: MIT

#include <chrono>
#include <cstdio>
#include <random>

#include <CLI/CLI.hpp>
#include <gtest/gtest.h>

#include "options.h"
#include "program.h"
#include "runner.h"
#include "seeds.h"

namespace stress {

options& the_options()
{
    static options all;
    return all;
}

namespace {

// False, with the seed and the findings printed, when the program has found something.
bool run_seed(std::uint64_t seed, report& findings)
{
    const program one = make_program(seed, the_options().threads);
    run(one, findings);
    const std::vector<std::string> violations = findings.violations();
    if (violations.empty()) {
        return true;
    }
    std::string text = "program of seed " + std::to_string(seed) + " (again: --seed " + std::to_string(seed) + "):";
    for (const std::string& each : violations) {
        text += "\n  " + each;
    }
    ADD_FAILURE() << text;
    return false;
}

void print(const report& findings, std::uint64_t programs)
{
    std::printf("%llu programs, %llu connections; operations: %llu accepted (%llu OK), %llu refused; %llu bytes "
                "checked; %llu cancels; inside callbacks: %llu closes, %llu destroys (%llu of them during a close)\n",
                static_cast<unsigned long long>(programs), static_cast<unsigned long long>(findings.connections),
                static_cast<unsigned long long>(findings.operations_accepted),
                static_cast<unsigned long long>(findings.operations_ok),
                static_cast<unsigned long long>(findings.operations_refused),
                static_cast<unsigned long long>(findings.bytes_checked),
                static_cast<unsigned long long>(findings.cancels),
                static_cast<unsigned long long>(findings.closes_inside_callbacks),
                static_cast<unsigned long long>(findings.destroys_inside_callbacks),
                static_cast<unsigned long long>(findings.destroys_during_a_close));
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_002, SRS_ASYNC_SOCKET_GUARANTEE_01_004, SRS_ASYNC_SOCKET_GUARANTEE_01_005,
// SRS_ASYNC_SOCKET_GUARANTEE_01_006, SRS_ASYNC_SOCKET_GUARANTEE_01_007
TEST(stress, programs_that_once_failed)
{
    if (the_options().seed) {
        GTEST_SKIP() << "one seed was asked for";
    }
    report findings;
    for (const std::uint64_t seed : seeds_that_once_failed) {
        ASSERT_TRUE(run_seed(seed, findings));
    }
    print(findings, seeds_that_once_failed.size());
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_001, SRS_ASYNC_SOCKET_GUARANTEE_01_002, SRS_ASYNC_SOCKET_GUARANTEE_01_003,
// SRS_ASYNC_SOCKET_GUARANTEE_01_004, SRS_ASYNC_SOCKET_GUARANTEE_01_005, SRS_ASYNC_SOCKET_GUARANTEE_01_006,
// SRS_ASYNC_SOCKET_GUARANTEE_01_007, SRS_ASYNC_SOCKET_GUARANTEE_01_008, SRS_SOCKET_TRANSPORT_01_024,
// SRS_SOCKET_TRANSPORT_01_026, SRS_SOCKET_TRANSPORT_01_027
TEST(stress, random_programs)
{
    const std::chrono::duration<double> time(the_options().seconds);
    const auto begin = std::chrono::steady_clock::now();
    const std::uint64_t first = the_options().seed.value_or(std::random_device{}());
    std::printf("seed %llu, %g s, at most %u threads\n", static_cast<unsigned long long>(first), the_options().seconds,
                the_options().threads);
    // A sanitizer ends the program without writing what is in buffers.
    std::fflush(stdout);
    report findings;
    std::uint64_t programs = 0;
    do {
        // The seeds follow each other, so that the one that is printed tells them all.
        ASSERT_TRUE(run_seed(the_options().seed ? first : first + programs, findings));
        ++programs;
    } while (std::chrono::steady_clock::now() - begin < time);
    print(findings, programs);
    EXPECT_GT(findings.operations_ok, 0U);
    EXPECT_GT(findings.bytes_checked, 0U);
}

} // namespace

} // namespace stress

int main(int argc, char** argv)
{
    ::testing::InitGoogleTest(&argc, argv);
    stress::options& options = stress::the_options();
    double minutes = 0;
    CLI::App app("Random programs of calls of the library, each from a seed.\n"
                 "Example: --seed 42 --seconds 10 runs one program again and again; --minutes 10 runs new ones.");
    app.add_option("--seed", options.seed, "run the program of this seed only")->envname("ASYNC_SOCKET_STRESS_SEED");
    app.add_option("--seconds", options.seconds, "how long to run")
        ->envname("ASYNC_SOCKET_STRESS_SECONDS")
        ->check(CLI::NonNegativeNumber);
    app.add_option("--minutes", minutes, "how long to run, in minutes")
        ->envname("ASYNC_SOCKET_STRESS_MINUTES")
        ->check(CLI::PositiveNumber);
    app.add_option("--threads", options.threads, "at most so many threads in a program")
        ->envname("ASYNC_SOCKET_STRESS_THREADS")
        ->check(CLI::Range(1, 64));
    CLI11_PARSE(app, argc, argv);
    if (minutes > 0) {
        options.seconds = 60 * minutes;
    }
    return RUN_ALL_TESTS();
}
