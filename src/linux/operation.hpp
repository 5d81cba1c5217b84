// SPDX-License-Identifier: MIT
//
// The record of one send, receive or notification, from the call that starts it to its callback. It belongs to the
// call until it is given to the socket's worker, and to that worker's thread from then on; no two threads touch it at
// the same time.

#ifndef ASYNC_SOCKET_LINUX_OPERATION_HPP
#define ASYNC_SOCKET_LINUX_OPERATION_HPP

#include <sys/socket.h>
#include <sys/uio.h>

#include <cstdint>

#include "async_socket/async_socket.h"
#include "linux/inbox.hpp"

namespace async_socket::detail {

struct operation : work_item {
    explicit operation() noexcept : work_item(work_kind::send) {}

    ASYNC_SOCKET_HANDLE socket = nullptr;

    // Which of them it is, `kind` tells.
    union callback_of_kind {
        ON_ASYNC_SOCKET_SEND_COMPLETE send;
        ON_ASYNC_SOCKET_RECEIVE_COMPLETE receive;
        ON_ASYNC_SOCKET_NOTIFY_IO_COMPLETE notify;
    } callback{};
    void* callback_context = nullptr;

    std::uint32_t total_length = 0;
    std::uint32_t transferred = 0;

    // The buffers from `current` on are still to be transferred; what is transferred of that one is cut off it.
    iovec* buffers = inline_buffers;
    std::uint32_t buffer_count = 0;
    std::uint32_t current = 0;
    std::uint32_t capacity = inline_capacity;

    // One of the three results, as `kind` tells. Written when the operation ends.
    std::uint8_t result = 0;
    // Taken from the pool by another thread than the worker's, and to be given back to such.
    bool taken_elsewhere = false;

    // The kernel reads it while the operation is in flight.
    msghdr message{};

    static constexpr std::uint32_t inline_capacity = 2;
    iovec inline_buffers[inline_capacity];
};

// A queue of operations that are linked by themselves; used by one thread at a time.
class operation_queue {
public:
    [[nodiscard]] bool empty() const noexcept { return first_ == nullptr; }
    [[nodiscard]] operation* front() const noexcept { return first_; }

    void push_back(operation* added) noexcept
    {
        added->next = nullptr;
        if (first_ == nullptr) {
            first_ = added;
        } else {
            last_->next = added;
        }
        last_ = added;
    }

    operation* pop_front() noexcept
    {
        operation* const popped = first_;
        first_ = next_of(popped);
        return popped;
    }

    // Takes out one that is somewhere in the queue.
    void remove(operation* removed) noexcept
    {
        operation* before = nullptr;
        for (operation* each = first_; each != removed; each = next_of(each)) {
            before = each;
        }
        if (before == nullptr) {
            pop_front();
            return;
        }
        before->next = removed->next;
        if (last_ == removed) {
            last_ = before;
        }
    }

    [[nodiscard]] static operation* next_of(operation* each) noexcept { return static_cast<operation*>(each->next); }

private:
    operation* first_ = nullptr;
    operation* last_ = nullptr;
};

} // namespace async_socket::detail

#endif
