// SPDX-License-Identifier: MIT
//
// In a unit of its own: a compiler that inlines one of the operators and not the other takes them for a mismatch.

#include "refused_memory.hpp"

#include <cstdlib>
#include <new>

namespace {

// Negative: all are granted.
thread_local int granted = -1;

bool is_refused()
{
    if (granted < 0) {
        return false;
    }
    return granted-- == 0;
}

} // namespace

void* operator new(std::size_t size)
{
    void* const memory = is_refused() ? nullptr : std::malloc(size);
    return memory != nullptr ? memory : throw std::bad_alloc();
}

void* operator new(std::size_t size, const std::nothrow_t&) noexcept
{
    return is_refused() ? nullptr : std::malloc(size);
}

void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept
{
    if (is_refused()) {
        return nullptr;
    }
    // Of the kind that the operators which are not replaced take back.
    try {
        return ::operator new(size, alignment);
    } catch (const std::bad_alloc&) {
        return nullptr;
    }
}

void operator delete(void* memory) noexcept
{
    std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept
{
    std::free(memory);
}

namespace asock_test {

void refuse_memory_after(int count)
{
    granted = count;
}

void grant_memory()
{
    granted = -1;
}

} // namespace asock_test
