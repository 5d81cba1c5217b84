// SPDX-License-Identifier: MIT
//
// What the threads of an engine are like: where they run, and which signals they take.

#include <algorithm>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <pthread.h>
#include <unistd.h>

#include "linux_faults/faults.h"
#include "linux_support/engines.h"
#include "linux_support/notification.h"
#include "support/fixture.h"

namespace linux_tests {
namespace {

using contract::connection;
using contract::make_connection;
using contract::open_socket;
using contract::socket_owner;

// Runs a function once on each worker, in the order in which they were made: sockets that are opened elsewhere are
// spread over the workers in that order.
void on_each_worker(EXECUTION_ENGINE_HANDLE engine, const std::function<void(std::size_t)>& function)
{
    const std::uint32_t workers = execution_engine_linux_get_worker_count(engine);
    for (std::uint32_t i = 0; i != workers; ++i) {
        const connection link = make_connection();
        notification here([&] { function(i); });
        const socket_owner socket = open_socket(engine, link.local.get());
        ASSERT_EQ(here.start(socket.get()), 0);
        ASSERT_TRUE(here.wait());
    }
}

// SRS_ASYNC_SOCKET_LINUX_01_005
TEST(workers, get_the_sockets_that_are_opened_elsewhere_in_turn)
{
    const engine_owner engine = make_engine(3);
    ASSERT_TRUE(engine);
    std::map<std::thread::id, int> sockets_of;
    for (int round = 0; round != 4; ++round) {
        on_each_worker(engine.get(), [&](std::size_t) { ++sockets_of[std::this_thread::get_id()]; });
    }
    ASSERT_EQ(sockets_of.size(), 3u);
    for (const auto& [thread, sockets] : sockets_of) {
        EXPECT_EQ(sockets, 4);
    }
}

// SRS_EXECUTION_ENGINE_LINUX_01_004
TEST(workers, stay_on_one_processor_each_where_asked_to)
{
    const std::vector<int> processors = usable_processors();
    const engine_owner engine = make_engine(static_cast<std::uint32_t>(2 * processors.size() + 1), true);
    ASSERT_TRUE(engine);
    std::vector<std::vector<int>> of_worker(2 * processors.size() + 1);
    on_each_worker(engine.get(), [&](std::size_t worker) { of_worker[worker] = usable_processors(); });
    for (std::size_t worker = 0; worker != of_worker.size(); ++worker) {
        EXPECT_EQ(of_worker[worker], std::vector<int>{processors[worker % processors.size()]}) << worker;
    }
}

// SRS_EXECUTION_ENGINE_LINUX_01_004
TEST(workers, go_where_the_system_wants_where_not_asked_to_stay)
{
    const std::vector<int> processors = usable_processors();
    const engine_owner engine = make_engine(2);
    ASSERT_TRUE(engine);
    on_each_worker(engine.get(), [&](std::size_t) { EXPECT_EQ(usable_processors(), processors); });
}

std::vector<int> asynchronous_signals()
{
    std::vector<int> result{SIGHUP,  SIGINT,  SIGQUIT, SIGUSR1, SIGUSR2, SIGPIPE,   SIGALRM, SIGTERM,  SIGCHLD,
                            SIGCONT, SIGTSTP, SIGTTIN, SIGTTOU, SIGURG,  SIGVTALRM, SIGPROF, SIGWINCH, SIGIO};
    for (int signal = SIGRTMIN; signal <= SIGRTMAX; ++signal) {
        result.push_back(signal);
    }
    return result;
}

// SRS_EXECUTION_ENGINE_LINUX_01_007
TEST(workers, block_the_signals_that_are_sent_to_the_process)
{
    const engine_owner engine = make_engine(2);
    ASSERT_TRUE(engine);
    on_each_worker(engine.get(), [&](std::size_t) {
        sigset_t blocked;
        sigemptyset(&blocked);
        ASSERT_EQ(pthread_sigmask(SIG_SETMASK, nullptr, &blocked), 0);
        for (const int signal : asynchronous_signals()) {
            EXPECT_EQ(sigismember(&blocked, signal), 1) << signal;
        }
    });
}

// A handler of the program's for its own crashes would otherwise never be called for a crash in a callback.
// SRS_EXECUTION_ENGINE_LINUX_01_007
TEST(workers, do_not_block_the_signals_that_they_raise_themselves)
{
    const engine_owner engine = make_engine(1);
    ASSERT_TRUE(engine);
    on_each_worker(engine.get(), [&](std::size_t) {
        sigset_t blocked;
        sigemptyset(&blocked);
        ASSERT_EQ(pthread_sigmask(SIG_SETMASK, nullptr, &blocked), 0);
        for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS}) {
            EXPECT_EQ(sigismember(&blocked, signal), 0) << signal;
        }
    });
}

std::thread::id handled_on;
volatile std::sig_atomic_t times_handled = 0;

void note_signal(int)
{
    handled_on = std::this_thread::get_id();
    times_handled = times_handled + 1;
}

// SRS_EXECUTION_ENGINE_LINUX_01_007
TEST(workers, leave_a_signal_to_the_process_to_the_thread_that_made_them)
{
    struct sigaction action {};
    struct sigaction before {};
    action.sa_handler = note_signal;
    ASSERT_EQ(sigaction(SIGUSR1, &action, &before), 0);
    sigset_t mask_before;
    ASSERT_EQ(pthread_sigmask(SIG_SETMASK, nullptr, &mask_before), 0);
    {
        const engine_owner engine = make_engine(2);
        ASSERT_TRUE(engine);
        sigset_t mask_after;
        ASSERT_EQ(pthread_sigmask(SIG_SETMASK, nullptr, &mask_after), 0);
        for (int signal = 1; signal <= SIGRTMAX; ++signal) {
            EXPECT_EQ(sigismember(&mask_before, signal), sigismember(&mask_after, signal)) << signal;
        }
        times_handled = 0;
        for (int i = 0; i != 20; ++i) {
            ASSERT_EQ(kill(getpid(), SIGUSR1), 0);
        }
        EXPECT_TRUE(wait_until([] { return times_handled > 0; }));
        on_each_worker(engine.get(), [](std::size_t) { EXPECT_NE(handled_on, std::this_thread::get_id()); });
    }
    sigaction(SIGUSR1, &before, nullptr);
}

} // namespace
} // namespace linux_tests
