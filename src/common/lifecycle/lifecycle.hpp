// SPDX-License-Identifier: MIT
//
// The life of an async socket: its state, the number of API calls now inside, and the number of operations whose
// callback has not returned, in one atomic word. "Is it open?" and "I am inside" are therefore one step, and so are
// "the last one has left" and "nobody else will come": close cannot pass a call that is about to start, and the memory
// is freed by exactly one of those who could be last.
//
//   created ──begin_open──> opening ──complete_open──> open ──begin_close──> closing ──complete_close──> closed
//    ^  ^──────abandon_open────┤                        ^  ^                    ^
//    │                   begin_connect ──> connecting ──┴──complete_connect     │
//    └────────────────────abandon_connect──────┴─────────────begin_close────────┘
//
// Opening lasts for one call. Connecting lasts until a connection is made or given up, and can be closed under way; and
// so can, from `created`, what is left of a connect that failed: its callback, which may connect again.
//
// Who writes the word: everyone, by read-modify-write only. All of these are acquire-release or stronger, so whoever
// sees a count at zero also sees everything that was done by those who were counted.
//
// A thread that makes the last change does not touch the object afterwards: it may be freed at once by the thread that
// was waiting. Waking is by the address alone.

#ifndef ASYNC_SOCKET_COMMON_LIFECYCLE_LIFECYCLE_HPP
#define ASYNC_SOCKET_COMMON_LIFECYCLE_LIFECYCLE_HPP

#include <atomic>
#include <chrono>
#include <cstdint>

namespace async_socket::detail {

class callback_wait;

class lifecycle {
public:
    enum class state : std::uint64_t { created, opening, open, closing, closed, connecting };

    // created -> opening. False when the socket is in any other state, or is about to be closed. The callback of a
    // connect that failed may be running still, and is the one that opens, perhaps.
    [[nodiscard]] bool begin_open() noexcept;
    // opening -> created, after a failure.
    void abandon_open() noexcept;
    // opening -> open. The open callback that follows counts as an operation, to be ended with end_operation; so does
    // each of the `others` that last as long as the socket is open.
    void complete_open(std::uint32_t others) noexcept;

    // opening -> connecting. The callback at the end counts as an operation, to be ended with end_operation; so does
    // each of the `others`.
    void begin_connect(std::uint32_t others) noexcept;
    // connecting -> open, or connecting -> created after a failure. False when the socket is being closed.
    [[nodiscard]] bool complete_connect() noexcept;
    [[nodiscard]] bool abandon_connect() noexcept;

    // Counts a call and the operation that it is to start. False, and nothing counted, when the socket is not open, or
    // is crowded.
    [[nodiscard]] bool begin_call() noexcept;
    // Whether it is open, and nothing more is let in until something has left.
    [[nodiscard]] bool is_crowded() const noexcept;
    // The call leaves; its operation was started and stays counted.
    void end_call() noexcept;
    // The call leaves; no operation was started.
    void withdraw_call() noexcept;

    // Counts a call in any state, for one that is about operations which are under way; returns the state. Close waits
    // for it as for others, if it has begun before, so it must not wait for a callback.
    state begin_visit() noexcept;
    // The same for one that may outlast the call that makes it, so that a thread may make any number of them. False,
    // and nothing counted, when there are too many.
    [[nodiscard]] bool begin_lasting_visit() noexcept;
    // True: the caller was the last and must free the socket.
    [[nodiscard]] bool end_visit() noexcept;

    // The callback of an operation has returned. True: the caller was the last and must free the socket.
    [[nodiscard]] bool end_operation() noexcept;

    // What a close has to end. As a condition: whether it has anything to do.
    enum to_close : std::uint8_t {
        close_nothing,    // there is nothing, or somebody else closes
        close_callbacks,  // the callback of a connect that failed: it is to be waited for, and nothing to be ended
        close_connection, // a connection, or a connect under way
    };
    // Where it is closed from. In the background nobody waits: what does so counts as an operation, which ends with the
    // callback that tells of the end, and is the last one.
    enum class closer : std::uint8_t { elsewhere, own_callback, background };
    // open or connecting -> closing; so, too, where a connect has failed and its callback has not returned, for that
    // may connect again: waits while it is about to. The one caller that has something to close goes through
    // wait_for_calls, wait_for_operations and complete_close.
    [[nodiscard]] to_close begin_close(closer from) noexcept;
    void wait_for_calls() const noexcept;
    // Waits until no more than `own` operations are left, those whose callbacks are on the stack of the caller, and
    // those that the wait leaves out.
    void wait_for_operations(std::uint32_t own, callback_wait& wait) const noexcept;
    // The same for at most `limit`, and for no cooperative thread. False when more are left then.
    [[nodiscard]] bool wait_briefly_for_operations(std::uint32_t own, callback_wait& wait,
                                                   std::chrono::milliseconds limit) const noexcept;
    // closing -> closed. True: the handle was destroyed meanwhile and the caller must free the socket.
    [[nodiscard]] bool complete_close() noexcept;

