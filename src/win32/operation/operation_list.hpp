// SPDX-License-Identifier: MIT
//
// The operations of a socket, or of an engine, that can be named: what cancel looks through. An entry is part of what
// it stands for; while the program's callback runs, another one on the stack of the thread that calls it takes its
// place.

#ifndef ASYNC_SOCKET_WIN32_OPERATION_OPERATION_LIST_HPP
#define ASYNC_SOCKET_WIN32_OPERATION_OPERATION_LIST_HPP

#include <mutex>
#include <thread>

#include "async_socket/async_operation.h"
#include "common/lifecycle/end_waiter.hpp"

namespace async_socket::detail {

struct operation_entry {
    ASYNC_OPERATION_ID id = 0;
    // Asks the operation to end; called under the list's mutex, while its callback has not begun.
    void (*cancel)(operation_entry& entry) noexcept = nullptr;

    // The list's, under its mutex.
    operation_entry* previous = nullptr;
    operation_entry* next = nullptr;
    end_waiter* waiters = nullptr;
    bool is_running = false; // the callback has begun, on this thread:
    std::thread::id thread;
};

class operation_list {
public:
    std::mutex mutex;

    // These need the mutex.
    void add(operation_entry& entry) noexcept
    {
        entry.next = first_;
        if (first_ != nullptr) {
            first_->previous = &entry;
        }
        first_ = &entry;
    }
    void remove(operation_entry& entry) noexcept
    {
        (entry.previous != nullptr ? entry.previous->next : first_) = entry.next;
        if (entry.next != nullptr) {
            entry.next->previous = entry.previous;
        }
        entry.previous = nullptr;
        entry.next = nullptr;
    }
    [[nodiscard]] operation_entry* find(ASYNC_OPERATION_ID id) const noexcept
    {
        operation_entry* entry = first_;
        while (entry != nullptr && entry->id != id) {
            entry = entry->next;
        }
        return entry;
    }
    // Asks the operation to end, if it is there and its callback has not begun. Returns it, if it is there.
    operation_entry* cancel(ASYNC_OPERATION_ID id) noexcept
    {
        operation_entry* const entry = find(id);
        if (entry != nullptr && !entry->is_running) {
            entry->cancel(*entry);
        }
        return entry;
    }
    void cancel_all() noexcept
    {
        for_each_pending([](operation_entry& entry) { entry.cancel(entry); });
    }
    // Those whose callbacks have not begun.
    template <typename function>
    void for_each_pending(function call) noexcept
    {
        for (operation_entry* entry = first_; entry != nullptr; entry = entry->next) {
            if (!entry->is_running) {
                call(*entry);
            }
        }
    }
    // Cancels it, and links the waiter to it, which is then signalled. False: there is nothing to wait for, because
    // there is no such operation, or because it is its callback that asks.
    [[nodiscard]] bool cancel_and_link(ASYNC_OPERATION_ID id, end_waiter& waiter) noexcept
    {
        operation_entry* const entry = cancel(id);
        if (entry == nullptr || (entry->is_running && entry->thread == std::this_thread::get_id())) {
            return false;
        }
        waiter.next = entry->waiters;
        entry->waiters = &waiter;
        return true;
    }

private:
    operation_entry* first_ = nullptr;
};

// Stands for an operation while its callback runs, and tells who waits for that when it has returned. From its making
// on nobody touches the entry that it replaces.
class running_operation {
public:
    running_operation(operation_list& list, operation_entry& pending) noexcept : list_(list)
    {
        entry_.id = pending.id;
        entry_.is_running = true;
        entry_.thread = std::this_thread::get_id();
        const std::lock_guard lock(list_.mutex);
        list_.remove(pending);
        entry_.waiters = pending.waiters;
        list_.add(entry_);
    }

    ~running_operation()
    {
        {
            const std::lock_guard lock(list_.mutex);
            list_.remove(entry_);
        }
        end_waiter::signal_all(entry_.waiters);
    }

    running_operation(const running_operation&) = delete;
    running_operation& operator=(const running_operation&) = delete;

private:
    operation_list& list_;
    operation_entry entry_;
};

} // namespace async_socket::detail

#endif
