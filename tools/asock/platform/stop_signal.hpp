// SPDX-License-Identifier: MIT
//
// Ctrl-C and the like, as a std::stop_token: whoever waits, waits with the token, and whatever blocks is ended by a
// std::stop_callback.

#ifndef ASOCK_PLATFORM_STOP_SIGNAL_HPP
#define ASOCK_PLATFORM_STOP_SIGNAL_HPP

#include "platform/stop_requests.hpp"

#include <memory>
#include <stop_token>

namespace asock {

// Turns the platform's requests to end the program (Ctrl-C; on POSIX systems SIGINT, SIGTERM and SIGHUP, but for those
// that were ignored at the start, as by nohup; on Windows Ctrl-Break, and the closing of the console, too) into a stop
// request, made on a thread of its own. To be created
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

} // namespace asock

#endif
