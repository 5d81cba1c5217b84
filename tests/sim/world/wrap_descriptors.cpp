// SPDX-License-Identifier: MIT
//
// Descriptors that are no sockets, and what waits for descriptors.

#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <memory>

#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "world/epoll_set.h"
#include "world/event_counter.h"
#include "world/wrapped_call.h"

// The linker makes both names of each function.
// NOLINTBEGIN(bugprone-reserved-identifier)

using namespace sim;

namespace {

time_point time_after(const world& own, int timeout_ms)
{
    return timeout_ms < 0 ? forever : own.time.now() + timeout_ms * millisecond;
}

int look_at(world& own, pollfd* entries, nfds_t count)
{
    int ready = 0;
    for (nfds_t i = 0; i < count; ++i) {
        entries[i].revents = 0;
        object* const asked = entries[i].fd < 0 ? nullptr : own.find<object>(entries[i].fd);
        if (asked != nullptr) {
            const auto wanted = static_cast<std::uint32_t>(entries[i].events) | POLLERR | POLLHUP;
            entries[i].revents = static_cast<short>(asked->events() & wanted);
            ready += entries[i].revents != 0 ? 1 : 0;
        }
    }
    return ready;
}

} // namespace

extern "C" {

int __real_eventfd(unsigned value, int flags);
int __wrap_eventfd(unsigned value, int flags);
int __wrap_eventfd(unsigned value, int flags)
{
    world* const own = begin_call("eventfd");
    if (own == nullptr) {
        return __real_eventfd(value, flags);
    }
    return own->lacks_descriptors() ? failure(EMFILE) : own->open(std::make_shared<event_counter>());
}

int __real_epoll_create1(int flags);
int __wrap_epoll_create1(int flags);
int __wrap_epoll_create1(int flags)
{
    world* const own = begin_call("epoll_create1");
    if (own == nullptr) {
        return __real_epoll_create1(flags);
    }
    return own->lacks_descriptors() ? failure(EMFILE) : own->open(std::make_shared<epoll_set>());
}

int __real_epoll_ctl(int epoll, int operation, int descriptor, epoll_event* event);
int __wrap_epoll_ctl(int epoll, int operation, int descriptor, epoll_event* event);
int __wrap_epoll_ctl(int epoll, int operation, int descriptor, epoll_event* event)
{
    world* const own = begin_call(operation == EPOLL_CTL_ADD   ? "epoll_ctl add"
                                  : operation == EPOLL_CTL_MOD ? "epoll_ctl modify"
                                                               : "epoll_ctl remove",
                                  descriptor);
    if (own == nullptr) {
        return __real_epoll_ctl(epoll, operation, descriptor, event);
    }
    auto* const set = own->find<epoll_set>(epoll);
    auto* const watched = own->find<object>(descriptor);
    if (set == nullptr || watched == nullptr) {
        return failure(EBADF);
    }
    const int error = operation == EPOLL_CTL_ADD   ? set->add(descriptor, *watched, *event)
                      : operation == EPOLL_CTL_MOD ? set->change(descriptor, *event)
                                                   : set->remove(descriptor);
    return error == 0 ? 0 : failure(error);
}

int __real_epoll_wait(int epoll, epoll_event* events, int size, int timeout_ms);
int __wrap_epoll_wait(int epoll, epoll_event* events, int size, int timeout_ms);
int __wrap_epoll_wait(int epoll, epoll_event* events, int size, int timeout_ms)
{
    world* const own = begin_call("epoll_wait");
    if (own == nullptr) {
        return __real_epoll_wait(epoll, events, size, timeout_ms);
    }
    auto* const set = own->find<epoll_set>(epoll);
    if (set == nullptr) {
        return failure(EBADF);
    }
    const time_point until = time_after(*own, timeout_ms);
    if (timeout_ms != 0 && own->interrupts()) {
        return failure(EINTR);
    }
    own->time.sleep(
        "events", [set] { return set->has_events(); }, until);
    const int taken = set->take(events, size);
    for (int i = 0; i < taken; ++i) {
        char text[48];
        std::snprintf(text, sizeof text, "  = events %x of %d", events[i].events,
                      set->last_taken[static_cast<std::size_t>(i)]);
        own->events.line(own->time.now(), scheduler::thread_number(), text);
    }
    return taken;
}

int __real_poll(pollfd* entries, nfds_t count, int timeout_ms);
int __wrap_poll(pollfd* entries, nfds_t count, int timeout_ms);
int __wrap_poll(pollfd* entries, nfds_t count, int timeout_ms)
{
    world* const own = begin_call("poll");
    if (own == nullptr) {
        return __real_poll(entries, count, timeout_ms);
    }
    const time_point until = time_after(*own, timeout_ms);
    if (own->interrupts()) {
        return failure(EINTR);
    }
    own->time.sleep(
        "poll", [=] { return look_at(*own, entries, count) != 0; }, until);
    return look_at(*own, entries, count);
}

int __real_fcntl(int descriptor, int command, ...);
int __wrap_fcntl(int descriptor, int command, ...);
int __wrap_fcntl(int descriptor, int command, ...)
{
    std::va_list list;
    va_start(list, command);
    const long argument = va_arg(list, long);
    va_end(list);
    world* const own = begin_call("fcntl", descriptor);
    if (own == nullptr) {
        return __real_fcntl(descriptor, command, argument);
    }
    if (command == F_DUPFD_CLOEXEC) {
        return own->lacks_descriptors() ? failure(EMFILE) : own->duplicate(descriptor);
    }
    return own->find<object>(descriptor) == nullptr ? failure(EBADF) : 0;
}

ssize_t __real_read(int descriptor, void* data, size_t length);
ssize_t __wrap_read(int descriptor, void* data, size_t length);
ssize_t __wrap_read(int descriptor, void* data, size_t length)
{
    world* const own = begin_call("read", descriptor);
    if (own == nullptr) {
        return __real_read(descriptor, data, length);
    }
    auto* const counter = own->find<event_counter>(descriptor);
    if (counter == nullptr) {
        return failure(EBADF);
    }
    const std::uint64_t value = counter->take();
    std::memcpy(data, &value, sizeof value);
    return value == 0 ? failure(EAGAIN) : static_cast<int>(sizeof value);
}

ssize_t __real_write(int descriptor, const void* data, size_t length);
ssize_t __wrap_write(int descriptor, const void* data, size_t length);
ssize_t __wrap_write(int descriptor, const void* data, size_t length)
{
    world* const own = begin_call("write", descriptor);
    if (own == nullptr) {
        return __real_write(descriptor, data, length);
    }
    auto* const counter = own->find<event_counter>(descriptor);
    if (counter == nullptr) {
        own->time.on_failure("a wake-up is written into what is no event");
        return failure(EBADF);
    }
    if (own->interrupts()) {
        return failure(EINTR);
    }
    std::uint64_t value = 0;
    std::memcpy(&value, data, sizeof value);
    counter->add(value);
    return static_cast<ssize_t>(length);
}

int __real_close(int descriptor);
int __wrap_close(int descriptor);
int __wrap_close(int descriptor)
{
    world* const own = begin_call("close", descriptor);
    if (own == nullptr) {
        return __real_close(descriptor);
    }
    const int error = own->close(descriptor);
    return error == 0 ? 0 : failure(error);
}

} // extern "C"

// NOLINTEND(bugprone-reserved-identifier)
