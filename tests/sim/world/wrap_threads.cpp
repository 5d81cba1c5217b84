// SPDX-License-Identifier: MIT
//
// Threads, and what they wait for each other by.

#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstdarg>
#include <list>
#include <map>
#include <mutex>
#include <set>

#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>

#include "world/scheduler.h"

// The linker makes both names of each function.
// NOLINTBEGIN(bugprone-reserved-identifier)

namespace {

// Threads of the world run one at a time, so these need no lock.
std::set<const void*> locked;

struct waiter {
    const void* where;
    bool is_notified = false;
};
std::list<waiter*> waiters;

void lock(sim::scheduler& own, const void* mutex)
{
    own.step();
    own.sleep("a mutex", [mutex] { return locked.count(mutex) == 0; });
    locked.insert(mutex);
}

void unlock(sim::scheduler& own, const void* mutex)
{
    locked.erase(mutex);
    own.step();
}

bool wait(sim::scheduler& own, const char* why, const void* where, sim::time_point until)
{
    waiter me{where};
    waiters.push_back(&me);
    const bool is_notified = own.sleep(
        why, [&me] { return me.is_notified; }, until);
    waiters.remove(&me);
    return is_notified;
}

void notify(sim::scheduler& own, const void* where, int most)
{
    for (waiter* const each : waiters) {
        if (each->where == where && !each->is_notified && most-- > 0) {
            each->is_notified = true;
        }
    }
    own.step();
}

bool wait_on_condition(sim::scheduler& own, const void* condition, const void* mutex, sim::time_point until)
{
    locked.erase(mutex);
    const bool is_notified = wait(own, "a condition", condition, until);
    lock(own, mutex);
    return is_notified;
}

constexpr int all_of_them = 1 << 20;

} // namespace

extern "C" {

int __real_pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*start)(void*), void* argument);
int __wrap_pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*start)(void*), void* argument);
int __wrap_pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*start)(void*), void* argument)
{
    sim::scheduler* const own = sim::scheduler::current();
    return own == nullptr ? __real_pthread_create(thread, attributes, start, argument)
                          : own->start_thread(thread, attributes, start, argument);
}

int __real_pthread_join(pthread_t thread, void** result);
int __wrap_pthread_join(pthread_t thread, void** result);
int __wrap_pthread_join(pthread_t thread, void** result)
{
    sim::scheduler* const own = sim::scheduler::current();
    return own == nullptr ? __real_pthread_join(thread, result) : own->join_thread(thread);
}

int __real_sched_yield();
int __wrap_sched_yield();
int __wrap_sched_yield()
{
    if (sim::scheduler* const own = sim::scheduler::current()) {
        own->yield();
        return 0;
    }
    return __real_sched_yield();
}

int __real_pthread_mutex_lock(pthread_mutex_t* mutex);
int __wrap_pthread_mutex_lock(pthread_mutex_t* mutex);
int __wrap_pthread_mutex_lock(pthread_mutex_t* mutex)
{
    if (sim::scheduler* const own = sim::scheduler::current()) {
        lock(*own, mutex);
        return 0;
    }
    return __real_pthread_mutex_lock(mutex);
}

int __real_pthread_mutex_unlock(pthread_mutex_t* mutex);
int __wrap_pthread_mutex_unlock(pthread_mutex_t* mutex);
int __wrap_pthread_mutex_unlock(pthread_mutex_t* mutex)
{
    if (sim::scheduler* const own = sim::scheduler::current()) {
        unlock(*own, mutex);
        return 0;
    }
    return __real_pthread_mutex_unlock(mutex);
}

int __real_pthread_mutex_trylock(pthread_mutex_t* mutex);
int __wrap_pthread_mutex_trylock(pthread_mutex_t* mutex);
int __wrap_pthread_mutex_trylock(pthread_mutex_t* mutex)
{
    if (sim::scheduler* const own = sim::scheduler::current()) {
        own->step();
        return locked.insert(mutex).second ? 0 : EBUSY;
    }
    return __real_pthread_mutex_trylock(mutex);
}

int __real_nanosleep(const timespec* duration, timespec* left);
int __wrap_nanosleep(const timespec* duration, timespec* left);
int __wrap_nanosleep(const timespec* duration, timespec* left)
{
    if (sim::scheduler* const own = sim::scheduler::current()) {
        own->rest(own->now() + duration->tv_sec * sim::second + duration->tv_nsec);
        return 0;
    }
    return __real_nanosleep(duration, left);
}

