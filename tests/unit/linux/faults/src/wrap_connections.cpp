// SPDX-License-Identifier: MIT

#include <atomic>

#include <netdb.h>
#include <sys/socket.h>

#include "plan.h"
#include "replacements.h"

// The linker makes both names of each function.
// NOLINTBEGIN(bugprone-reserved-identifier)

namespace linux_faults {

namespace {

using connect_function = int (*)(int, const sockaddr*, socklen_t);
using getsockname_function = int (*)(int, sockaddr*, socklen_t*);
using poll_function = int (*)(pollfd*, nfds_t, int);
using getaddrinfo_function = int (*)(const char*, const char*, const addrinfo*, addrinfo**);

// Relaxed, as the plans are.
std::atomic<connect_function> connect_replacement{nullptr};
std::atomic<getsockname_function> getsockname_replacement{nullptr};
std::atomic<poll_function> poll_replacement{nullptr};
std::atomic<getaddrinfo_function> getaddrinfo_replacement{nullptr};

} // namespace

void replace_connect(connect_function replacement)
{
    connect_replacement.store(replacement, std::memory_order_relaxed);
}

void replace_getsockname(getsockname_function replacement)
{
    getsockname_replacement.store(replacement, std::memory_order_relaxed);
}

void replace_poll(poll_function replacement)
{
    poll_replacement.store(replacement, std::memory_order_relaxed);
}

void replace_getaddrinfo(getaddrinfo_function replacement)
{
    getaddrinfo_replacement.store(replacement, std::memory_order_relaxed);
}

void forget_replacements()
{
    replace_connect(nullptr);
    replace_getsockname(nullptr);
    replace_write(nullptr);
    replace_poll(nullptr);
    replace_getaddrinfo(nullptr);
    static_cast<void>(replaced_calls.load(std::memory_order_acquire));
}

} // namespace linux_faults

using namespace linux_faults;

extern "C" {

int __real_socket(int family, int type, int protocol);
int __wrap_socket(int family, int type, int protocol);
int __wrap_socket(int family, int type, int protocol)
{
    return call_or_fail(api::socket, [=] { return __real_socket(family, type, protocol); });
}

int __real_connect(int socket, const sockaddr* address, socklen_t length);
int __wrap_connect(int socket, const sockaddr* address, socklen_t length);
int __wrap_connect(int socket, const sockaddr* address, socklen_t length)
{
    return call_or_fail(api::connect,
                        [=] { return call_current(connect_replacement, &__real_connect, socket, address, length); });
}

int __real_bind(int socket, const sockaddr* address, socklen_t length);
int __wrap_bind(int socket, const sockaddr* address, socklen_t length);
int __wrap_bind(int socket, const sockaddr* address, socklen_t length)
{
    return call_or_fail(api::bind, [=] { return __real_bind(socket, address, length); });
}

int __real_listen(int socket, int backlog);
int __wrap_listen(int socket, int backlog);
int __wrap_listen(int socket, int backlog)
{
    return call_or_fail(api::listen, [=] { return __real_listen(socket, backlog); });
}

int __real_accept4(int socket, sockaddr* address, socklen_t* length, int flags);
int __wrap_accept4(int socket, sockaddr* address, socklen_t* length, int flags);
int __wrap_accept4(int socket, sockaddr* address, socklen_t* length, int flags)
{
    return call_or_fail(api::accept4, [=] { return __real_accept4(socket, address, length, flags); });
}

int __real_getsockopt(int socket, int level, int option, void* value, socklen_t* length);
int __wrap_getsockopt(int socket, int level, int option, void* value, socklen_t* length);
int __wrap_getsockopt(int socket, int level, int option, void* value, socklen_t* length)
{
    return call_or_fail(api::getsockopt, [=] { return __real_getsockopt(socket, level, option, value, length); });
}

int __real_setsockopt(int socket, int level, int option, const void* value, socklen_t length);
int __wrap_setsockopt(int socket, int level, int option, const void* value, socklen_t length);
int __wrap_setsockopt(int socket, int level, int option, const void* value, socklen_t length)
{
    return call_or_fail(api::setsockopt, [=] { return __real_setsockopt(socket, level, option, value, length); });
}

int __real_getsockname(int socket, sockaddr* address, socklen_t* length);
int __wrap_getsockname(int socket, sockaddr* address, socklen_t* length);
int __wrap_getsockname(int socket, sockaddr* address, socklen_t* length)
{
    return call_or_fail(api::getsockname, [=] {
        return call_current(getsockname_replacement, &__real_getsockname, socket, address, length);
    });
}

int __real_getpeername(int socket, sockaddr* address, socklen_t* length);
int __wrap_getpeername(int socket, sockaddr* address, socklen_t* length);
int __wrap_getpeername(int socket, sockaddr* address, socklen_t* length)
{
    return call_or_fail(api::getpeername, [=] { return __real_getpeername(socket, address, length); });
}

int __real_shutdown(int socket, int how);
int __wrap_shutdown(int socket, int how);
int __wrap_shutdown(int socket, int how)
{
    return call_or_fail(api::shutdown, [=] { return __real_shutdown(socket, how); });
}

int __real_poll(pollfd* entries, nfds_t count, int timeout_ms);
int __wrap_poll(pollfd* entries, nfds_t count, int timeout_ms);
int __wrap_poll(pollfd* entries, nfds_t count, int timeout_ms)
{
    return call_or_fail(api::poll,
                        [=] { return call_current(poll_replacement, &__real_poll, entries, count, timeout_ms); });
}

int __real_getaddrinfo(const char* host, const char* service, const addrinfo* hints, addrinfo** result);
int __wrap_getaddrinfo(const char* host, const char* service, const addrinfo* hints, addrinfo** result);
int __wrap_getaddrinfo(const char* host, const char* service, const addrinfo* hints, addrinfo** result)
{
    const decision what = decide(api::getaddrinfo);
    switch (what.what) {
    case decision::kind::fail:
        errno = EMFILE;
        return what.error;
    case decision::kind::interrupt:
        errno = EINTR;
        return EAI_SYSTEM;
    default:
        return call_current(getaddrinfo_replacement, &__real_getaddrinfo, host, service, hints, result);
    }
}

} // extern "C"

// NOLINTEND(bugprone-reserved-identifier)
