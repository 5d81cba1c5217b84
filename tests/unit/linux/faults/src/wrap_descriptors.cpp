// SPDX-License-Identifier: MIT

#include <cstdarg>
#include <ctime>

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "plan.h"
#include "replacements.h"

// The linker makes both names of each function.
// NOLINTBEGIN(bugprone-reserved-identifier)

namespace linux_faults {

namespace {

using write_function = ssize_t (*)(int, const void*, std::size_t);

// Relaxed, as the plans are.
std::atomic<write_function> write_replacement{nullptr};

} // namespace

void replace_write(write_function replacement)
{
    write_replacement.store(replacement, std::memory_order_relaxed);
}

} // namespace linux_faults

using namespace linux_faults;

extern "C" {

int __real_eventfd(unsigned value, int flags);
int __wrap_eventfd(unsigned value, int flags);
int __wrap_eventfd(unsigned value, int flags)
{
    return call_or_fail(api::eventfd, [=] { return __real_eventfd(value, flags); });
}

int __real_fcntl(int descriptor, int command, ...);
int __wrap_fcntl(int descriptor, int command, ...);
int __wrap_fcntl(int descriptor, int command, ...)
{
    std::va_list arguments;
    va_start(arguments, command);
    const bool takes_int = command == F_SETFD || command == F_SETFL || command == F_DUPFD || command == F_DUPFD_CLOEXEC;
    const bool takes_nothing = command == F_GETFD || command == F_GETFL;
    const int number = takes_int ? va_arg(arguments, int) : 0;
    void* const pointer = takes_int || takes_nothing ? nullptr : va_arg(arguments, void*);
    va_end(arguments);
    return call_or_fail(api::fcntl, [=] {
        return takes_int || takes_nothing ? __real_fcntl(descriptor, command, number)
                                          : __real_fcntl(descriptor, command, pointer);
    });
}

ssize_t __real_read(int descriptor, void* data, size_t length);
ssize_t __wrap_read(int descriptor, void* data, size_t length);
ssize_t __wrap_read(int descriptor, void* data, size_t length)
{
    return call_or_fail(api::read, [=] { return __real_read(descriptor, data, length); });
}

ssize_t __real_write(int descriptor, const void* data, size_t length);
ssize_t __wrap_write(int descriptor, const void* data, size_t length);
ssize_t __wrap_write(int descriptor, const void* data, size_t length)
{
    return call_or_fail(api::write,
                        [=] { return call_current(write_replacement, &__real_write, descriptor, data, length); });
}

int __real_close(int descriptor);
int __wrap_close(int descriptor);
int __wrap_close(int descriptor)
{
    const decision what = decide(api::close);
    const int result = __real_close(descriptor);
    if (result == -1 && errno == EBADF && !is_exempt()) {
        note_bad_descriptor();
    }
    if (what.what != decision::kind::pass) {
        errno = what.error;
        return -1;
    }
    return result;
}

int __real_pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*start)(void*), void* argument);
int __wrap_pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*start)(void*), void* argument);
int __wrap_pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*start)(void*), void* argument)
{
    return call_or_return_error(api::pthread_create, 1,
                                [=] { return __real_pthread_create(thread, attributes, start, argument); });
}

int __real_sched_getaffinity(pid_t process, size_t size, cpu_set_t* mask);
int __wrap_sched_getaffinity(pid_t process, size_t size, cpu_set_t* mask);
int __wrap_sched_getaffinity(pid_t process, size_t size, cpu_set_t* mask)
{
    return call_or_fail(api::sched_getaffinity, [=] { return __real_sched_getaffinity(process, size, mask); });
}

int __real_epoll_create1(int flags);
int __wrap_epoll_create1(int flags);
int __wrap_epoll_create1(int flags)
{
    return call_or_fail(api::epoll_create1, [=] { return __real_epoll_create1(flags); });
}

int __real_epoll_ctl(int epoll, int operation, int descriptor, epoll_event* event);
int __wrap_epoll_ctl(int epoll, int operation, int descriptor, epoll_event* event);
int __wrap_epoll_ctl(int epoll, int operation, int descriptor, epoll_event* event)
{
    return call_or_fail(api::epoll_ctl, [=] { return __real_epoll_ctl(epoll, operation, descriptor, event); });
}

int __real_epoll_wait(int epoll, epoll_event* events, int size, int timeout_ms);
int __wrap_epoll_wait(int epoll, epoll_event* events, int size, int timeout_ms);
int __wrap_epoll_wait(int epoll, epoll_event* events, int size, int timeout_ms)
{
    return call_or_fail(api::epoll_wait, [=] { return __real_epoll_wait(epoll, events, size, timeout_ms); });
}

} // extern "C"

// NOLINTEND(bugprone-reserved-identifier)