int __real_pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t clock,
                                  const timespec* until);
int __wrap_pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t clock,
                                  const timespec* until);
int __wrap_pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t clock,
                                  const timespec* until)
{
    if (sim::scheduler* const own = sim::scheduler::current()) {
        return wait_on_condition(*own, condition, mutex, until->tv_sec * sim::second + until->tv_nsec) ? 0 : ETIMEDOUT;
    }
    return __real_pthread_cond_clockwait(condition, mutex, clock, until);
}

// std::condition_variable, which is in the C++ library.
void __real__ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE(std::condition_variable* condition,
                                                                      std::unique_lock<std::mutex>& lock);
void __wrap__ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE(std::condition_variable* condition,
                                                                      std::unique_lock<std::mutex>& lock);
void __wrap__ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE(std::condition_variable* condition,
                                                                      std::unique_lock<std::mutex>& lock)
{
    if (sim::scheduler* const own = sim::scheduler::current()) {
        wait_on_condition(*own, condition, lock.mutex(), sim::forever);
        return;
    }
    __real__ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE(condition, lock);
}

void __real__ZNSt18condition_variable10notify_allEv(std::condition_variable* condition);
void __wrap__ZNSt18condition_variable10notify_allEv(std::condition_variable* condition);
void __wrap__ZNSt18condition_variable10notify_allEv(std::condition_variable* condition)
{
    if (sim::scheduler* const own = sim::scheduler::current()) {
        notify(*own, condition, all_of_them);
        return;
    }
    __real__ZNSt18condition_variable10notify_allEv(condition);
}

void __real__ZNSt18condition_variable10notify_oneEv(std::condition_variable* condition);
void __wrap__ZNSt18condition_variable10notify_oneEv(std::condition_variable* condition);
void __wrap__ZNSt18condition_variable10notify_oneEv(std::condition_variable* condition)
{
    if (sim::scheduler* const own = sim::scheduler::current()) {
        notify(*own, condition, 1);
        return;
    }
    __real__ZNSt18condition_variable10notify_oneEv(condition);
}

// A time_point is its count.
std::int64_t __real__ZNSt6chrono3_V212steady_clock3nowEv();
std::int64_t __wrap__ZNSt6chrono3_V212steady_clock3nowEv();
std::int64_t __wrap__ZNSt6chrono3_V212steady_clock3nowEv()
{
    if (sim::scheduler* const own = sim::scheduler::current()) {
        return own->read_clock();
    }
    return __real__ZNSt6chrono3_V212steady_clock3nowEv();
}

// For what need not be exact, and for how long a thread has worked.
int __real_clock_gettime(clockid_t clock, timespec* told);
int __wrap_clock_gettime(clockid_t clock, timespec* told);
int __wrap_clock_gettime(clockid_t clock, timespec* told)
{
    sim::scheduler* const own = sim::scheduler::current();
    if (own == nullptr) {
        return __real_clock_gettime(clock, told);
    }
    constexpr sim::time_point tick = 4 * sim::millisecond;
    const sim::time_point now = clock == CLOCK_THREAD_CPUTIME_ID  ? own->time_worked()
                                : clock == CLOCK_MONOTONIC_COARSE ? own->now() / tick * tick
                                                                  : own->read_clock();
    told->tv_sec = now / sim::second;
    told->tv_nsec = now % sim::second;
    return 0;
}

// What std::atomic::wait and notify_one are made of.
long __real_syscall(long number, ...);
long __wrap_syscall(long number, ...);
long __wrap_syscall(long number, ...)
{
    std::va_list list;
    va_start(list, number);
    const long first = va_arg(list, long);
    const long second = va_arg(list, long);
    const long third = va_arg(list, long);
    const long fourth = va_arg(list, long);
    const long fifth = va_arg(list, long);
    const long sixth = va_arg(list, long);
    va_end(list);
    sim::scheduler* const own = sim::scheduler::current();
    if (own == nullptr || number != SYS_futex) {
        return __real_syscall(number, first, second, third, fourth, fifth, sixth);
    }
    const auto* const word = reinterpret_cast<const int*>(first);
    if ((second & FUTEX_CMD_MASK) != FUTEX_WAIT) {
        notify(*own, word, static_cast<int>(third));
        return 0;
    }
    if (*word != static_cast<int>(third)) {
        errno = EAGAIN;
        return -1;
    }
    wait(*own, "a futex", word, sim::forever);
    return 0;
}

} // extern "C"

// NOLINTEND(bugprone-reserved-identifier)
