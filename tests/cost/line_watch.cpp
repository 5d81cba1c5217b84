// SPDX-License-Identifier: MIT

#include "line_watch.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <cstdio>

// The linker makes it: where the program begins in memory.
extern "C" const char __executable_start; // NOLINT(bugprone-reserved-identifier)

namespace {

constexpr std::size_t line_size = 64;
constexpr unsigned most_threads = 64;

// What is known of the line that was seen last in this place of the table. One that takes the place of another is taken
// for one that nobody has written.
struct alignas(line_size) watched_line {
    std::atomic_flag is_locked = ATOMIC_FLAG_INIT;
    std::uintptr_t number = 0;
    unsigned writer = most_threads;
    std::uint64_t had_by = 0; // since it was written; a bit for each thread
};

constexpr std::size_t table_size = std::size_t{1} << 16;
std::array<watched_line, table_size> table;

std::atomic<unsigned> thread_count{0};
std::atomic<std::size_t> transfer_count{0};

struct alignas(line_size) thread_count_of_accesses {
    std::atomic<std::size_t> value{0};
};
std::array<thread_count_of_accesses, most_threads> access_counts;

constexpr std::size_t kept = 16;
std::array<std::atomic<const char*>, kept> latest;

// Of more threads than there are bits the last ones count as one.
unsigned own_number()
{
    thread_local const unsigned number =
        std::min(thread_count.fetch_add(1, std::memory_order_relaxed), most_threads - 1);
    return number;
}

// True: a transfer.
bool note(watched_line& line, std::uintptr_t number, unsigned thread, bool is_write)
{
    const std::uint64_t bit = std::uint64_t{1} << thread;
    if (line.number != number) {
        line.number = number;
        line.writer = most_threads;
        line.had_by = 0;
    }
    const bool is_anothers = line.writer != most_threads && line.writer != thread && (line.had_by & bit) == 0;
    if (is_write) {
        line.writer = thread;
        line.had_by = bit;
    } else {
        line.had_by |= bit;
    }
    return is_anothers;
}

void touch(const volatile void* memory, std::size_t size, bool is_write, const void* place)
{
    const unsigned thread = own_number();
    std::atomic<std::size_t>& own_accesses = access_counts[thread].value;
    own_accesses.store(own_accesses.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    const auto first = reinterpret_cast<std::uintptr_t>(memory) / line_size;
    const auto last = (reinterpret_cast<std::uintptr_t>(memory) + std::max<std::size_t>(size, 1) - 1) / line_size;
    for (std::uintptr_t number = first; number <= last; ++number) {
        watched_line& line = table[(number ^ (number >> 16)) % table_size];
        while (line.is_locked.test_and_set(std::memory_order_acquire)) {
        }
        const bool is_transfer = note(line, number, thread, is_write);
        line.is_locked.clear(std::memory_order_release);
        if (is_transfer) {
            const std::size_t before = transfer_count.fetch_add(1, std::memory_order_relaxed);
            latest[before % kept].store(static_cast<const char*>(place), std::memory_order_relaxed);
        }
    }
}

} // namespace

namespace cost {

std::size_t line_transfers()
{
    return transfer_count.load(std::memory_order_relaxed);
}

std::size_t accesses()
{
    std::size_t result = 0;
    for (const thread_count_of_accesses& each : access_counts) {
        result += each.value.load(std::memory_order_relaxed);
    }
    return result;
}

void forget_lines()
{
    for (watched_line& line : table) {
        line.number = 0;
    }
}

void print_latest_transfers()
{
    for (const std::atomic<const char*>& each : latest) {
        if (const char* const place = each.load(std::memory_order_relaxed); place != nullptr) {
            std::printf("a line came from another thread: %#zx\n",
                        static_cast<std::size_t>(place - &__executable_start));
        }
    }
}

} // namespace cost

// The functions that GCC calls. NOLINTBEGIN(bugprone-reserved-identifier)

#define WATCH_UPDATE(bits, name)                                                                                       \
    std::uint##bits##_t __tsan_atomic##bits##_##name(volatile std::uint##bits##_t* word, std::uint##bits##_t value,    \
                                                     int);                                                             \
    std::uint##bits##_t __tsan_atomic##bits##_##name(volatile std::uint##bits##_t* word, std::uint##bits##_t value,    \
                                                     int)                                                              \
    {                                                                                                                  \
        touch(word, sizeof *word, true, __builtin_return_address(0));                                                  \
        return __atomic_##name(word, value, __ATOMIC_SEQ_CST);                                                         \
    }

