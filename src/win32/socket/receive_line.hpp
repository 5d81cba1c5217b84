// SPDX-License-Identifier: MIT
//
// Which receives of a socket the system has, and which wait for it.
//
// On Windows the cancel of one receive on a TCP connection may end all that the system has of it. What is innocent
// could be given to the system anew, but not in its order with those that data has reached in between. So a receive
// that can be ended before its time, which is one that has a name or a time limit, is alone with the system. Whatever
// comes behind it, or finds others before it, waits here in its order, and is given to the system by whoever takes its
// hands off the line last. While no such receive is about, there is no line, and receives go to the system as they
// come, at the price of one read-modify-write each way.

#ifndef ASYNC_SOCKET_WIN32_SOCKET_RECEIVE_LINE_HPP
#define ASYNC_SOCKET_WIN32_SOCKET_RECEIVE_LINE_HPP

#include <atomic>
#include <cstdint>

namespace async_socket::detail {

struct tracked_operation;

class receive_line {
public:
    // For a receive that nobody can end. True: it may go to the system, and is counted there until `leave`. False:
    // there is a line.
    [[nodiscard]] bool pass() noexcept
    {
        std::uint32_t word = with_system_.load(std::memory_order_relaxed);
        while ((word & has_line) == 0) {
            if (with_system_.compare_exchange_weak(word, word + 1, std::memory_order_acq_rel,
                                                   std::memory_order_relaxed)) {
                return true;
            }
        }
        return false;
    }
    // The system has one less. True: there is a line, to be served; of one that was alone with the system, not before
    // `was_alone`.
    [[nodiscard]] bool leave() noexcept
    {
        return (with_system_.fetch_sub(1, std::memory_order_acq_rel) & has_line) != 0;
    }

    // All of these need the mutex of the socket's list of operations.

    // One that was alone with the system has left.
    void was_alone() noexcept { is_alone_ = false; }
    // True: it is its turn, and the caller serves the line from now on, beginning with it, which counts as being with
    // the system. False: it has been queued.
    [[nodiscard]] bool begin(tracked_operation& receive) noexcept;
    // Takes one out that is queued.
    void remove(tracked_operation& receive) noexcept;
    // True: the caller serves the line from now on. False: somebody does, and looks again when the mutex is free.
    [[nodiscard]] bool begin_to_serve() noexcept;
    // The next one whose turn it is, which then counts as being with the system. nullptr: the caller serves no longer.
    [[nodiscard]] tracked_operation* next() noexcept;

private:
    [[nodiscard]] bool may_go(const tracked_operation& receive) const noexcept;
    void count(const tracked_operation& receive) noexcept;

    static constexpr std::uint32_t has_line = 0x8000'0000;

    // How many the system has; and whether there is a line. The count is changed by whoever gives a receive to the
    // system and by on_io_complete, the flag under the mutex; by read-modify-write in acquire-release order, so of the
    // one who sets the flag and one who leaves, one sees the other.
    std::atomic<std::uint32_t> with_system_{0};
    // Under the mutex.
    tracked_operation* first_ = nullptr;
    tracked_operation* last_ = nullptr;
    bool is_alone_ = false;  // the system has one that must be
    bool is_served_ = false; // one thread at a time, so that the order is kept
};

} // namespace async_socket::detail

#endif
