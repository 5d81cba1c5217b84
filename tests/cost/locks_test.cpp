// SPDX-License-Identifier: MIT
//
// No lock is taken from one message to the next. The linker puts these functions in the place of the system's, in every
// object of the program and of the library.

#include <atomic>
#include <cstddef>
#include <cstdio>
#include <mutex>
#include <stdexcept>

#include <gtest/gtest.h>
#include <pthread.h>

#include "ping_pong.h"
#include "support/engine_under_test.h"

namespace {

std::atomic<std::size_t> lock_count{0};

} // namespace

// NOLINTBEGIN(bugprone-reserved-identifier)
extern "C" {

int __real_pthread_mutex_lock(pthread_mutex_t* mutex);
int __wrap_pthread_mutex_lock(pthread_mutex_t* mutex);
int __wrap_pthread_mutex_lock(pthread_mutex_t* mutex)
{
    lock_count.fetch_add(1, std::memory_order_relaxed);
    return __real_pthread_mutex_lock(mutex);
}

int __real_pthread_rwlock_rdlock(pthread_rwlock_t* lock);
int __wrap_pthread_rwlock_rdlock(pthread_rwlock_t* lock);
int __wrap_pthread_rwlock_rdlock(pthread_rwlock_t* lock)
{
    lock_count.fetch_add(1, std::memory_order_relaxed);
    return __real_pthread_rwlock_rdlock(lock);
}

int __real_pthread_rwlock_wrlock(pthread_rwlock_t* lock);
int __wrap_pthread_rwlock_wrlock(pthread_rwlock_t* lock);
int __wrap_pthread_rwlock_wrlock(pthread_rwlock_t* lock)
{
    lock_count.fetch_add(1, std::memory_order_relaxed);
    return __real_pthread_rwlock_wrlock(lock);
}

} // extern "C"
// NOLINTEND(bugprone-reserved-identifier)

namespace cost {
namespace {

// The library takes one where a socket is closed; so this reaches the library.
TEST(locks, are_counted_in_the_library)
{
    const contract::engine_owner engine(contract::create_engine_under_test(1, 1));
    ASSERT_TRUE(engine);
    std::size_t before = 0;
    {
        const ping_pong load(engine.get(), 1);
        before = lock_count.load();
    }
    EXPECT_GT(lock_count.load(), before);
}

// SRS_ASYNC_SOCKET_LINUX_01_028
TEST(locks, are_none_from_one_message_to_the_next)
{
    const contract::engine_owner engine(contract::create_engine_under_test(2, 2));
    ASSERT_TRUE(engine);
    ping_pong load(engine.get(), 64);
    load.exchange_in_callbacks(5000);
    load.exchange_from_here(5000);
    const std::size_t before = lock_count.load();
    const std::size_t messages = load.exchange_in_callbacks(20000) + load.exchange_from_here(20000);
    const std::size_t counted = lock_count.load() - before;
    EXPECT_EQ(load.failures(), 0u);
    std::printf("%zu locks in %zu messages\n", counted, messages);
    EXPECT_EQ(counted, 0u);
}

} // namespace
} // namespace cost
