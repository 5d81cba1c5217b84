// SPDX-License-Identifier: MIT
//
// To be preloaded (LD_PRELOAD) into a server: counts what it allocates, in the file that BENCH_ALLOCATIONS names. It
// stands in front of the C library's allocator, which operator new uses, too.

#include <dlfcn.h>
#include <fcntl.h>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdlib>

#include "counts.h"

// The C library's own, under the names by which it can be called without a search that would itself allocate.
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void* memory);
}

namespace {

// Counts from before the file is open are kept and moved there.
allocation_counts early{};
allocation_counts* counts = &early;

void* counted(void* memory) noexcept
{
    if (memory != nullptr) {
        __atomic_fetch_add(&counts->allocations, 1, __ATOMIC_RELAXED);
        __atomic_fetch_add(&counts->bytes, ::malloc_usable_size(memory), __ATOMIC_RELAXED);
    }
    return memory;
}

void uncount(void* memory) noexcept
{
    if (memory != nullptr) {
        __atomic_fetch_sub(&counts->bytes, ::malloc_usable_size(memory), __ATOMIC_RELAXED);
    }
}

[[gnu::constructor]] void open_counts()
{
    const char* const name = std::getenv("BENCH_ALLOCATIONS");
    if (name == nullptr) {
        return;
    }
    const int fd = ::open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || ::ftruncate(fd, sizeof(allocation_counts)) != 0) {
        std::abort();
    }
    void* const shared = ::mmap(nullptr, sizeof(allocation_counts), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    ::close(fd);
    if (shared == MAP_FAILED) {
        std::abort();
    }
    counts = static_cast<allocation_counts*>(shared);
    *counts = early;
}

} // namespace

extern "C" {

void* malloc(std::size_t size) noexcept
{
    return counted(__libc_malloc(size));
}

void* calloc(std::size_t count, std::size_t size) noexcept
{
    return counted(__libc_calloc(count, size));
}

void* realloc(void* memory, std::size_t size) noexcept
{
    const std::size_t before = memory == nullptr ? 0 : ::malloc_usable_size(memory);
    void* const moved = __libc_realloc(memory, size);
    if (moved != nullptr || size == 0) {
        __atomic_fetch_sub(&counts->bytes, before, __ATOMIC_RELAXED);
    }
    return counted(moved);
}

void* memalign(std::size_t alignment, std::size_t size) noexcept
{
    return counted(__libc_memalign(alignment, size));
}

void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept
{
    return counted(__libc_memalign(alignment, size));
}

int posix_memalign(void** memory, std::size_t alignment, std::size_t size) noexcept
{
    void* const made = counted(__libc_memalign(alignment, size));
    if (made == nullptr) {
        return ENOMEM;
    }
    *memory = made;
    return 0;
}

void free(void* memory) noexcept
{
    uncount(memory);
    __libc_free(memory);
}

} // extern "C"
