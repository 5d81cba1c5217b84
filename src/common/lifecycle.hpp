// SPDX-License-Identifier: MIT
//
// The life of an async socket: its state, the number of API calls now inside, and the number of operations whose
// callback has not returned, in one atomic word. "Is it open?" and "I am inside" are therefore one step, and so are
// "the last one has left" and "nobody else will come": close cannot pass a call that is about to start, and the memory
// is freed by exactly one of those who could be last.
//
//   created ──begin_open──> opening ──complete_open──> open ──begin_close──> closing ──complete_close──> closed
//      ^───────abandon_open────┘
//
// Who writes the word: everyone, by read-modify-write only. All of these are acquire-release or stronger, so whoever
// sees a count at zero also sees everything that was done by those who were counted.
//
// A thread that makes the last change does not touch the object afterwards: it may be freed at once by the thread that
// was waiting. Waking is by the address alone.

#ifndef ASYNC_SOCKET_COMMON_LIFECYCLE_HPP
#define ASYNC_SOCKET_COMMON_LIFECYCLE_HPP

#include <atomic>
#include <chrono>
#include <cstdint>

namespace async_socket::detail {

class lifecycle {
public:
    enum class state : std::uint64_t { created, opening, open, closing, closed };

    // created -> opening. False when the socket is in any other state.
    [[nodiscard]] bool begin_open() noexcept;
    // opening -> created, after a failure.
    void abandon_open() noexcept;
    // opening -> open. The open callback that follows counts as an operation, to be ended with end_operation; so does
    // each of the `others` that last as long as the socket is open.
    void complete_open(std::uint32_t others) noexcept;

    // Counts a call and the operation that it is to start. False, and nothing counted, when the socket is not open.
    [[nodiscard]] bool begin_call() noexcept;
    // The call leaves; its operation was started and stays counted.
    void end_call() noexcept;
    // The call leaves; no operation was started.
    void withdraw_call() noexcept;
    // The callback of an operation has returned. True: the caller was the last and must free the socket.
    [[nodiscard]] bool end_operation() noexcept;

    // open -> closing. False when the socket is in any other state. The one caller that gets true goes through
    // wait_for_calls, wait_for_operations and complete_close.
    [[nodiscard]] bool begin_close(bool inside_own_callback) noexcept;
    void wait_for_calls() const noexcept;
    // Waits until no more than `own` operations are left: those whose callbacks are on the stack of the caller.
    void wait_for_operations(std::uint32_t own) const noexcept;
    // The same for at most `limit`, and for no cooperative thread. False when more are left then.
    [[nodiscard]] bool wait_briefly_for_operations(std::uint32_t own, std::chrono::milliseconds limit) const noexcept;
    // closing -> closed. True: the handle was destroyed meanwhile and the caller must free the socket.
    [[nodiscard]] bool complete_close() noexcept;

    // Waits while the socket is opening or closing; returns the state that it found then.
    state wait_until_settled() const noexcept;
    // For a destroy inside a callback while somebody else closes the socket: waits until the only operations left are
    // the `own` ones and the one whose callback closes, if one does that is not among them. Returns at once when the
    // closing has ended.
    void wait_for_others_to_close(std::uint32_t own, bool closer_is_among_own) const noexcept;
    // The handle is given back. True: nobody is left and the caller must free the socket; otherwise the last one does.
    [[nodiscard]] bool release_handle() noexcept;

    [[nodiscard]] state current() const noexcept;
    // Operations whose callback has not returned.
    [[nodiscard]] std::uint32_t operations() const noexcept;

private:
    // bits 0-2 state | bit 3 closed from inside a callback | bit 4 handle given back | bits 8-31 calls | bits 32-63
    // operations
    static constexpr std::uint64_t state_mask = 0x7;
    static constexpr std::uint64_t closer_in_callback = 0x8;
    static constexpr std::uint64_t handle_released = 0x10;
    static constexpr std::uint64_t one_call = std::uint64_t{1} << 8;
    static constexpr std::uint64_t calls_mask = std::uint64_t{0xFFFFFF} << 8;
    static constexpr std::uint64_t one_operation = std::uint64_t{1} << 32;

    static constexpr state state_of(std::uint64_t word) noexcept { return static_cast<state>(word & state_mask); }
    static constexpr std::uint64_t bits_of(state value) noexcept { return static_cast<std::uint64_t>(value); }
    static constexpr std::uint64_t calls_in(std::uint64_t word) noexcept { return word & calls_mask; }
    static constexpr std::uint32_t operations_in(std::uint64_t word) noexcept
    {
        return static_cast<std::uint32_t>(word >> 32);
    }
    static bool is_for_the_last_to_free(std::uint64_t word) noexcept;

    template <typename predicate>
    class word_condition;
    // Waits until `done(word)` holds and returns the word; on a cooperative thread, by working.
    template <typename predicate>
    std::uint64_t wait_until(predicate done) const noexcept;
    // Adds to the word and wakes whoever waits; returns the new word.
    std::uint64_t change(std::uint64_t difference) noexcept;

    std::atomic<std::uint64_t> word_{0};
};

} // namespace async_socket::detail

#endif
