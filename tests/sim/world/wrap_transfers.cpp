// SPDX-License-Identifier: MIT
//
// Sending and receiving. None of these waits: every socket of the library is non-blocking.

#include <cerrno>
#include <cstdio>

#include <sys/socket.h>

#include "world/wrapped_call.h"

// The linker makes both names of each function.
// NOLINTBEGIN(bugprone-reserved-identifier)

using namespace sim;

namespace {

// The result of a call of the system, traced.
ssize_t result_of(world& own, std::int64_t answer)
{
    char text[48];
    std::snprintf(text, sizeof text, "  = %lld", static_cast<long long>(answer));
    own.events.line(own.time.now(), scheduler::thread_number(), text);
    return answer < 0 ? failure(static_cast<int>(-answer)) : static_cast<ssize_t>(answer);
}

// What keeps a transfer from being attempted; 0: nothing.
std::int64_t obstacle(world& own, endpoint* moved)
{
    if (moved == nullptr) {
        return -EBADF;
    }
    if (own.interrupts()) {
        return -EINTR;
    }
    if (own.lacks_memory()) {
        moved->past.shortage = true;
        return own.time.chance().one_in(2) ? -ENOBUFS : -ENOMEM;
    }
    return 0;
}

// The pieces one after the other, until one is not moved whole.
template <typename function>
std::int64_t move_all(const msghdr& message, function move)
{
    std::int64_t total = 0;
    for (std::size_t i = 0; i < message.msg_iovlen; ++i) {
        const iovec& piece = message.msg_iov[i];
        const std::int64_t moved = move(static_cast<char*>(piece.iov_base), piece.iov_len);
        if (moved <= 0) {
            return total != 0 ? total : moved;
        }
        total += moved;
        if (static_cast<std::size_t>(moved) < piece.iov_len) {
            return total;
        }
    }
    return total;
}

ssize_t send_message(world& own, int socket, const msghdr& message)
{
    auto* const sender = own.find<endpoint>(socket);
    const std::int64_t reason = obstacle(own, sender);
    return result_of(own, reason != 0 ? reason : move_all(message, [sender](const char* data, std::size_t length) {
                         return sender->send(data, length);
                     }));
}

ssize_t receive_message(world& own, int socket, const msghdr& message)
{
    auto* const receiver = own.find<endpoint>(socket);
    const std::int64_t reason = obstacle(own, receiver);
    if (reason != 0) {
        return result_of(own, reason);
    }
    // The error that a later piece meets is left for the next call.
    std::int64_t total = 0;
    for (std::size_t i = 0; i < message.msg_iovlen && (total == 0 || receiver->available() != 0); ++i) {
        const iovec& piece = message.msg_iov[i];
        const std::int64_t moved = receiver->receive(static_cast<char*>(piece.iov_base), piece.iov_len);
        if (moved <= 0) {
            return result_of(own, moved);
        }
        total += moved;
    }
    return result_of(own, total);
}

} // namespace

extern "C" {

ssize_t __real_send(int socket, const void* data, size_t length, int flags);
ssize_t __wrap_send(int socket, const void* data, size_t length, int flags);
ssize_t __wrap_send(int socket, const void* data, size_t length, int flags)
{
    world* const own = begin_call("send", socket);
    if (own == nullptr) {
        return __real_send(socket, data, length, flags);
    }
    iovec only{const_cast<void*>(data), length};
    msghdr message{};
    message.msg_iov = &only;
    message.msg_iovlen = 1;
    return send_message(*own, socket, message);
}

ssize_t __real_sendmsg(int socket, const msghdr* message, int flags);
ssize_t __wrap_sendmsg(int socket, const msghdr* message, int flags);
ssize_t __wrap_sendmsg(int socket, const msghdr* message, int flags)
{
    world* const own = begin_call("sendmsg", socket);
    return own == nullptr ? __real_sendmsg(socket, message, flags) : send_message(*own, socket, *message);
}

ssize_t __real_recv(int socket, void* data, size_t length, int flags);
ssize_t __wrap_recv(int socket, void* data, size_t length, int flags);
ssize_t __wrap_recv(int socket, void* data, size_t length, int flags)
{
    world* const own = begin_call("recv", socket);
    if (own == nullptr) {
        return __real_recv(socket, data, length, flags);
    }
    iovec only{data, length};
    msghdr message{};
    message.msg_iov = &only;
    message.msg_iovlen = 1;
    return receive_message(*own, socket, message);
}

ssize_t __real_recvmsg(int socket, msghdr* message, int flags);
ssize_t __wrap_recvmsg(int socket, msghdr* message, int flags);
ssize_t __wrap_recvmsg(int socket, msghdr* message, int flags)
{
    world* const own = begin_call("recvmsg", socket);
    return own == nullptr ? __real_recvmsg(socket, message, flags) : receive_message(*own, socket, *message);
}

} // extern "C"

// NOLINTEND(bugprone-reserved-identifier)
