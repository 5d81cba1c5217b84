// SPDX-License-Identifier: MIT

#include "common/lifecycle/lifecycle.hpp"

#include "common/lifecycle/cooperative_wait.hpp"
#include "common/lifecycle/parking.hpp"

namespace async_socket::detail {

bool lifecycle::is_for_the_last_to_free(std::uint64_t word) noexcept
{
    const bool settled = state_of(word) == state::closed || state_of(word) == state::created;
    return settled && (word & handle_released) != 0 && calls_in(word) == 0 && operations_in(word) == 0;
}

std::uint64_t lifecycle::change(std::uint64_t difference) noexcept
{
    const std::uint64_t after = word_.fetch_add(difference, std::memory_order_seq_cst) + difference;
    // Nobody waits on an open socket, so the usual case pays for no wake-up.
    if (state_of(after) != state::open || state_of(after - difference) != state::open) {
        unpark(&word_);
        cooperative_thread::wake_waiting();
    }
    return after;
}

bool lifecycle::change_state(state from, state to) noexcept
{
    std::uint64_t word = word_.load(std::memory_order_acquire);
    while (state_of(word) == from && !(to == state::opening && (word & close_waits) != 0)) {
        if (word_.compare_exchange_weak(word, word + bits_of(to) - bits_of(from), std::memory_order_seq_cst,
                                        std::memory_order_acquire)) {
            unpark(&word_);
            cooperative_thread::wake_waiting();
            return true;
        }
    }
    return false;
}

// SRS_ASYNC_SOCKET_WIN32_01_015, SRS_ASYNC_SOCKET_WIN32_01_023. After a connect that failed its callback may be running
// still, and others may be inside.
bool lifecycle::begin_open() noexcept
{
    return change_state(state::created, state::opening);
}

// SRS_ASYNC_SOCKET_WIN32_01_039
void lifecycle::abandon_open() noexcept
{
    change(bits_of(state::created) - bits_of(state::opening));
}

// SRS_ASYNC_SOCKET_WIN32_01_094
void lifecycle::complete_open(std::uint32_t others) noexcept
{
    change(bits_of(state::open) - bits_of(state::opening) + one_operation * (std::uint64_t{1} + others));
}

void lifecycle::begin_connect(std::uint32_t others) noexcept
{
    change(bits_of(state::connecting) - bits_of(state::opening) + one_operation * (std::uint64_t{1} + others));
}

bool lifecycle::complete_connect() noexcept
{
    return change_state(state::connecting, state::open);
}

bool lifecycle::abandon_connect() noexcept
{
    return change_state(state::connecting, state::created);
}

// SRS_ASYNC_SOCKET_WIN32_01_097, SRS_ASYNC_SOCKET_WIN32_01_098, SRS_ASYNC_SOCKET_GUARANTEE_01_006,
// SRS_ASYNC_SOCKET_GUARANTEE_01_022
bool lifecycle::begin_call() noexcept
{
    std::uint64_t word = word_.load(std::memory_order_acquire);
    while (state_of(word) == state::open && has_room(word)) {
        if (word_.compare_exchange_weak(word, word + one_call + one_operation, std::memory_order_acq_rel,
                                        std::memory_order_acquire)) {
            return true;
        }
    }
    return false;
}

void lifecycle::end_call() noexcept
{
    change(std::uint64_t{0} - one_call);
}

void lifecycle::withdraw_call() noexcept
{
    // The socket cannot be closed under a counted call, so this is never the one that frees.
    change(std::uint64_t{0} - one_call - one_operation);
}

lifecycle::state lifecycle::begin_visit() noexcept
{
    return state_of(word_.fetch_add(one_call, std::memory_order_acq_rel));
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_022
bool lifecycle::begin_lasting_visit() noexcept
{
    std::uint64_t word = word_.load(std::memory_order_acquire);
    while (calls_in(word) < most_calls) {
        if (word_.compare_exchange_weak(word, word + one_call, std::memory_order_acq_rel, std::memory_order_acquire)) {
            return true;
        }
    }
    return false;
}

bool lifecycle::is_crowded() const noexcept
{
    const std::uint64_t word = word_.load(std::memory_order_acquire);
    return state_of(word) == state::open && !has_room(word);
}

bool lifecycle::end_visit() noexcept
{
    return is_for_the_last_to_free(change(std::uint64_t{0} - one_call));
}

bool lifecycle::end_operation() noexcept
{
    return is_for_the_last_to_free(change(std::uint64_t{0} - one_operation));
}

// SRS_ASYNC_SOCKET_WIN32_01_005
bool lifecycle::release_handle() noexcept
{
    return is_for_the_last_to_free(word_.fetch_or(handle_released, std::memory_order_acq_rel) | handle_released);
}

lifecycle::state lifecycle::current() const noexcept
{
    return state_of(word_.load(std::memory_order_acquire));
}

std::uint32_t lifecycle::operations() const noexcept
{
    return operations_in(word_.load(std::memory_order_acquire));
}

// Sequentially consistent: see cooperative_wait.cpp.
bool lifecycle::has_calls() const noexcept
{
    return calls_in(word_.load(std::memory_order_seq_cst)) != 0;
}

bool lifecycle::only_the_close_is_left() const noexcept
{
    return operations_in(word_.load(std::memory_order_seq_cst)) == 1;
}

} // namespace async_socket::detail
