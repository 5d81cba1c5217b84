// SPDX-License-Identifier: MIT

#include "runner/one_run.h"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <thread>

#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/wait.h>
#include <unistd.h>

#include "program/performance.h"

namespace sim {

namespace {

// Of real time: a run that comes to no end without a step of the world.
constexpr unsigned most_seconds = 60;

// One that has dropped its own engine is awaited by nobody, and frees what it kept when it has left the world.
void await_other_threads()
{
    const std::filesystem::directory_iterator none;
    while (std::distance(std::filesystem::directory_iterator("/proc/self/task"), none) > 1) {
        std::this_thread::sleep_for(std::chrono::microseconds(100));
    }
}

#ifdef SIM_COVERAGE
// gcov's, which nobody calls where a process leaves like this.
extern "C" void __gcov_dump(); // NOLINT(bugprone-reserved-identifier)
#endif

[[noreturn]] void leave(int status)
{
#ifdef SIM_COVERAGE
    __gcov_dump();
#endif
    std::fflush(stdout);
    _exit(status);
}

void perform(const program& played, bool is_printed, tally& shared)
{
    world own(played.seed, is_printed);
    oracle judge(own, shared);
    own.time.on_failure = [&own, &shared](const char* what) {
        std::snprintf(shared.failure, sizeof shared.failure, "%s (at %lld us)\n%s", what,
                      static_cast<long long>(own.time.now() / microsecond), own.time.describe().c_str());
        leave(1);
    };
    // On a thread that ends before the account is looked at: what the library keeps for a thread goes with it.
    std::thread([&own, &judge, &played] {
        own.time.enter();
        performance(own, judge, played).run();
        own.time.leave();
    }).join();
    await_other_threads();
    judge.judge_end();
    ++shared.runs;
    shared.trace_hash = own.events.hash();
    shared.trace_lines = own.events.lines();
    leave(0);
}

} // namespace

std::string run_apart(const program& played, bool is_printed, tally& shared)
{
    shared.failure[0] = '\0';
    std::fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
        alarm(most_seconds);
        perform(played, is_printed, shared);
    }
    int status = 0;
    while (waitpid(child, &status, 0) == -1 && errno == EINTR) {
    }
    if (WIFSIGNALED(status)) {
        return std::string("the program is ended by signal ") + strsignal(WTERMSIG(status));
    }
    if (WEXITSTATUS(status) != 0 && shared.failure[0] == '\0') {
        return "the program ends with status " + std::to_string(WEXITSTATUS(status));
    }
    return shared.failure;
}

tally& make_shared_tally()
{
    void* const memory = mmap(nullptr, sizeof(tally), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        std::perror("mmap");
        std::exit(2);
    }
    return *static_cast<tally*>(memory);
}

void use_fixed_addresses(char** arguments)
{
    const int before = personality(0xffffffff);
    if (before == -1 || (before & ADDR_NO_RANDOMIZE) != 0 ||
        personality(static_cast<unsigned long>(before) | ADDR_NO_RANDOMIZE) == -1) {
        return;
    }
    execv("/proc/self/exe", arguments);
}

} // namespace sim
