// SPDX-License-Identifier: MIT
//
// The account of the library's memory: all of it comes from the operators new that throw nothing.

#include <atomic>
#include <cstddef>
#include <new>
#include <set>

#include "world/memory.h"
#include "world/world.h"

// The linker makes both names of each function.
// NOLINTBEGIN(bugprone-reserved-identifier)

namespace sim {

namespace {

// Threads of the world run one at a time, but one that ends frees what it has kept when it has left.
std::atomic_flag is_in_use;
// The account itself allocates.
thread_local bool is_counting = false;

std::set<const void*>& live()
{
    static std::set<const void*> blocks;
    return blocks;
}

template <typename change>
void count(void* block, change made)
{
    if (block == nullptr || is_counting) {
        return;
    }
    is_counting = true;
    while (is_in_use.test_and_set(std::memory_order_acquire)) {
    }
    made(live());
    is_in_use.clear(std::memory_order_release);
    is_counting = false;
}

void* counted(void* block)
{
    if (scheduler::current() != nullptr) {
        count(block, [block](std::set<const void*>& blocks) { blocks.insert(block); });
    }
    return block;
}

bool refuses()
{
    world* const own = world::current();
    return own != nullptr && own->refuses_allocation();
}

void discount(void* block)
{
    count(block, [block](std::set<const void*>& blocks) { blocks.erase(block); });
}

} // namespace

std::size_t live_allocations()
{
    return live().size();
}

} // namespace sim

extern "C" {

void* __real__ZnwmRKSt9nothrow_t(std::size_t size, const std::nothrow_t& tag);
void* __wrap__ZnwmRKSt9nothrow_t(std::size_t size, const std::nothrow_t& tag);
void* __wrap__ZnwmRKSt9nothrow_t(std::size_t size, const std::nothrow_t& tag)
{
    return sim::refuses() ? nullptr : sim::counted(__real__ZnwmRKSt9nothrow_t(size, tag));
}

void* __real__ZnamRKSt9nothrow_t(std::size_t size, const std::nothrow_t& tag);
void* __wrap__ZnamRKSt9nothrow_t(std::size_t size, const std::nothrow_t& tag);
void* __wrap__ZnamRKSt9nothrow_t(std::size_t size, const std::nothrow_t& tag)
{
    return sim::refuses() ? nullptr : sim::counted(__real__ZnamRKSt9nothrow_t(size, tag));
}

void* __real__ZnwmSt11align_val_tRKSt9nothrow_t(std::size_t size, std::align_val_t alignment,
                                                const std::nothrow_t& tag);
void* __wrap__ZnwmSt11align_val_tRKSt9nothrow_t(std::size_t size, std::align_val_t alignment,
                                                const std::nothrow_t& tag);
void* __wrap__ZnwmSt11align_val_tRKSt9nothrow_t(std::size_t size, std::align_val_t alignment, const std::nothrow_t& tag)
{
    return sim::refuses() ? nullptr : sim::counted(__real__ZnwmSt11align_val_tRKSt9nothrow_t(size, alignment, tag));
}

void* __real__ZnamSt11align_val_tRKSt9nothrow_t(std::size_t size, std::align_val_t alignment,
                                                const std::nothrow_t& tag);
void* __wrap__ZnamSt11align_val_tRKSt9nothrow_t(std::size_t size, std::align_val_t alignment,
                                                const std::nothrow_t& tag);
void* __wrap__ZnamSt11align_val_tRKSt9nothrow_t(std::size_t size, std::align_val_t alignment, const std::nothrow_t& tag)
{
    return sim::refuses() ? nullptr : sim::counted(__real__ZnamSt11align_val_tRKSt9nothrow_t(size, alignment, tag));
}

void __real__ZdlPv(void* block);
void __wrap__ZdlPv(void* block);
void __wrap__ZdlPv(void* block)
{
    sim::discount(block);
    __real__ZdlPv(block);
}

void __real__ZdaPv(void* block);
void __wrap__ZdaPv(void* block);
void __wrap__ZdaPv(void* block)
{
    sim::discount(block);
    __real__ZdaPv(block);
}

void __real__ZdlPvm(void* block, std::size_t size);
void __wrap__ZdlPvm(void* block, std::size_t size);
void __wrap__ZdlPvm(void* block, std::size_t size)
{
    sim::discount(block);
    __real__ZdlPvm(block, size);
}

void __real__ZdaPvm(void* block, std::size_t size);
void __wrap__ZdaPvm(void* block, std::size_t size);
void __wrap__ZdaPvm(void* block, std::size_t size)
{
    sim::discount(block);
    __real__ZdaPvm(block, size);
}

void __real__ZdlPvSt11align_val_t(void* block, std::align_val_t alignment);
void __wrap__ZdlPvSt11align_val_t(void* block, std::align_val_t alignment);
void __wrap__ZdlPvSt11align_val_t(void* block, std::align_val_t alignment)
{
    sim::discount(block);
    __real__ZdlPvSt11align_val_t(block, alignment);
}

void __real__ZdlPvmSt11align_val_t(void* block, std::size_t size, std::align_val_t alignment);
void __wrap__ZdlPvmSt11align_val_t(void* block, std::size_t size, std::align_val_t alignment);
void __wrap__ZdlPvmSt11align_val_t(void* block, std::size_t size, std::align_val_t alignment)
{
    sim::discount(block);
    __real__ZdlPvmSt11align_val_t(block, size, alignment);
}

void __real__ZdaPvSt11align_val_t(void* block, std::align_val_t alignment);
void __wrap__ZdaPvSt11align_val_t(void* block, std::align_val_t alignment);
void __wrap__ZdaPvSt11align_val_t(void* block, std::align_val_t alignment)
{
    sim::discount(block);
    __real__ZdaPvSt11align_val_t(block, alignment);
}

void __real__ZdaPvmSt11align_val_t(void* block, std::size_t size, std::align_val_t alignment);
void __wrap__ZdaPvmSt11align_val_t(void* block, std::size_t size, std::align_val_t alignment);
void __wrap__ZdaPvmSt11align_val_t(void* block, std::size_t size, std::align_val_t alignment)
{
    sim::discount(block);
    __real__ZdaPvmSt11align_val_t(block, size, alignment);
}

} // extern "C"

// NOLINTEND(bugprone-reserved-identifier)
