// SPDX-License-Identifier: MIT
//
// Replaces operator new and operator delete of the whole program: to fail the nth nothrow allocation, to know how many
// are live, and to look at what is freed. The table is made of relaxed atomics, so that allocating orders nothing
// between threads and hides no race.

#include "allocations.h"

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <new>

#include "fake_win32/faults.h"
#include "fake_win32/objects.h"
#include "world.h"

namespace fake_win32 {

namespace {

struct slot {
    std::atomic<std::uintptr_t> memory{0};
    std::atomic<std::size_t> size{0};
};

constexpr std::size_t slot_count = 1u << 16;
constexpr std::size_t probe_length = 64;
slot slots[slot_count];
std::atomic<std::size_t> live_count{0};
std::atomic<std::size_t> made_count{0};
std::atomic<std::size_t> remaining{0}; // allocations until one fails; 0: not armed
std::atomic<bool> fired{false};

slot& probe(std::uintptr_t memory, std::size_t step)
{
    return slots[((memory >> 4) * 0x9E3779B1u + step) % slot_count];
}

void remember(void* memory, std::size_t size)
{
    const auto number = reinterpret_cast<std::uintptr_t>(memory);
    for (std::size_t step = 0; step < probe_length; step++) {
        slot& place = probe(number, step);
        std::uintptr_t expected = 0;
        if (place.memory.compare_exchange_strong(expected, number, std::memory_order_relaxed)) {
            place.size.store(size, std::memory_order_relaxed);
            live_count.fetch_add(1, std::memory_order_relaxed);
            made_count.fetch_add(1, std::memory_order_relaxed);
            return;
        }
    }
    std::abort(); // far more allocations than any test has
}

void forget(void* memory)
{
    const auto number = reinterpret_cast<std::uintptr_t>(memory);
    for (std::size_t step = 0; step < probe_length; step++) {
        slot& place = probe(number, step);
        if (place.memory.load(std::memory_order_relaxed) == number) {
            check_freed_memory(memory, place.size.load(std::memory_order_relaxed));
            place.memory.store(0, std::memory_order_relaxed);
            live_count.fetch_sub(1, std::memory_order_relaxed);
            return;
        }
    }
}

bool fails_now()
{
    std::size_t left = remaining.load(std::memory_order_relaxed);
    while (left != 0) {
        if (remaining.compare_exchange_weak(left, left - 1, std::memory_order_relaxed)) {
            if (left == 1) {
                fired.store(true, std::memory_order_relaxed);
            }
            return left == 1;
        }
    }
    return false;
}

void* allocate(std::size_t size, std::size_t alignment) noexcept
{
    const std::size_t wanted = size == 0 ? 1 : size;
    if (alignment <= alignof(std::max_align_t)) {
        return std::malloc(wanted);
    }
    return std::aligned_alloc(alignment, (wanted + alignment - 1) / alignment * alignment);
}

void* allocate_or_throw(std::size_t size, std::size_t alignment)
{
    void* const memory = allocate(size, alignment);
    if (memory == nullptr) {
        throw std::bad_alloc();
    }
    return memory;
}

void* allocate_watched(std::size_t size, std::size_t alignment) noexcept
{
    void* const memory = fails_now() ? nullptr : allocate(size, alignment);
    if (memory != nullptr) {
        remember(memory, size);
    }
    return memory;
}

void release(void* memory) noexcept
{
    if (memory != nullptr) {
        forget(memory);
        std::free(memory);
    }
}

} // namespace

void fail_nth_allocation(std::size_t nth)
{
    remaining.store(nth, std::memory_order_relaxed);
}

bool clear_allocation_fault()
{
    remaining.store(0, std::memory_order_relaxed);
    return fired.exchange(false, std::memory_order_relaxed);
}

std::size_t live_allocations()
{
    return live_count.load(std::memory_order_relaxed);
}

std::size_t allocations_made()
{
    return made_count.load(std::memory_order_relaxed);
}

void check_freed_memory(const void* memory, std::size_t size)
{
    world& all = the_world();
    const std::lock_guard<std::mutex> lock(all.mutex);
    const auto first = reinterpret_cast<std::uintptr_t>(memory);
    for (const auto& [overlapped, op] : all.operations) {
        const auto place = reinterpret_cast<std::uintptr_t>(overlapped);
        if (place >= first && place < first + size && !op->memory_lost) {
            op->memory_lost = true;
            all.report(misuse::overlapped_freed, "an OVERLAPPED was freed before its completion was delivered");
        }
    }
}

} // namespace fake_win32

void* operator new(std::size_t size)
{
    return fake_win32::allocate_or_throw(size, 1);
}
void* operator new[](std::size_t size)
{
    return fake_win32::allocate_or_throw(size, 1);
}
void* operator new(std::size_t size, std::align_val_t alignment)
{
    return fake_win32::allocate_or_throw(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment)
{
    return fake_win32::allocate_or_throw(size, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept
{
    return fake_win32::allocate_watched(size, 1);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept
{
    return fake_win32::allocate_watched(size, 1);
}
void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept
{
    return fake_win32::allocate_watched(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept
{
    return fake_win32::allocate_watched(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept
{
    fake_win32::release(memory);
}
void operator delete[](void* memory) noexcept
{
    fake_win32::release(memory);
}
void operator delete(void* memory, std::size_t) noexcept
{
    fake_win32::release(memory);
}
void operator delete[](void* memory, std::size_t) noexcept
{
    fake_win32::release(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept
{
    fake_win32::release(memory);
}
void operator delete[](void* memory, std::align_val_t) noexcept
{
    fake_win32::release(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept
{
    fake_win32::release(memory);
}
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept
{
    fake_win32::release(memory);
}
void operator delete(void* memory, const std::nothrow_t&) noexcept
{
    fake_win32::release(memory);
}
void operator delete[](void* memory, const std::nothrow_t&) noexcept
{
    fake_win32::release(memory);
}
