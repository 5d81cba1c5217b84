// SPDX-License-Identifier: MIT

#include "runner.h"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "support/engine_under_test.h"
#include "support/event.h"
#include "support/limit.h"
#include "support/owners.h"
#include "world.h"

namespace stress {

namespace {

constexpr int exit_code_of_a_hang = 3;

// Says which program hangs, and how, if `ended` is not set in time.
class hang_guard {
public:
    hang_guard(const program& running, const world& of)
        : thread_([this, &running, &of] {
              // Three limits: a wait inside the program is to be reported by the program first.
              for (int i = 0; i != 3; ++i) {
                  if (ended_.wait()) {
                      return;
                  }
              }
              std::fprintf(stderr, "stress: the program of seed %llu hangs\n",
                           static_cast<unsigned long long>(running.seed));
              for (const connection* const one : of.connections()) {
                  std::fprintf(stderr, "  %s\n", one->text().c_str());
              }
              std::fflush(nullptr);
              std::_Exit(exit_code_of_a_hang);
          })
    {
    }

    ~hang_guard()
    {
        ended_.set();
        thread_.join();
    }

    hang_guard(const hang_guard&) = delete;
    hang_guard& operator=(const hang_guard&) = delete;

private:
    contract::event ended_;
    std::thread thread_;
};

void carry_out_all(const program& program, world& all)
{
    contract::counter through;
    contract::event everything_has_ended;
    std::vector<std::jthread> threads;
    for (const std::vector<step>& steps : program.threads) {
        threads.emplace_back([&] {
            for (const step& one : steps) {
                all.carry_out(one);
            }
            through.add();
            // Some systems cancel the pending operations of a thread that ends.
            if (!everything_has_ended.wait()) {
                all.findings().violation("the program does not end");
            }
        });
    }
    if (!through.wait_for(threads.size())) {
        all.findings().violation("the threads do not come through their steps");
    }
    for (connection* const one : all.connections()) {
        one->end();
    }
    everything_has_ended.set();
}

} // namespace

void run(const program& program, report& findings)
{
    const contract::engine_owner engine(
        contract::create_engine_under_test(program.min_threads, program.max_threads, program.reuse_operations));
    if (!engine) {
        findings.violation("the engine cannot be created");
        return;
    }
    world all(program, engine.get(), findings);
    const hang_guard guard(program, all);
    carry_out_all(program, all);
    for (connection* const one : all.connections()) {
        one->check();
    }
    if (all.counts().sockets != 0 || all.counts().transports != 0) {
        findings.violation("sockets left: " + std::to_string(all.counts().sockets) +
                           ", transports left: " + std::to_string(all.counts().transports));
    }
}

} // namespace stress
