// SPDX-License-Identifier: MIT

#include "common/lifecycle/callback_ring.hpp"

#include <cstdio>

#include "common/lifecycle/cooperative_wait.hpp"
#include "common/lifecycle/parking.hpp"

namespace async_socket::detail {

namespace {

std::mutex mutex;

// All under the mutex.
callback_wait* first_wait = nullptr;
// The listed callbacks, spread by their sockets.
constexpr std::size_t place_count = 64;
callback_scope* first_scopes[place_count];

// The topmost listed wait of this thread. All below it are listed, too.
thread_local callback_wait* topmost = nullptr;

callback_scope*& scopes_of(ASYNC_SOCKET_HANDLE socket) noexcept
{
    return first_scopes[(reinterpret_cast<std::uintptr_t>(socket) >> 6) % place_count];
}

template <typename type>
void link(type*& first, type& added, type* type::*previous, type* type::*next) noexcept
{
    added.*next = first;
    if (first != nullptr) {
        first->*previous = &added;
    }
    first = &added;
}

template <typename type>
void unlink(type*& first, type& removed, type* type::*previous, type* type::*next) noexcept
{
    if (removed.*next != nullptr) {
        removed.*next->*previous = removed.*previous;
    }
    (removed.*previous != nullptr ? removed.*previous->*next : first) = removed.*next;
}

} // namespace

void ring_text::add(ASYNC_SOCKET_HANDLE socket) noexcept
{
    const int written =
        std::snprintf(text + length, sizeof text - length, "%s%p", length == 0 ? "" : ", ", static_cast<void*>(socket));
    length += written > 0 ? static_cast<std::size_t>(written) : 0;
    length = length < sizeof text ? length : sizeof text - 1;
}

std::unique_lock<std::mutex> callback_ring::lock()
{
    return std::unique_lock(mutex);
}

void callback_ring::list(callback_wait& added) noexcept
{
    for (callback_wait* each = &added; each != nullptr && !each->is_listed_; each = each->outer_) {
        each->is_listed_ = true;
        each->top_ = &topmost;
        each->thread_ = cooperative_thread::current();
        link(first_wait, *each, &callback_wait::previous_, &callback_wait::next_);
    }
    topmost = &added;
    // Until they have returned, so that those below a listed one are listed.
    for (callback_scope* each = added.innermost_scope_; each != nullptr && !each->is_listed_; each = each->outer_) {
        each->is_listed_ = true;
        each->top_ = &topmost;
        link(scopes_of(each->socket_), *each, &callback_scope::previous_, &callback_scope::next_);
    }
}

void callback_ring::take_out(callback_wait& removed) noexcept
{
    unlink(first_wait, removed, &callback_wait::previous_, &callback_wait::next_);
    topmost = removed.outer_;
    for (callback_scope* each = scopes_of(removed.awaited_); each != nullptr; each = each->next_) {
        for (callback_wait*& by : each->left_out_by_) {
            by = by == &removed ? nullptr : by;
        }
    }
}

void callback_ring::take_out_scope(callback_scope& removed) noexcept
{
    unlink(scopes_of(removed.socket_), removed, &callback_scope::previous_, &callback_scope::next_);
    for (callback_wait* const by : removed.left_out_by_) {
        if (by != nullptr) {
            by->left_out_.fetch_sub(1, std::memory_order_seq_cst);
        }
    }
}

bool callback_ring::is_left_out(const callback_scope& scope) noexcept
{
    return scope.left_out_by_[0] != nullptr || scope.left_out_by_[1] != nullptr;
}

bool callback_ring::find() noexcept
{
    find_what_is_ahead();
    find_members();
    return has_members_;
}

void callback_ring::leave_out(ring_text& names) noexcept
{
    for (callback_wait* each = first_found_; each != nullptr; each = each->next_found_) {
        if (!each->is_member_) {
            continue;
        }
        names.add(each->awaited_);
        if (each->why_ == callback_wait::purpose::close_in_background) {
            continue;
        }
        for_each_awaited(*each, [each](callback_scope& scope) {
            const bool is_counted_apart = scope.closes() && each->why_ == callback_wait::purpose::destroy;
            if (!is_counted_apart && is_held_up(scope)) {
                leave_out_of(*each, scope);
            }
        });
        each->is_in_ring_.store(true, std::memory_order_seq_cst);
        if (each != &last_) {
            wake(*each);
        }
    }
}

void callback_ring::forget() noexcept
{
    for (callback_wait* each = first_found_; each != nullptr; each = each->next_found_) {
        each->is_found_ = false;
        each->is_member_ = false;
    }
}

std::uint32_t callback_ring::height_of(const callback_wait& wait) noexcept
{
    return wait.innermost_scope_ == nullptr ? 0 : wait.innermost_scope_->height_;
}

// The callbacks that the wait waits for: those of the socket on the stacks of other threads.
template <typename visitor>
void callback_ring::for_each_awaited(const callback_wait& wait, visitor visit) noexcept
{
    for (callback_scope* each = scopes_of(wait.awaited_); each != nullptr; each = each->next_) {
        const bool is_left_to_itself = each->closes() && wait.why_ == callback_wait::purpose::destroy_inside;
        if (each->socket_ == wait.awaited_ && each->top_ != wait.top_ && !is_left_to_itself) {
            visit(*each);
        }
    }
}

// The waits that hold a callback up.
template <typename visitor>
void callback_ring::for_each_on_top(const callback_scope& scope, visitor visit) noexcept
{
    for (callback_wait* each = *scope.top_; each != nullptr && height_of(*each) >= scope.height_; each = each->outer_) {
        visit(*each);
    }
}

// The waits that must end before this one can.
template <typename visitor>
void callback_ring::for_each_ahead(const callback_wait& wait, visitor visit) noexcept
{
    for (callback_wait* each = *wait.top_; each != &wait; each = each->outer_) {
        visit(*each);
    }
    for_each_awaited(wait, [&visit](const callback_scope& scope) { for_each_on_top(scope, visit); });
    if (wait.why_ != callback_wait::purpose::destroy) {
        return;
    }
    // A close on another thread, which may be over but for what is on top of it.
    for (callback_wait* close = first_wait; close != nullptr; close = close->next_) {
        const bool closes =
            close->why_ == callback_wait::purpose::close || close->why_ == callback_wait::purpose::close_in_background;
        if (closes && close->awaited_ == wait.awaited_ && close->top_ != wait.top_) {
            for (callback_wait* each = *close->top_; each != close->outer_; each = each->outer_) {
                visit(*each);
            }
        }
    }
}

void callback_ring::find_what_is_ahead() noexcept
{
    last_.is_found_ = true;
    last_.is_member_ = true;
    last_.next_found_ = nullptr;
    first_found_ = &last_;
    callback_wait* last_found = &last_;
    for (callback_wait* each = first_found_; each != nullptr; each = each->next_found_) {
        for_each_ahead(*each, [&last_found](callback_wait& ahead) {
            if (!ahead.is_found_) {
                ahead.is_found_ = true;
                ahead.next_found_ = nullptr;
                last_found->next_found_ = &ahead;
                last_found = &ahead;
            }
        });
    }
}

// Those of them that lead back.
void callback_ring::find_members() noexcept
{
    bool has_changed = true;
    while (has_changed) {
        has_changed = false;
        for (callback_wait* each = first_found_; each != nullptr; each = each->next_found_) {
            bool leads_back = each->is_member_;
            for_each_ahead(*each, [&leads_back](const callback_wait& ahead) { leads_back |= ahead.is_member_; });
            if (leads_back && !each->is_member_) {
                each->is_member_ = true;
                has_members_ = true;
                has_changed = true;
            }
        }
    }
}

bool callback_ring::is_held_up(const callback_scope& scope) noexcept
{
    bool is = false;
    for_each_on_top(scope, [&is](const callback_wait& on_top) { is |= on_top.is_member_; });
    return is;
}

void callback_ring::leave_out_of(callback_wait& wait, callback_scope& scope) noexcept
{
    for (callback_wait*& by : scope.left_out_by_) {
        if (by == &wait) {
            return;
        }
    }
    callback_wait*& free_place = scope.left_out_by_[scope.left_out_by_[0] == nullptr ? 0 : 1];
    if (free_place == nullptr) {
        free_place = &wait;
        wait.left_out_.fetch_add(1, std::memory_order_seq_cst);
    }
}

void callback_ring::wake(const callback_wait& wait) noexcept
{
    if (wait.thread_ != nullptr) {
        wait.thread_->look_again();
    } else if (wait.word_ != nullptr) {
        unpark(wait.word_);
    }
}

} // namespace async_socket::detail
