// SPDX-License-Identifier: MIT

#include <sys/socket.h>

#include "cut_message.h"
#include "plan.h"

// The linker makes both names of each function.
// NOLINTBEGIN(bugprone-reserved-identifier)

using namespace linux_faults;

extern "C" {

ssize_t __real_send(int socket, const void* data, size_t length, int flags);
ssize_t __wrap_send(int socket, const void* data, size_t length, int flags);
ssize_t __wrap_send(int socket, const void* data, size_t length, int flags)
{
    return call_or_fail(api::send, [=] { return __real_send(socket, data, allowed(api::send, length), flags); });
}

ssize_t __real_recv(int socket, void* data, size_t length, int flags);
ssize_t __wrap_recv(int socket, void* data, size_t length, int flags);
ssize_t __wrap_recv(int socket, void* data, size_t length, int flags)
{
    return call_or_fail(api::recv, [=] { return __real_recv(socket, data, allowed(api::recv, length), flags); });
}

ssize_t __real_sendmsg(int socket, const msghdr* message, int flags);
ssize_t __wrap_sendmsg(int socket, const msghdr* message, int flags);
ssize_t __wrap_sendmsg(int socket, const msghdr* message, int flags)
{
    return call_or_fail(api::sendmsg, [=] {
        if (!is_cut(api::sendmsg)) {
            return __real_sendmsg(socket, message, flags);
        }
        cut_message part(*message, allowed(api::sendmsg, cut_message::length_of(*message)));
        return __real_sendmsg(socket, part.get(), flags);
    });
}

ssize_t __real_recvmsg(int socket, msghdr* message, int flags);
ssize_t __wrap_recvmsg(int socket, msghdr* message, int flags);
ssize_t __wrap_recvmsg(int socket, msghdr* message, int flags)
{
    return call_or_fail(api::recvmsg, [=] {
        if (!is_cut(api::recvmsg)) {
            return __real_recvmsg(socket, message, flags);
        }
        cut_message part(*message, allowed(api::recvmsg, cut_message::length_of(*message)));
        return __real_recvmsg(socket, part.get(), flags);
    });
}

} // extern "C"

// NOLINTEND(bugprone-reserved-identifier)
