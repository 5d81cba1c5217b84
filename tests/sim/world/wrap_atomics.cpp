// SPDX-License-Identifier: MIT
//
// The functions that a compiler calls in code that is instrumented for ThreadSanitizer. Here they make the atomic step
// that they stand for, having let another thread come in between. A load of a byte is a flag that is asked for at every
// call, and lets nobody in: what it can miss, it misses at the next step, too.

#include <cstddef>
#include <cstdint>

#include "world/scheduler.h"

// The compiler makes the names.
// NOLINTBEGIN(bugprone-reserved-identifier)

namespace {

void step()
{
    if (sim::scheduler* const own = sim::scheduler::current()) {
        own->step();
    }
}

} // namespace

#define SIM_ATOMIC_UPDATE(bits, name)                                                                                  \
    std::uint##bits##_t __tsan_atomic##bits##_##name(volatile std::uint##bits##_t* word, std::uint##bits##_t value,    \
                                                     int);                                                             \
    std::uint##bits##_t __tsan_atomic##bits##_##name(volatile std::uint##bits##_t* word, std::uint##bits##_t value,    \
                                                     int)                                                              \
    {                                                                                                                  \
        step();                                                                                                        \
        return __atomic_##name(word, value, __ATOMIC_SEQ_CST);                                                         \
    }

#define SIM_ATOMIC_EXCHANGE(bits, name)                                                                                \
    std::uint##bits##_t __tsan_atomic##bits##_##name(volatile std::uint##bits##_t* word, std::uint##bits##_t value,    \
                                                     int);                                                             \
    std::uint##bits##_t __tsan_atomic##bits##_##name(volatile std::uint##bits##_t* word, std::uint##bits##_t value,    \
                                                     int)                                                              \
    {                                                                                                                  \
        step();                                                                                                        \
        return __atomic_exchange_n(word, value, __ATOMIC_SEQ_CST);                                                     \
    }

#define SIM_ATOMIC_COMPARE(bits, name)                                                                                 \
    int __tsan_atomic##bits##_##name(volatile std::uint##bits##_t* word, std::uint##bits##_t* expected,                \
                                     std::uint##bits##_t value, int, int);                                             \
    int __tsan_atomic##bits##_##name(volatile std::uint##bits##_t* word, std::uint##bits##_t* expected,                \
                                     std::uint##bits##_t value, int, int)                                              \
    {                                                                                                                  \
        step();                                                                                                        \
        return __atomic_compare_exchange_n(word, expected, value, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST) ? 1 : 0;  \
    }

#define SIM_ATOMIC(bits)                                                                                               \
    std::uint##bits##_t __tsan_atomic##bits##_load(const volatile std::uint##bits##_t* word, int);                     \
    std::uint##bits##_t __tsan_atomic##bits##_load(const volatile std::uint##bits##_t* word, int)                      \
    {                                                                                                                  \
        if (sizeof *word > 1) {                                                                                        \
            step();                                                                                                    \
        }                                                                                                              \
        return __atomic_load_n(word, __ATOMIC_SEQ_CST);                                                                \
    }                                                                                                                  \
    void __tsan_atomic##bits##_store(volatile std::uint##bits##_t* word, std::uint##bits##_t value, int);              \
    void __tsan_atomic##bits##_store(volatile std::uint##bits##_t* word, std::uint##bits##_t value, int)               \
    {                                                                                                                  \
        step();                                                                                                        \
        __atomic_store_n(word, value, __ATOMIC_SEQ_CST);                                                               \
    }                                                                                                                  \
    SIM_ATOMIC_EXCHANGE(bits, exchange)                                                                                \
    SIM_ATOMIC_UPDATE(bits, fetch_add)                                                                                 \
    SIM_ATOMIC_UPDATE(bits, fetch_sub)                                                                                 \
    SIM_ATOMIC_UPDATE(bits, fetch_and)                                                                                 \
    SIM_ATOMIC_UPDATE(bits, fetch_or)                                                                                  \
    SIM_ATOMIC_COMPARE(bits, compare_exchange_strong)                                                                  \
    SIM_ATOMIC_COMPARE(bits, compare_exchange_weak)

#define SIM_ACCESS(name)                                                                                               \
    void __tsan_##name(void*);                                                                                         \
    void __tsan_##name(void*) {}

#define SIM_ACCESSES(size)                                                                                             \
    SIM_ACCESS(read##size)                                                                                             \
    SIM_ACCESS(write##size)

extern "C" {

SIM_ATOMIC(8)
SIM_ATOMIC(16)
SIM_ATOMIC(32)
SIM_ATOMIC(64)

// One thread runs at a time, so what is not atomic needs no look.
SIM_ACCESSES(1)
SIM_ACCESSES(2)
SIM_ACCESSES(4)
SIM_ACCESSES(8)
SIM_ACCESSES(16)
SIM_ACCESS(func_entry)

void __tsan_init();
void __tsan_init() {}
void __tsan_func_exit();
void __tsan_func_exit() {}
void __tsan_read_range(void*, std::size_t);
void __tsan_read_range(void*, std::size_t) {}
void __tsan_write_range(void*, std::size_t);
void __tsan_write_range(void*, std::size_t) {}
void __tsan_vptr_update(void**, void*);
void __tsan_vptr_update(void**, void*) {}
void __tsan_vptr_read(void**);
void __tsan_vptr_read(void**) {}

} // extern "C"

// NOLINTEND(bugprone-reserved-identifier)
