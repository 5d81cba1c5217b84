// SPDX-License-Identifier: MIT
//
// Ctrl-C and the like, as a std::stop_token: whoever waits, waits with the token, and whatever blocks is ended by a
// std::stop_callback.

#ifndef ASOCK_STOP_SIGNAL_HPP
#define ASOCK_STOP_SIGNAL_HPP

#include "stop_requests.hpp"

#include <memory>
#include <stop_token>

namespace asock {

// Turns the platform's requests to end the program (Ctrl-C; on POSIX systems SIGINT, SIGTERM and SIGHUP; on Windows
// Ctrl-Break, and the closing of the console, too) into a stop request, made on a thread of its own. To be created
// before any other thread, so that no other thread is picked to handle them. At most one exists at a time.
class stop_signal {
public:
    stop_signal();
    ~stop_signal();
    stop_signal(const stop_signal&) = delete;
    stop_signal& operator=(const stop_signal&) = delete;

    std::stop_token token() const { return requests_.token(); }

    // The same for the second request, by somebody who does not want to wait any longer.
    std::stop_token impatient_token() const { return requests_.impatient_token(); }

private:
    struct platform;
    stop_requests requests_;
    std::unique_ptr<platform> platform_;
};

// While one exists, a stop request ends the process at once. For reads and writes of terminals and pipes, which
// nothing can interrupt; not to be used while there is anything to clean up.
class exit_on_stop {
public:
    explicit exit_on_stop(const std::stop_token& token);

private:
    struct end_now {
        void operator()() const;
    };
    std::stop_callback<end_now> callback_;
};

} // namespace asock

#endif
