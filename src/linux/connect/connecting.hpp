// SPDX-License-Identifier: MIT
//
// A connect under way: resolving the name, then one attempt or several at a time, until one has connected or all have
// failed. Made by the call; used by the worker's thread only from then on.
//
//   made ──> resolving ──> racing ──> ending ──> reported, and gone
//
// Every step that can be the last one before the end goes through conclude, which says how it ends; and it reports its
// end in settle, the last step of everything that is called from outside, when nothing of it is with the kernel any
// more. Then the operation is moved to the ended ones and this is freed.

#ifndef ASYNC_SOCKET_LINUX_CONNECT_CONNECTING_HPP
#define ASYNC_SOCKET_LINUX_CONNECT_CONNECTING_HPP

#include <cstdint>
#include <memory>

#include "common/connect/address_race.hpp"
#include "linux/connect/resolver.hpp"
#include "linux/operation/fd_watch.hpp"
#include "linux/operation/worker_services.hpp"
#include "linux/operation/worker_timer.hpp"
#include "linux/socket/socket.hpp"

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
    void begin(worker_services& own, operation* reported) noexcept;
    // Its name is resolved, or is not.
    void take(worker_services& own, resolution& answer) noexcept;
    // It is time for a further attempt.
    void go_on(worker_services& own) noexcept;
    // An attempt has ended.
    void attempt_ended(worker_services& own, fd_watch& watch) noexcept;
    // The system does not wait for its attempts any more.
    void fail_all(worker_services& own, int error) noexcept;
    // Ends it before its own end, unless a connection is there already.
    void give_up(worker_services& own) noexcept;

private:
    struct attempt : fd_watch {
        const addrinfo* address = nullptr;
    };

    enum class phase : std::uint8_t {
        made,      // the worker does not know it yet
        resolving, // the resolver has its question
        racing,    // attempts are under way
        ending     // nothing new is started; what is with the kernel still comes back
    };
    enum class verdict : std::uint8_t { failed, won, given_up };

    void ask(worker_services& own) noexcept;
    void race(worker_services& own) noexcept;
    void start_attempt(worker_services& own, attempt& started) noexcept;
    // Has the kernel tell of its end; later, where the kernel takes nothing more for now.
    void await(worker_services& own, attempt& started) noexcept;
    // Those of which the kernel was not told yet. False: some are left.
    [[nodiscard]] bool await_untold(worker_services& own) noexcept;
    void attempt_failed(attempt& failed, int error) noexcept;
    void attempt_won(worker_services& own, attempt& winner) noexcept;
    static void close_attempt(attempt& closed) noexcept;
    void fail(worker_services& own, ASYNC_STATUS status, int error) noexcept;
    void conclude(worker_services& own, verdict reached) noexcept;
    void settle(worker_services& own) noexcept;
    [[nodiscard]] ASYNC_STATUS outcome(worker_services& own) noexcept;
    [[nodiscard]] int open_on_winner(worker_services& own) noexcept;

    ASYNC_SOCKET_HANDLE socket_;
    phase phase_ = phase::made;
    verdict verdict_ = verdict::failed;    // once it is ending
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
    ASYNC_STATUS status_ = ASYNC_STATUS_ERROR; // of the last failure
    int error_ = 0;
};

} // namespace async_socket::detail

#endif
