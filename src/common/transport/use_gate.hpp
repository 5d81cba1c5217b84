// SPDX-License-Identifier: MIT
//
// Guards the one system socket of a transport: counts who is using it, and hands the duty of closing it to exactly one
// of them once it is disconnected, so that no system call ever runs on a number that the system has given to somebody
// else meanwhile.
//
//   idle ──begin_setup──> setup ──complete_setup──> open ──disconnect──> closed
//     ^────abandon_setup────┘        (disconnect leads from every state to closed, for good)
//
// State and number of users are one atomic word, written by read-modify-write only, acquire-release: whoever enters
// sees the socket that was stored before complete_setup, and whoever closes sees that everyone has left.

#ifndef ASYNC_SOCKET_COMMON_TRANSPORT_USE_GATE_HPP
#define ASYNC_SOCKET_COMMON_TRANSPORT_USE_GATE_HPP

#include <atomic>
#include <cstdint>

namespace async_socket::detail {

class use_gate {
public:
    enum class disconnect_result {
        none,    // nothing was open, or somebody else has disconnected before
        entered, // the caller is the one who disconnects, is counted as a user, and must leave
    };

    use_gate() noexcept = default;
    // A gate that is open from the start, for a transport made of a connected socket.
    explicit use_gate(bool open) noexcept : word_(open ? bits_of(state::open) : bits_of(state::idle)) {}

    // idle -> setup. False in every other state. The caller ends it with one of the two below.
    [[nodiscard]] bool begin_setup() noexcept
    {
        std::uint32_t expected = bits_of(state::idle);
        return word_.compare_exchange_strong(expected, bits_of(state::setup), std::memory_order_acq_rel);
    }

    // setup -> open. False when it was disconnected meanwhile: the socket is still the caller's, to be closed.
    [[nodiscard]] bool complete_setup() noexcept
    {
        std::uint32_t expected = bits_of(state::setup);
        return word_.compare_exchange_strong(expected, bits_of(state::open), std::memory_order_acq_rel);
    }

    // setup -> idle, unless it was disconnected meanwhile.
    void abandon_setup() noexcept
    {
        std::uint32_t expected = bits_of(state::setup);
        word_.compare_exchange_strong(expected, bits_of(state::idle), std::memory_order_acq_rel);
    }

    // Counts a user. False, and nothing counted, when the gate is not open.
    // SRS_SOCKET_TRANSPORT_01_026
    [[nodiscard]] bool enter() noexcept
    {
        std::uint32_t word = word_.load(std::memory_order_acquire);
        while (state_of(word) == state::open) {
            if (word_.compare_exchange_weak(word, word + one_user, std::memory_order_acq_rel,
                                            std::memory_order_acquire)) {
                return true;
            }
        }
        return false;
    }

    // Counts one more user for as long as there is one, whether or not the gate is open: nobody closes the socket
    // before the last of them has left. False, and nothing counted, where it is closed and used by nobody.
    // SRS_SOCKET_TRANSPORT_01_026
    [[nodiscard]] bool join() noexcept
    {
        std::uint32_t word = word_.load(std::memory_order_acquire);
        while (state_of(word) == state::open || word >= one_user) {
            if (word_.compare_exchange_weak(word, word + one_user, std::memory_order_acq_rel,
                                            std::memory_order_acquire)) {
                return true;
            }
        }
        return false;
    }

    // True: the gate was disconnected, the caller was the last user and must close the socket.
    // SRS_SOCKET_TRANSPORT_01_024
    [[nodiscard]] bool leave() noexcept
    {
        return word_.fetch_sub(one_user, std::memory_order_acq_rel) - one_user == bits_of(state::closed);
    }

    // Any state -> closed.
    [[nodiscard]] disconnect_result disconnect() noexcept
    {
        std::uint32_t word = word_.load(std::memory_order_acquire);
        for (;;) {
            const bool was_open = state_of(word) == state::open;
            if (state_of(word) == state::closed) {
                return disconnect_result::none;
            }
            const std::uint32_t users = word & ~state_mask;
            const std::uint32_t after = users + (was_open ? one_user : 0) + bits_of(state::closed);
            if (word_.compare_exchange_weak(word, after, std::memory_order_acq_rel, std::memory_order_acquire)) {
                return was_open ? disconnect_result::entered : disconnect_result::none;
            }
        }
    }

    // open -> closed, where nobody uses it: the socket is the caller's then, to keep or to close. False otherwise.
    // SRS_SOCKET_OPTIONS_01_009
    [[nodiscard]] bool close_unused() noexcept
    {
        std::uint32_t expected = bits_of(state::open);
        return word_.compare_exchange_strong(expected, bits_of(state::closed), std::memory_order_acq_rel);
    }

    [[nodiscard]] bool is_open() const noexcept
    {
        return state_of(word_.load(std::memory_order_acquire)) == state::open;
    }

    [[nodiscard]] bool is_closed() const noexcept
    {
        return state_of(word_.load(std::memory_order_acquire)) == state::closed;
    }

private:
    enum class state : std::uint32_t { idle, setup, open, closed };

    static constexpr std::uint32_t state_mask = 0x3;
    static constexpr std::uint32_t one_user = 0x4;

    static constexpr std::uint32_t bits_of(state value) noexcept { return static_cast<std::uint32_t>(value); }
    static constexpr state state_of(std::uint32_t word) noexcept { return static_cast<state>(word & state_mask); }

    std::atomic<std::uint32_t> word_{0};
};

} // namespace async_socket::detail

#endif