#define WATCH_COMPARE(bits, name)                                                                                      \
    int __tsan_atomic##bits##_##name(volatile std::uint##bits##_t* word, std::uint##bits##_t* expected,                \
                                     std::uint##bits##_t value, int, int);                                             \
    int __tsan_atomic##bits##_##name(volatile std::uint##bits##_t* word, std::uint##bits##_t* expected,                \
                                     std::uint##bits##_t value, int, int)                                              \
    {                                                                                                                  \
        touch(word, sizeof *word, true, __builtin_return_address(0));                                                  \
        return __atomic_compare_exchange_n(word, expected, value, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST) ? 1 : 0;  \
    }

#define WATCH_ATOMIC(bits)                                                                                             \
    std::uint##bits##_t __tsan_atomic##bits##_load(const volatile std::uint##bits##_t* word, int);                     \
    std::uint##bits##_t __tsan_atomic##bits##_load(const volatile std::uint##bits##_t* word, int)                      \
    {                                                                                                                  \
        touch(word, sizeof *word, false, __builtin_return_address(0));                                                 \
        return __atomic_load_n(word, __ATOMIC_SEQ_CST);                                                                \
    }                                                                                                                  \
    void __tsan_atomic##bits##_store(volatile std::uint##bits##_t* word, std::uint##bits##_t value, int);              \
    void __tsan_atomic##bits##_store(volatile std::uint##bits##_t* word, std::uint##bits##_t value, int)               \
    {                                                                                                                  \
        touch(word, sizeof *word, true, __builtin_return_address(0));                                                  \
        __atomic_store_n(word, value, __ATOMIC_SEQ_CST);                                                               \
    }                                                                                                                  \
    WATCH_UPDATE(bits, exchange_n)                                                                                     \
    WATCH_UPDATE(bits, fetch_add)                                                                                      \
    WATCH_UPDATE(bits, fetch_sub)                                                                                      \
    WATCH_UPDATE(bits, fetch_and)                                                                                      \
    WATCH_UPDATE(bits, fetch_or)                                                                                       \
    WATCH_COMPARE(bits, compare_exchange_strong)                                                                       \
    WATCH_COMPARE(bits, compare_exchange_weak)                                                                         \
    std::uint##bits##_t __tsan_atomic##bits##_exchange(volatile std::uint##bits##_t* word, std::uint##bits##_t value,  \
                                                       int);                                                           \
    std::uint##bits##_t __tsan_atomic##bits##_exchange(volatile std::uint##bits##_t* word, std::uint##bits##_t value,  \
                                                       int order)                                                      \
    {                                                                                                                  \
        return __tsan_atomic##bits##_exchange_n(word, value, order);                                                   \
    }

#define WATCH_ACCESS(name, size, is_write)                                                                             \
    void __tsan_##name(void* memory);                                                                                  \
    void __tsan_##name(void* memory)                                                                                   \
    {                                                                                                                  \
        touch(memory, size, is_write, __builtin_return_address(0));                                                    \
    }

#define WATCH_ACCESSES(size)                                                                                           \
    WATCH_ACCESS(read##size, size, false)                                                                              \
    WATCH_ACCESS(write##size, size, true)

extern "C" {

WATCH_ATOMIC(8)
WATCH_ATOMIC(16)
WATCH_ATOMIC(32)
WATCH_ATOMIC(64)

WATCH_ACCESSES(1)
WATCH_ACCESSES(2)
WATCH_ACCESSES(4)
WATCH_ACCESSES(8)
WATCH_ACCESSES(16)
WATCH_ACCESS(vptr_read, sizeof(void*), false)

void __tsan_read_range(void* memory, std::size_t size);
void __tsan_read_range(void* memory, std::size_t size)
{
    touch(memory, size, false, __builtin_return_address(0));
}
void __tsan_write_range(void* memory, std::size_t size);
void __tsan_write_range(void* memory, std::size_t size)
{
    touch(memory, size, true, __builtin_return_address(0));
}
void __tsan_vptr_update(void** memory, void*);
void __tsan_vptr_update(void** memory, void*)
{
    touch(memory, sizeof *memory, true, __builtin_return_address(0));
}
void __tsan_init();
void __tsan_init() {}
void __tsan_func_entry(void*);
void __tsan_func_entry(void*) {}
void __tsan_func_exit();
void __tsan_func_exit() {}

} // extern "C"

// NOLINTEND(bugprone-reserved-identifier)
