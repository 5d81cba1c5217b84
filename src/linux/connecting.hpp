// SPDX-License-Identifier: MIT
//
// A connect under way: resolving the name, then one attempt or several at a time, until one has connected or all have
// failed. Made by the call; used by the worker's thread only from then on.
//
// It reports its end when nothing of it is with the kernel any more: then the operation is moved to the ended ones and
// this is freed.

#ifndef ASYNC_SOCKET_LINUX_CONNECTING_HPP
#define ASYNC_SOCKET_LINUX_CONNECTING_HPP

#include <cstdint>
#include <memory>

#include "common/address_race.hpp"
#include "linux/async_socket.hpp"
#include "linux/backend.hpp"
#include "linux/resolver.hpp"
#include "linux/worker_timer.hpp"

namespace async_socket::detail {

class connecting {
public:
    explicit connecting(ASYNC_SOCKET_HANDLE socket) noexcept : socket_(socket) {}
    connecting(const connecting&) = delete;
    connecting& operator=(const connecting&) = delete;

    // Before it is given to the worker: one of the two. False when there is no memory.
    [[nodiscard]] bool use(address_list addresses) noexcept;
    [[nodiscard]] bool use(const char* host, std::uint16_t port) noexcept;

    // From here on, on the worker's thread. `operation` is what is to be reported; it may have ended on return, and
    // this be gone.
    void begin(worker& own, operation* reported) noexcept;
    // Its name is resolved, or is not.
    void take(worker& own, resolution& answer) noexcept;
    // It is time for a further attempt.
    void go_on(worker& own) noexcept;
    // An attempt has ended.
    void attempt_ended(worker& own, fd_watch& watch) noexcept;
    // Ends it before its own end, unless a connection is there already.
    void give_up(worker& own) noexcept;

private:
    struct attempt : fd_watch {
        const addrinfo* address = nullptr;
    };

    void start_attempt(worker& own, attempt& started) noexcept;
    void attempt_failed(attempt& failed, int error) noexcept;
    void attempt_won(worker& own, attempt& winner) noexcept;
    void stop(worker& own) noexcept;
    void finish_if_idle(worker& own) noexcept;
    [[nodiscard]] ASYNC_STATUS outcome(worker& own) noexcept;
    [[nodiscard]] int open_on_winner(worker& own) noexcept;

    ASYNC_SOCKET_HANDLE socket_;
    operation* reported_ = nullptr;        // nullptr until it has begun
    std::unique_ptr<resolution> question_; // until it is asked
    resolution* asked_ = nullptr;          // from then on, until the answer: it finds its way back by itself
    address_list addresses_;
    std::unique_ptr<attempt[]> attempts_; // one for each address, in the order in which they are tried
    std::uint32_t attempt_count_ = 0;
    std::uint32_t watched_ = 0; // attempts that are with the kernel
    address_race race_;
    worker_timer pace_{timer_purpose::connecting, this};
    int winner_ = -1;
    bool over_ = false; // nothing new is started
    bool given_up_ = false;
    ASYNC_STATUS status_ = ASYNC_STATUS_ERROR; // of the last failure
    int error_ = 0;
};

} // namespace async_socket::detail

#endif
