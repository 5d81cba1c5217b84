// SPDX-License-Identifier: MIT

#include <cstdlib>
#include <mutex>
#include <new>
#include <unordered_set>

#include "memory.h"
#include "plan.h"

#if defined(__SANITIZE_THREAD__)
#define LINUX_FAULTS_KEEPS_ACCOUNT 0
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define LINUX_FAULTS_KEEPS_ACCOUNT 0
#endif
#endif
#ifndef LINUX_FAULTS_KEEPS_ACCOUNT
#define LINUX_FAULTS_KEEPS_ACCOUNT 1
#endif

namespace linux_faults {

namespace {

// The account must not go through the operators that it is the account of.
template <typename type>
struct plain_allocator {
    using value_type = type;
    plain_allocator() = default;
    template <typename other>
    explicit plain_allocator(const plain_allocator<other>&)
    {
    }

    type* allocate(std::size_t count)
    {
        // What it allocates may well be pointers. NOLINTNEXTLINE(bugprone-sizeof-expression)
        void* const block = std::malloc(count * sizeof(type));
        if (block == nullptr) {
            std::abort();
        }
        return static_cast<type*>(block);
    }
    void deallocate(type* block, std::size_t) { std::free(block); }
    bool operator==(const plain_allocator&) const { return true; }
};

using block_set = std::unordered_set<void*, std::hash<void*>, std::equal_to<>, plain_allocator<void*>>;

std::mutex account_mutex;

// Never destroyed: blocks are deleted until the very end of the process.
block_set& account()
{
    alignas(block_set) static unsigned char storage[sizeof(block_set)];
    static block_set* const blocks = ::new (storage) block_set;
    return *blocks;
}

} // namespace

void note_allocated(void* block)
{
    if (LINUX_FAULTS_KEEPS_ACCOUNT != 0 && block != nullptr) {
        const std::lock_guard<std::mutex> lock(account_mutex);
        account().insert(block);
    }
}

void note_deleted(void* block)
{
    if (LINUX_FAULTS_KEEPS_ACCOUNT != 0 && block != nullptr) {
        const std::lock_guard<std::mutex> lock(account_mutex);
        account().erase(block);
    }
}

std::size_t live_allocations()
{
    const std::lock_guard<std::mutex> lock(account_mutex);
    return account().size();
}

namespace {

template <typename real_call>
void* allocate_or_fail(real_call real)
{
    if (decide(api::operator_new).what == decision::kind::fail) {
        return nullptr;
    }
    void* const block = real();
    if (!is_exempt()) {
        note_allocated(block);
    }
    return block;
}

} // namespace

} // namespace linux_faults

using namespace linux_faults;

// The names that the operators have for the linker, which makes both names of each function: new and new[] that throw
// nothing, with and without an alignment; delete and delete[], with and without a size, with and without an alignment.
// NOLINTBEGIN(bugprone-reserved-identifier)
extern "C" {

void* __real__ZnwmRKSt9nothrow_t(std::size_t size, const std::nothrow_t& tag);
void* __wrap__ZnwmRKSt9nothrow_t(std::size_t size, const std::nothrow_t& tag);
void* __wrap__ZnwmRKSt9nothrow_t(std::size_t size, const std::nothrow_t& tag)
{
    return allocate_or_fail([&] { return __real__ZnwmRKSt9nothrow_t(size, tag); });
}

void* __real__ZnamRKSt9nothrow_t(std::size_t size, const std::nothrow_t& tag);
void* __wrap__ZnamRKSt9nothrow_t(std::size_t size, const std::nothrow_t& tag);
void* __wrap__ZnamRKSt9nothrow_t(std::size_t size, const std::nothrow_t& tag)
{
    return allocate_or_fail([&] { return __real__ZnamRKSt9nothrow_t(size, tag); });
}

void* __real__ZnwmSt11align_val_tRKSt9nothrow_t(std::size_t size, std::align_val_t alignment,
                                                const std::nothrow_t& tag);
void* __wrap__ZnwmSt11align_val_tRKSt9nothrow_t(std::size_t size, std::align_val_t alignment,
                                                const std::nothrow_t& tag);
void* __wrap__ZnwmSt11align_val_tRKSt9nothrow_t(std::size_t size, std::align_val_t alignment, const std::nothrow_t& tag)
{
    return allocate_or_fail([&] { return __real__ZnwmSt11align_val_tRKSt9nothrow_t(size, alignment, tag); });
}

void* __real__ZnamSt11align_val_tRKSt9nothrow_t(std::size_t size, std::align_val_t alignment,
                                                const std::nothrow_t& tag);
void* __wrap__ZnamSt11align_val_tRKSt9nothrow_t(std::size_t size, std::align_val_t alignment,
                                                const std::nothrow_t& tag);
void* __wrap__ZnamSt11align_val_tRKSt9nothrow_t(std::size_t size, std::align_val_t alignment, const std::nothrow_t& tag)
{
    return allocate_or_fail([&] { return __real__ZnamSt11align_val_tRKSt9nothrow_t(size, alignment, tag); });
}

void __real__ZdlPv(void* block);
void __wrap__ZdlPv(void* block);
void __wrap__ZdlPv(void* block)
{
    note_deleted(block);
    __real__ZdlPv(block);
}

void __real__ZdaPv(void* block);
void __wrap__ZdaPv(void* block);
void __wrap__ZdaPv(void* block)
{
    note_deleted(block);
    __real__ZdaPv(block);
}

void __real__ZdlPvm(void* block, std::size_t size);
void __wrap__ZdlPvm(void* block, std::size_t size);
void __wrap__ZdlPvm(void* block, std::size_t size)
{
    note_deleted(block);
    __real__ZdlPvm(block, size);
}

void __real__ZdaPvm(void* block, std::size_t size);
void __wrap__ZdaPvm(void* block, std::size_t size);
void __wrap__ZdaPvm(void* block, std::size_t size)
{
    note_deleted(block);
    __real__ZdaPvm(block, size);
}

void __real__ZdlPvSt11align_val_t(void* block, std::align_val_t alignment);
void __wrap__ZdlPvSt11align_val_t(void* block, std::align_val_t alignment);
void __wrap__ZdlPvSt11align_val_t(void* block, std::align_val_t alignment)
{
    note_deleted(block);
    __real__ZdlPvSt11align_val_t(block, alignment);
}

void __real__ZdaPvSt11align_val_t(void* block, std::align_val_t alignment);
void __wrap__ZdaPvSt11align_val_t(void* block, std::align_val_t alignment);
void __wrap__ZdaPvSt11align_val_t(void* block, std::align_val_t alignment)
{
    note_deleted(block);
    __real__ZdaPvSt11align_val_t(block, alignment);
}

void __real__ZdlPvmSt11align_val_t(void* block, std::size_t size, std::align_val_t alignment);
void __wrap__ZdlPvmSt11align_val_t(void* block, std::size_t size, std::align_val_t alignment);
void __wrap__ZdlPvmSt11align_val_t(void* block, std::size_t size, std::align_val_t alignment)
{
    note_deleted(block);
    __real__ZdlPvmSt11align_val_t(block, size, alignment);
}

void __real__ZdaPvmSt11align_val_t(void* block, std::size_t size, std::align_val_t alignment);
void __wrap__ZdaPvmSt11align_val_t(void* block, std::size_t size, std::align_val_t alignment);
void __wrap__ZdaPvmSt11align_val_t(void* block, std::size_t size, std::align_val_t alignment)
{
    note_deleted(block);
    __real__ZdaPvmSt11align_val_t(block, size, alignment);
}

} // extern "C"
// NOLINTEND(bugprone-reserved-identifier)
