// SPDX-License-Identifier: MIT

#include "win32/socket/receive_line.hpp"

#include "win32/socket/tracked_operation.hpp"

namespace async_socket::detail {

bool receive_line::may_go(const tracked_operation& receive) const noexcept
{
    const bool is_system_free = (with_system_.load(std::memory_order_acquire) & ~has_line) == 0;
    return !is_alone_ && (is_system_free || !receive.can_end_early);
}

void receive_line::count(const tracked_operation& receive) noexcept
{
    with_system_.fetch_add(1, std::memory_order_acq_rel);
    is_alone_ = receive.can_end_early;
}

bool receive_line::begin(tracked_operation& receive) noexcept
{
    with_system_.fetch_or(has_line, std::memory_order_acq_rel);
    if (first_ == nullptr && !is_served_ && may_go(receive)) {
        is_served_ = true;
        count(receive);
        return true;
    }
    receive.held_by.store(holder::queue, std::memory_order_relaxed);
    receive.is_in_line = true;
    receive.before = last_;
    receive.behind = nullptr;
    (last_ == nullptr ? first_ : last_->behind) = &receive;
    last_ = &receive;
    return false;
}

void receive_line::remove(tracked_operation& receive) noexcept
{
    receive.is_in_line = false;
    (receive.before == nullptr ? first_ : receive.before->behind) = receive.behind;
    (receive.behind == nullptr ? last_ : receive.behind->before) = receive.before;
}

bool receive_line::begin_to_serve() noexcept
{
    return !is_served_ && (is_served_ = true);
}

tracked_operation* receive_line::next() noexcept
{
    while (first_ != nullptr && may_go(*first_)) {
        tracked_operation& receive = *first_;
        remove(receive);
        // The timer may have taken it: its time is over.
        holder expected = holder::queue;
        if (receive.held_by.compare_exchange_strong(expected, holder::system, std::memory_order_acq_rel)) {
            count(receive);
            return &receive;
        }
    }
    is_served_ = false;
    if (first_ == nullptr && !is_alone_) {
        with_system_.fetch_and(~has_line, std::memory_order_acq_rel);
    }
    return nullptr;
}

} // namespace async_socket::detail
