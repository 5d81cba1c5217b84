// SPDX-License-Identifier: MIT
//
// What is due when: a pairing heap of nodes that are part of what they time. Adding takes constant time, taking out a
// logarithm of the number on average, and neither needs memory. Used by one thread at a time.

#ifndef ASYNC_SOCKET_COMMON_TIME_TIMER_HEAP_HPP
#define ASYNC_SOCKET_COMMON_TIME_TIMER_HEAP_HPP

#include <chrono>
#include <cstdint>

namespace async_socket::detail {

// Nanoseconds of the steady clock.
using time_point_ns = std::uint64_t;

inline constexpr time_point_ns never = UINT64_MAX;

[[nodiscard]] inline time_point_ns now_ns() noexcept
{
    return static_cast<time_point_ns>(
        std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
            .count());
}

// `milliseconds` from now on; UINT32_MAX: never.
[[nodiscard]] inline time_point_ns due_in_ms(std::uint32_t milliseconds) noexcept
{
    return milliseconds == UINT32_MAX ? never : now_ns() + std::uint64_t{milliseconds} * 1'000'000;
}

struct timer_node {
    time_point_ns due = never;

private:
    friend class timer_heap;
    timer_node* child = nullptr;
    timer_node* sibling = nullptr;
    timer_node* previous = nullptr; // the sibling before, or the parent of the first child; the node itself at the top
};

class timer_heap {
public:
    [[nodiscard]] bool empty() const noexcept { return top_ == nullptr; }
    [[nodiscard]] timer_node* front() const noexcept { return top_; }
    [[nodiscard]] static bool is_queued(const timer_node& node) noexcept { return node.previous != nullptr; }

    void push(timer_node& node) noexcept
    {
        node.child = nullptr;
        node.sibling = nullptr;
        set_top(meld(top_, &node));
    }

    // A node that is in this heap.
    void remove(timer_node& node) noexcept
    {
        timer_node* const children = merge_pairs(node.child);
        if (&node == top_) {
            set_top(children);
        } else {
            if (node.previous->child == &node) {
                node.previous->child = node.sibling;
            } else {
                node.previous->sibling = node.sibling;
            }
            if (node.sibling != nullptr) {
                node.sibling->previous = node.previous;
            }
            set_top(meld(top_, children));
        }
        node.child = nullptr;
        node.sibling = nullptr;
        node.previous = nullptr;
    }

private:
    void set_top(timer_node* top) noexcept
    {
        top_ = top;
        if (top != nullptr) {
            top->previous = top;
        }
    }

    // Makes the later of two the first child of the other. Of two that are due together the one that came first stays
    // first where it can.
    static timer_node* meld(timer_node* first, timer_node* second) noexcept
    {
        if (first == nullptr || second == nullptr) {
            return first == nullptr ? second : first;
        }
        if (second->due < first->due) {
            timer_node* const swapped = first;
            first = second;
            second = swapped;
        }
        second->sibling = first->child;
        if (second->sibling != nullptr) {
            second->sibling->previous = second;
        }
        second->previous = first;
        first->child = second;
        first->sibling = nullptr;
        return first;
    }

    // One tree of a row of siblings: melded by pairs, then all pairs into one. Without recursion, for a row may be
    // long.
    static timer_node* merge_pairs(timer_node* first) noexcept
    {
        timer_node* pairs = nullptr; // linked by `sibling`, the last one first
        while (first != nullptr) {
            timer_node* const second = first->sibling;
            timer_node* const rest = second != nullptr ? second->sibling : nullptr;
            first->sibling = nullptr;
            if (second != nullptr) {
                second->sibling = nullptr;
            }
            timer_node* const pair = meld(first, second);
            pair->sibling = pairs;
            pairs = pair;
            first = rest;
        }
        timer_node* merged = nullptr;
        while (pairs != nullptr) {
            timer_node* const rest = pairs->sibling;
            pairs->sibling = nullptr;
            merged = meld(pairs, merged);
            pairs = rest;
        }
        return merged;
    }

    timer_node* top_ = nullptr;
};

} // namespace async_socket::detail

#endif
