// SPDX-License-Identifier: MIT
//
// The C library's allocator with a count before it; operator new of the C++ library ends there, too. A sanitizer has an
// allocator of its own, and a hook.

#include "allocation_count.h"

#include <atomic>
#include <cerrno>
#include <cstddef>

namespace cost {

namespace {

// Relaxed: the tests look when everything has come to rest.
std::atomic<std::size_t> count{0};
std::atomic<std::size_t> bytes{0};

void note_allocation(std::size_t size)
{
    count.fetch_add(1, std::memory_order_relaxed);
    bytes.fetch_add(size, std::memory_order_relaxed);
}

} // namespace

std::size_t allocation_count()
{
    return count.load();
}

std::size_t allocated_bytes()
{
    return bytes.load();
}

} // namespace cost

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define COST_HAS_SANITIZER
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define COST_HAS_SANITIZER
#endif
#endif

// Names of the C library's and the sanitizers', which is the point of them.
// NOLINTBEGIN(bugprone-reserved-identifier)
extern "C" {

#ifdef COST_HAS_SANITIZER

void __sanitizer_malloc_hook(const volatile void* block, std::size_t size);
void __sanitizer_malloc_hook(const volatile void*, std::size_t size)
{
    cost::note_allocation(size);
}

#else

void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t number, std::size_t size);
void* __libc_realloc(void* block, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);

void* malloc(std::size_t size)
{
    cost::note_allocation(size);
    return __libc_malloc(size);
}

void* calloc(std::size_t number, std::size_t size)
{
    cost::note_allocation(number * size);
    return __libc_calloc(number, size);
}

void* realloc(void* block, std::size_t size)
{
    cost::note_allocation(size);
    return __libc_realloc(block, size);
}

void* aligned_alloc(std::size_t alignment, std::size_t size)
{
    cost::note_allocation(size);
    return __libc_memalign(alignment, size);
}

int posix_memalign(void** block, std::size_t alignment, std::size_t size)
{
    cost::note_allocation(size);
    *block = __libc_memalign(alignment, size);
    return *block != nullptr ? 0 : ENOMEM;
}

#endif

} // extern "C"
// NOLINTEND(bugprone-reserved-identifier)
