// SPDX-License-Identifier: MIT

#include <array>

#include <netdb.h>

#include <cerrno>

#include "linux_faults/faults.h"

namespace linux_faults {

const char* name_of(api which)
{
    static constexpr std::array<const char*, api_count> names = {
        "socket",
        "connect",
        "bind",
        "listen",
        "accept4",
        "getsockopt",
        "setsockopt",
        "getsockname",
        "getpeername",
        "shutdown",
        "send",
        "recv",
        "sendmsg",
        "recvmsg",
        "poll",
        "eventfd",
        "fcntl",
        "read",
        "write",
        "close",
        "getaddrinfo",
        "pthread_create",
        "sched_getaffinity",
        "epoll_create1",
        "epoll_ctl",
        "epoll_wait",
        "io_uring_queue_init_params",
        "io_uring_submit",
        "io_uring_submit_and_wait",
        "io_uring_submit_and_wait_timeout",
        "io_uring_submit_and_get_events",
        "io_uring_get_events",
        "io_uring_transfer",
        "operator_new",
    };
    static_assert(names.back() != nullptr);
    return names[static_cast<std::size_t>(which)];
}

const std::vector<int>& errors_of(api which)
{
    static const std::vector<int> of_socket{EACCES, EAFNOSUPPORT, EMFILE, ENFILE, ENOBUFS, ENOMEM, EPROTONOSUPPORT};
    static const std::vector<int> of_connect{EACCES,       EPERM,        EADDRINUSE,  EADDRNOTAVAIL, EAFNOSUPPORT,
                                             ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, ETIMEDOUT};
    static const std::vector<int> of_bind{EACCES, EADDRINUSE, EADDRNOTAVAIL, ENOMEM};
    static const std::vector<int> of_listen{EADDRINUSE};
    static const std::vector<int> of_accept4{EMFILE, ENFILE, ENOBUFS, ENOMEM, EPERM};
    static const std::vector<int> of_getsockopt{ENOMEM, ENOPROTOOPT};
    static const std::vector<int> of_setsockopt{ENOMEM, ENOPROTOOPT};
    static const std::vector<int> of_getsockname{ENOBUFS};
    static const std::vector<int> of_getpeername{ENOBUFS, ENOTCONN};
    static const std::vector<int> of_shutdown{ENOTCONN};
    static const std::vector<int> of_send{ECONNRESET, EPIPE, ENOBUFS, ENOMEM, ENETDOWN, EHOSTUNREACH, ETIMEDOUT};
    static const std::vector<int> of_receive{ECONNRESET, ECONNREFUSED, ENOMEM, ENOTCONN, ETIMEDOUT};
    static const std::vector<int> of_poll{ENOMEM};
    static const std::vector<int> of_eventfd{EMFILE, ENFILE, ENODEV, ENOMEM};
    static const std::vector<int> of_fcntl{EPERM, EACCES};
    static const std::vector<int> of_file{EIO};
    static const std::vector<int> of_getaddrinfo{EAI_AGAIN, EAI_FAIL, EAI_FAMILY, EAI_MEMORY, EAI_NONAME, EAI_SYSTEM};
    static const std::vector<int> of_pthread_create{EAGAIN, EPERM};
    static const std::vector<int> of_affinity{EPERM, EINVAL};
    static const std::vector<int> of_epoll_create1{EMFILE, ENFILE, ENOMEM};
    static const std::vector<int> of_epoll_ctl{ENOMEM, ENOSPC};
    static const std::vector<int> of_io_uring_setup{ENOSYS, EPERM, EMFILE, ENFILE, ENOMEM, EACCES};
    static const std::vector<int> of_io_uring_enter{EBUSY, ENOMEM, EBADR};
    static const std::vector<int> of_memory{ENOMEM};
    static const std::vector<int> none{};
    switch (which) {
    case api::socket:
        return of_socket;
    case api::connect:
        return of_connect;
    case api::bind:
        return of_bind;
    case api::listen:
        return of_listen;
    case api::accept4:
        return of_accept4;
    case api::getsockopt:
        return of_getsockopt;
    case api::setsockopt:
        return of_setsockopt;
    case api::getsockname:
        return of_getsockname;
    case api::getpeername:
        return of_getpeername;
    case api::shutdown:
        return of_shutdown;
    case api::send:
    case api::sendmsg:
        return of_send;
    case api::recv:
    case api::recvmsg:
        return of_receive;
    case api::poll:
        return of_poll;
    case api::eventfd:
        return of_eventfd;
    case api::fcntl:
        return of_fcntl;
    case api::read:
    case api::write:
    case api::close:
        return of_file;
    case api::getaddrinfo:
        return of_getaddrinfo;
    case api::pthread_create:
        return of_pthread_create;
    case api::sched_getaffinity:
        return of_affinity;
    case api::epoll_create1:
        return of_epoll_create1;
    case api::epoll_ctl:
        return of_epoll_ctl;
    case api::io_uring_queue_init_params:
        return of_io_uring_setup;
    case api::io_uring_submit:
    case api::io_uring_submit_and_wait:
    case api::io_uring_submit_and_wait_timeout:
    case api::io_uring_submit_and_get_events:
    case api::io_uring_get_events:
        return of_io_uring_enter;
    case api::operator_new:
        return of_memory;
    default:
        return none;
    }
}

} // namespace linux_faults
