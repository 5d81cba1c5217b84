// SPDX-License-Identifier: MIT
//
// Not part of the interface: memory for the state of operations with handlers, reused from one operation to the next.

#ifndef ASYNC_SOCKET_CPP_BLOCK_CACHE_HPP
#define ASYNC_SOCKET_CPP_BLOCK_CACHE_HPP

#include <array>
#include <atomic>
#include <cstddef>
#include <new>

namespace async_socket::impl {

// A few free blocks of each size, for the whole process, in slots that are emptied and filled without a lock. (A cache
// for each thread would need a thread-local object with a destructor, which MinGW gets wrong in headers.)
class block_cache {
public:
    // NULL when the system refuses memory.
    static void* allocate(std::size_t size) noexcept
    {
        const std::size_t kind = kind_of(size);
        if (kind >= kinds) {
            return ::operator new(size, std::nothrow);
        }
        for (std::atomic<void*>& slot : slots_[kind]) {
            // Looks before it takes: an empty slot is not written to.
            if (slot.load(std::memory_order_relaxed) != nullptr) {
                if (void* const found = slot.exchange(nullptr, std::memory_order_acquire); found != nullptr) {
                    return found;
                }
            }
        }
        return ::operator new((kind + 1) * granularity, std::nothrow);
    }

    static void deallocate(void* memory, std::size_t size) noexcept
    {
        if (const std::size_t kind = kind_of(size); kind < kinds) {
            for (std::atomic<void*>& slot : slots_[kind]) {
                void* empty = nullptr;
                if (slot.load(std::memory_order_relaxed) == nullptr &&
                    slot.compare_exchange_strong(empty, memory, std::memory_order_release, std::memory_order_relaxed)) {
                    return;
                }
            }
        }
        ::operator delete(memory);
    }

private:
    static constexpr std::size_t granularity = 64;
    static constexpr std::size_t kinds = 8;
    static constexpr std::size_t most = 16;

    static constexpr std::size_t kind_of(std::size_t size) noexcept { return (size - 1) / granularity; }

    // Whatever is in them when the process ends is left for the system to free.
    static inline std::array<std::array<std::atomic<void*>, most>, kinds> slots_{};
};

} // namespace async_socket::impl

#endif
