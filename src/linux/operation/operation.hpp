// SPDX-License-Identifier: MIT
//
// The record of one send, receive, notification and whatever else calls back, from the call that starts it to its
// callback. It belongs to the
// call until it is given to the socket's worker, and to that worker's thread from then on; no two threads touch it at
// the same time.

#ifndef ASYNC_SOCKET_LINUX_OPERATION_OPERATION_HPP
#define ASYNC_SOCKET_LINUX_OPERATION_OPERATION_HPP

#include <sys/socket.h>
#include <sys/uio.h>

#include <cstdint>

#include "api/platform/operations.hpp"
#include "common/lifecycle/end_waiter.hpp"
#include "linux/operation/inbox.hpp"
#include "linux/operation/worker_timer.hpp"

namespace async_socket::detail {

struct operation;

// Why an operation is to end before its time.
enum class early_end : std::uint8_t { none, cancelled, timed_out };

// What only those operations need that have a name or a time limit. A record that has got one keeps it.
struct operation_extra {
    explicit operation_extra(operation* record) noexcept : timer(timer_purpose::operation, record) {}

    worker_timer timer; // its time is due
    ASYNC_OPERATION_ID id = 0;
    operation* next_of_bucket = nullptr; // of operation_index
    end_waiter* waiters = nullptr;       // to be signalled when the callback has returned
    early_end reason = early_end::none;
    bool at_once = false; // it has no time to wait at all
};

// Several buffers, which follow it in memory, and the message that tells the kernel of them.
struct buffer_block {
    msghdr message{}; // the kernel reads it while a send or a receive is in flight
    std::uint32_t capacity = 0;

    // nullptr when there is no memory.
    [[nodiscard]] static buffer_block* make(std::uint32_t buffer_count) noexcept;
    static void free(buffer_block* freed) noexcept;

    [[nodiscard]] iovec* buffers() noexcept { return reinterpret_cast<iovec*>(this + 1); }
};

// A connection that waits for its peer has one of these, so what not every operation needs is kept elsewhere.
struct operation : work_item {
    // Of no kind in particular, as one from the pool: whoever prepares it says what it is.
    explicit operation() noexcept : work_item(work_kind{}) {}

    // One of the three results, as `kind` tells, or an ASYNC_STATUS. Written when the operation ends.
    std::uint8_t result = 0;
    bool has_ended = false;
    bool says_how = false;
    bool uses_extra = false;
    bool in_flight = false; // a notification of which the kernel knows
    // Taken from the pool by another thread than the worker's, and to be given back to such.
    bool taken_elsewhere = false;

    ASYNC_SOCKET_HANDLE socket = nullptr;

    // Which of them it is, `kind` tells.
    using callback_of_kind = operation_callback;
    callback_of_kind callback{};
    void* callback_context = nullptr;

    std::uint32_t total_length = 0;
    std::uint32_t transferred = 0;

    // The buffers from `current` on are still to be transferred; what is transferred of that one is cut off it.
    std::uint32_t buffer_count = 0;
    std::uint32_t current = 0;

    // The system's error that the result stands for, for those that say how they went.
    std::int32_t system_error = 0;
    operation* previous = nullptr; // in its queue
    operation_extra* extra = nullptr;
    buffer_block* block = nullptr; // of a record that has had more than one buffer, which keeps it

    union {
        iovec only_buffer{};              // of a record without a block
        SOCKET_TRANSPORT_HANDLE accepted; // what an accept has got, or nullptr
    };

    [[nodiscard]] iovec* buffers() noexcept { return block != nullptr ? block->buffers() : &only_buffer; }
    [[nodiscard]] std::uint32_t capacity() const noexcept { return block != nullptr ? block->capacity : 1; }
    [[nodiscard]] early_end ends_early() const noexcept { return uses_extra ? extra->reason : early_end::none; }
    // It has no time to wait.
    [[nodiscard]] bool is_hurried() const noexcept { return uses_extra && extra->at_once; }
};

// A queue of operations that are linked by themselves; used by one thread at a time.
class operation_queue {
public:
    [[nodiscard]] bool empty() const noexcept { return first_ == nullptr; }
    [[nodiscard]] operation* front() const noexcept { return first_; }

    void push_back(operation* added) noexcept
    {
        added->next = nullptr;
        added->previous = last_;
        if (last_ == nullptr) {
            first_ = added;
        } else {
            last_->next = added;
        }
        last_ = added;
    }

    operation* pop_front() noexcept
    {
        operation* const popped = first_;
        remove(popped);
        return popped;
    }

    // Takes out one that is somewhere in the queue.
    void remove(operation* removed) noexcept
    {
        operation* const after = next_of(removed);
        if (removed->previous == nullptr) {
            first_ = after;
        } else {
            removed->previous->next = after;
        }
        if (after == nullptr) {
            last_ = removed->previous;
        } else {
            after->previous = removed->previous;
        }
    }

    [[nodiscard]] static operation* next_of(operation* each) noexcept { return static_cast<operation*>(each->next); }

private:
    operation* first_ = nullptr;
    operation* last_ = nullptr;
};

} // namespace async_socket::detail

#endif
