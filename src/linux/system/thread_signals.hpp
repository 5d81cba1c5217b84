// SPDX-License-Identifier: MIT
//
// Which signals the threads of the library take: none that is sent to the process.

#ifndef ASYNC_SOCKET_LINUX_SYSTEM_THREAD_SIGNALS_HPP
#define ASYNC_SOCKET_LINUX_SYSTEM_THREAD_SIGNALS_HPP

#include <csignal>
#include <initializer_list>

namespace async_socket::detail {

// A thread inherits the mask of the one that makes it, which has this while it does. Signals that a thread raises by
// its own fault stay the program's to handle. SRS_EXECUTION_ENGINE_LINUX_01_007
class signals_blocked {
public:
    signals_blocked() noexcept
    {
        sigset_t blocked;
        sigfillset(&blocked);
        for (const int own_fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGABRT}) {
            sigdelset(&blocked, own_fault);
        }
        pthread_sigmask(SIG_SETMASK, &blocked, &before_);
    }
    ~signals_blocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

    signals_blocked(const signals_blocked&) = delete;
    signals_blocked& operator=(const signals_blocked&) = delete;

private:
    sigset_t before_{};
};

} // namespace async_socket::detail

#endif
