// SPDX-License-Identifier: MIT
//
// The way out of what nothing can interrupt.

#ifndef ASOCK_TERMINAL_EXIT_ON_STOP_HPP
#define ASOCK_TERMINAL_EXIT_ON_STOP_HPP

#include <stop_token>

namespace asock {

// While one exists, a stop request ends the process at once, whatever its other threads wait for. For the second
// request of somebody who does not want to wait; and for reads and writes of terminals and pipes, which nothing can
// interrupt. Nothing is cleaned up but a leftover (leftover.hpp).
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