    // Waits while the socket is opening or closing; while it is closing only for what the wait does not leave out.
    // True: there is something to close then.
    [[nodiscard]] bool wait_until_settled(callback_wait& wait) const noexcept;
    // For a destroy inside a callback while somebody else closes the socket: waits until the only operations left are
    // the `own` ones and the one whose callback closes, if one does that is not among them. Returns at once when the
    // closing has ended.
    void wait_for_others_to_close(std::uint32_t own, bool closer_is_among_own, callback_wait& wait) const noexcept;
    // The handle is given back. True: nobody is left and the caller must free the socket; otherwise the last one does.
    [[nodiscard]] bool release_handle() noexcept;

    [[nodiscard]] state current() const noexcept;
    // Operations whose callback has not returned.
    [[nodiscard]] std::uint32_t operations() const noexcept;

    // The same questions for a close in the background, which looks again when it is woken (cooperative_wait.hpp):
    // whether calls are inside, and whether it is the only operation left.
    [[nodiscard]] bool has_calls() const noexcept;
    [[nodiscard]] bool only_the_close_is_left() const noexcept;

private:
    // bits 0-2 state | bit 3 closed from inside a callback | bit 4 handle given back | bit 5 a close waits for the end
    // of an opening | bits 8-31 calls | bits 32-63 operations
    static constexpr std::uint64_t state_mask = 0x7;
    static constexpr std::uint64_t closer_in_callback = 0x8;
    static constexpr std::uint64_t handle_released = 0x10;
    static constexpr std::uint64_t close_waits = 0x20;
    static constexpr std::uint64_t one_call = std::uint64_t{1} << 8;
    static constexpr std::uint64_t calls_mask = std::uint64_t{0xFFFFFF} << 8;
    static constexpr std::uint64_t one_operation = std::uint64_t{1} << 32;
    // Half of what can be counted: the other half is for visits that last no longer than the call of a thread, of which
    // no system has so many.
    static constexpr std::uint64_t most_calls = std::uint64_t{0x7FFFFF} << 8;
    static constexpr std::uint32_t most_operations = UINT32_MAX;

    static constexpr state state_of(std::uint64_t word) noexcept { return static_cast<state>(word & state_mask); }
    static constexpr std::uint64_t bits_of(state value) noexcept { return static_cast<std::uint64_t>(value); }
    static constexpr std::uint64_t calls_in(std::uint64_t word) noexcept { return word & calls_mask; }
    static constexpr std::uint32_t operations_in(std::uint64_t word) noexcept
    {
        return static_cast<std::uint32_t>(word >> 32);
    }
    static constexpr bool has_room(std::uint64_t word) noexcept
    {
        return calls_in(word) < most_calls && operations_in(word) < most_operations;
    }
    static bool is_for_the_last_to_free(std::uint64_t word) noexcept;
    static bool is_to_be_closed(std::uint64_t word) noexcept;
    // Changes the state from one to another and leaves the rest as it is. False when it is in any other state.
    bool change_state(state from, state to) noexcept;

    template <typename predicate>
    class word_condition;
    [[nodiscard]] static bool is_down_to(std::uint64_t word, std::uint32_t own, const callback_wait& wait) noexcept;
    // Waits until `done(word)` holds and returns the word; on a cooperative thread, by working. `wait`: what it leaves
    // out, where it waits for callbacks.
    template <typename predicate>
    std::uint64_t wait_until(predicate done, callback_wait* wait = nullptr) const noexcept;
    // The same, and sleeps on every thread: for what comes about without any callback.
    template <typename predicate>
    std::uint64_t sleep_until(predicate done) const noexcept;
    // begin_close of a socket that a callback is opening again.
    to_close begin_close_after_opening(std::uint64_t added, bool must_not_work) noexcept;
    // Of a close that has begun with this word.
    static constexpr to_close what_to_close(std::uint64_t word) noexcept
    {
        return state_of(word) == state::created ? close_callbacks : close_connection;
    }
    // Adds to the word and wakes whoever waits; returns the new word.
    std::uint64_t change(std::uint64_t difference) noexcept;

    std::atomic<std::uint64_t> word_{0};
};

} // namespace async_socket::detail

#endif
