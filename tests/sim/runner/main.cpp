// SPDX-License-Identifier: MIT
//
// sim [--seeds N] [--from S] [--minutes M] [--shrink] [--trace] [--program] [--twice] [--quiet]
// [--as-test FILE] [--kept FILE]; script/sim says what they mean.

#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>
#include <vector>

#include <unistd.h>

#include "runner/as_test.h"
#include "runner/one_run.h"
#include "runner/shrink.h"

using namespace sim;

namespace {

struct options {
    std::uint64_t seeds = 300;
    std::uint64_t from = 1;
    double minutes = 0; // 0: no limit
    bool shrinks = false;
    bool traces = false;
    bool shows_program = false;
    bool shows_summary = true;
    bool runs_twice = false;
    std::string test_file; // the program that has failed, or the last one, is written there
    std::string kept_file; // of seeds that come first
};

options options_of(int count, char** arguments)
{
    options given;
    for (int i = 1; i < count; ++i) {
        const std::string name = arguments[i];
        const char* const value = i + 1 < count ? arguments[i + 1] : "";
        if (name == "--shrink") {
            given.shrinks = true;
        } else if (name == "--trace") {
            given.traces = true;
        } else if (name == "--program") {
            given.shows_program = true;
        } else if (name == "--twice") {
            given.runs_twice = true;
        } else if (name == "--quiet") {
            given.shows_summary = false;
        } else if (name == "--as-test" || name == "--kept") {
            ++i;
            (name == "--kept" ? given.kept_file : given.test_file) = value;
        } else if (name == "--seeds" || name == "--from" || name == "--minutes") {
            ++i;
            char* end = nullptr;
            const double number = std::strtod(value, &end);
            if (end == value || *end != '\0') {
                std::fprintf(stderr, "sim: %s needs a number\n", name.c_str());
                std::exit(2);
            }
            if (name == "--minutes") {
                given.minutes = number;
            } else {
                (name == "--seeds" ? given.seeds : given.from) = std::strtoull(value, nullptr, 10);
            }
        } else {
            std::fprintf(stderr, "sim: %s is not known\n", name.c_str());
            std::exit(2);
        }
    }
    return given;
}

double seconds_since(std::chrono::steady_clock::time_point start)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// The same seed must make the same trace.
std::string run_again(const program& played, tally& shared)
{
    const std::uint64_t hash = shared.trace_hash;
    const std::uint64_t lines = shared.trace_lines;
    std::string failure = run_apart(played, false, shared);
    if (failure.empty() && (shared.trace_hash != hash || shared.trace_lines != lines)) {
        failure = "another trace the second time\n";
    }
    return failure;
}

void print_summary(const tally& drawn)
{
    std::printf("\nanswers, by kind of call:\n");
    std::string holes;
    for (std::size_t i = 0; i < verb_count; ++i) {
        const auto what = static_cast<verb>(i);
        std::string line;
        for (std::size_t result = 0; result < tally::most_results; ++result) {
            if (drawn.answers[i][result] != 0) {
                line +=
                    std::string("  ") + name_of_answer(what, result) + " " + std::to_string(drawn.answers[i][result]);
            } else if (may_be_answered(what, result)) {
                holes += std::string("  ") + name_of(what) + " " + name_of_answer(what, result) + "\n";
            }
        }
        if (!line.empty()) {
            std::printf("  %-14s%s\n", name_of(what), line.c_str());
        }
    }
    if (!holes.empty()) {
        std::printf("never drawn:\n%s", holes.c_str());
    }
}

void write_test(const std::string& file, const program& shown, const std::string& failure)
{
    if (file.empty()) {
        return;
    }
    std::ofstream written(file);
    written << to_test(shown, failure);
    if (!written.flush()) {
        std::fprintf(stderr, "sim: %s cannot be written\n", file.c_str());
        std::exit(2);
    }
}

void report(const program& failed, const std::string& failure, const options& given, tally& shared)
{
    std::printf("\nseed %" PRIu64 ": %s", failed.seed, failure.c_str());
    std::printf("again: sim --from %" PRIu64 " --seeds 1 --trace\n", failed.seed);
    if (!given.shrinks) {
        write_test(given.test_file, failed, failure);
        return;
    }
    const program shrunk = shrink(failed, failure, shared);
    std::printf("shrunk from %zu actions to %zu:\n%s", length_of(failed.actions), length_of(shrunk.actions),
                to_text(shrunk).c_str());
    write_test(given.test_file, shrunk, failure);
}

// Whether nothing has failed.
bool run_seed(std::uint64_t seed, const options& given, tally& shared)
{
    const program played = draw_program(seed);
    if (given.shows_program) {
        std::printf("%s", to_text(played).c_str());
    }
    std::string failure = run_apart(played, given.traces, shared);
    if (failure.empty() && given.runs_twice) {
        failure = run_again(played, shared);
    }
    if (!failure.empty()) {
        report(played, failure, given, shared);
        return false;
    }
    if (given.traces) {
        std::printf("seed %" PRIu64 ": trace %016" PRIx64 ", %" PRIu64 " lines\n", seed, shared.trace_hash,
                    shared.trace_lines);
    }
    return true;
}

// Each line that begins with a number.
std::vector<std::uint64_t> kept_seeds(const std::string& file)
{
    std::vector<std::uint64_t> seeds;
    std::ifstream kept(file);
    if (!file.empty() && !kept) {
        std::fprintf(stderr, "sim: %s cannot be read\n", file.c_str());
        std::exit(2);
    }
    for (std::string line; std::getline(kept, line);) {
        char* end = nullptr;
        const std::uint64_t seed = std::strtoull(line.c_str(), &end, 10);
        if (end != line.c_str()) {
            seeds.push_back(seed);
        }
    }
    return seeds;
}

// One seed after the other, from `seed` on, which is moved; whether nothing has failed.
bool run_seeds(std::uint64_t& seed, const options& given, tally& shared)
{
    const auto start = std::chrono::steady_clock::now();
    double shown = 0;
    for (const std::uint64_t end = seed + given.seeds; seed != end; ++seed) {
        if (!run_seed(seed, given, shared)) {
            return false;
        }
        const double passed = seconds_since(start);
        if (given.minutes != 0 && passed > given.minutes * 60) {
            ++seed;
            break;
        }
        if (passed > shown + 10) {
            shown = passed;
            std::printf("%.0f s, seed %" PRIu64 "\n", passed, seed);
            std::fflush(stdout);
        }
    }
    return true;
}

} // namespace

int main(int count, char** arguments)
{
    use_fixed_addresses(arguments);
    const options given = options_of(count, arguments);
    tally& shared = make_shared_tally();
    const auto start = std::chrono::steady_clock::now();
    for (const std::uint64_t each : kept_seeds(given.kept_file)) {
        if (!run_seed(each, given, shared)) {
            return 1;
        }
    }
    std::uint64_t seed = given.from;
    if (!run_seeds(seed, given, shared)) {
        return 1;
    }
    write_test(given.test_file, draw_program(seed - 1), "");
    std::printf("%" PRIu64 " programs, seeds %" PRIu64 " to %" PRIu64 ", %" PRIu64 " calls, %.0f programs a second\n",
                shared.runs, given.from, seed - 1, shared.calls,
                static_cast<double>(shared.runs) / seconds_since(start));
    if (given.shows_summary) {
        print_summary(shared);
    }
    return 0;
}
