// SPDX-License-Identifier: MIT
//
// Contexts that have ended, each with its event, for later operations of the same socket; of an engine that was asked
// to reuse them. Bounded, and without a lock.
//
// A slot is nullptr, or a context that nobody else has. It is taken by an exchange with nullptr, so one thread at most
// gets it, and given by a compare-exchange from nullptr. Neither follows a pointer that it has not got to itself, and
// what decides is that the slot is empty, whatever was in it before: a slot that was emptied and filled meanwhile (ABA)
// is one like any other. Acquire on taking pairs with release on giving: the taker sees all that was done with the
// context. A look at a slot beforehand is relaxed and only saves the exchange where it would be in vain.

#ifndef ASYNC_SOCKET_WIN32_OPERATION_KEPT_OPERATIONS_HPP
#define ASYNC_SOCKET_WIN32_OPERATION_KEPT_OPERATIONS_HPP

#include <atomic>
#include <cstdint>

#include "async_socket/execution_engine_win32.h"

namespace async_socket::detail {

struct io_operation;

class kept_operations {
public:
    // nullptr: there is none.
    [[nodiscard]] io_operation* take() noexcept
    {
        for (std::atomic<io_operation*>& slot : slots_) {
            if (slot.load(std::memory_order_relaxed) != nullptr) {
                io_operation* const taken = slot.exchange(nullptr, std::memory_order_acquire);
                if (taken != nullptr) {
                    return taken;
                }
            }
        }
        return nullptr;
    }

    // False: there is no room, and it is still the caller's.
    [[nodiscard]] bool give(io_operation* ended) noexcept
    {
        for (std::atomic<io_operation*>& slot : slots_) {
            io_operation* empty = slot.load(std::memory_order_relaxed);
            if (empty == nullptr &&
                slot.compare_exchange_strong(empty, ended, std::memory_order_release, std::memory_order_relaxed)) {
                return true;
            }
        }
        return false;
    }

private:
    std::atomic<io_operation*> slots_[EXECUTION_ENGINE_WIN32_KEPT_OPERATIONS]{};
};

} // namespace async_socket::detail

#endif
