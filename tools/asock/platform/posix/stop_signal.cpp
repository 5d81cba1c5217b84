// SPDX-License-Identifier: MIT

#include "platform/stop_signal.hpp"

#include <atomic>
#include <csignal>
#include <thread>

#include <pthread.h>

namespace asock {

namespace {

// Whoever starts a program with a signal ignored, as nohup and shells do, wants it to go on.
bool is_ignored(int number)
{
    struct sigaction current {};
    return sigaction(number, nullptr, &current) == 0 && current.sa_handler == SIG_IGN;
}

sigset_t signals_to_end()
{
    sigset_t signals;
    sigemptyset(&signals);
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
        if (!is_ignored(number)) {
            sigaddset(&signals, number);
        }
    }
    return signals;
}

} // namespace

// A thread that waits for the signals, which are blocked everywhere: unlike a signal handler it may take locks.
struct stop_signal::platform {
    std::atomic<bool> ending{false}; // set before the thread is woken for good
    std::thread waiter;
};

stop_signal::stop_signal() : platform_(std::make_unique<platform>())
{
    sigset_t signals = signals_to_end();
    sigaddset(&signals, SIGRTMIN); // wakes the thread for good
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    // A write to a pipe that nobody reads, or past the permitted file size, is to fail with an error, not to kill.
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
    platform_->waiter = std::thread([this, signals] {
        for (;;) {
            int number = 0;
            while (sigwait(&signals, &number) != 0) {
            }
            if (platform_->ending) {
                return;
            }
            if (number != SIGRTMIN) {
                requests_.request();
            }
        }
    });
}

stop_signal::~stop_signal()
{
    platform_->ending = true;
    pthread_kill(platform_->waiter.native_handle(), SIGRTMIN);
    platform_->waiter.join();
}

} // namespace asock
