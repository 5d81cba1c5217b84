// SPDX-License-Identifier: MIT
//
// The attempts of a connect under way, each a socket of its own.

#include <sys/socket.h>

#include <unistd.h>

#include <cerrno>

#include "linux/connect/connecting.hpp"
#include "linux/socket/status.hpp"
#include "linux/system/address_text.hpp"
#include "linux/transport/connect_socket.hpp"
#include "linux/transport/socket_transport.hpp"

namespace async_socket::detail {

namespace {

constexpr const char* function_name = "async_socket_connect_async";

} // namespace

void connecting::start_attempt(worker_services& own, attempt& started) noexcept
{
    const addrinfo& address = *started.address;
    started.fd = make_tcp_socket(address.ai_family);
    if (started.fd == -1) {
        attempt_failed(started, errno);
        return;
    }
    const int error = begin_connect(started.fd, *address.ai_addr, address.ai_addrlen);
    if (error == 0) {
        attempt_won(own, started);
    } else if (error == EINPROGRESS) {
        await(own, started);
    } else {
        attempt_failed(started, error);
    }
}

void connecting::await(worker_services& own, attempt& started) noexcept
{
    const int error = own.watch(started);
    if (error == 0) {
        ++watched_;
    } else if (error != EBUSY) {
        attempt_failed(started, error);
    }
}

// SRS_EXECUTION_ENGINE_LINUX_01_019
bool connecting::await_untold(worker_services& own) noexcept
{
    bool is_told_all = true;
    for (std::uint32_t i = 0; i < attempt_count_; ++i) {
        attempt& each = attempts_[i];
        if (each.fd != -1 && !each.is_watched) {
            await(own, each);
            is_told_all = is_told_all && (each.fd == -1 || each.is_watched);
        }
    }
    return is_told_all;
}

void connecting::close_attempt(attempt& closed) noexcept
{
    close(closed.fd);
    closed.fd = -1;
}

void connecting::attempt_failed(attempt& failed, int error) noexcept
{
    const addrinfo& to = *failed.address;
    log_failure_at(function_name, failed.fd == -1 ? "socket for" : "connect", *to.ai_addr, to.ai_addrlen, error);
    if (failed.fd != -1) {
        close_attempt(failed);
    }
    status_ = status_of_error(error);
    error_ = error;
    race_.failed();
}

// SRS_ASYNC_CONNECT_01_010
void connecting::attempt_won(worker_services& own, attempt& winner) noexcept
{
    const int error = refuse_own_echo(winner.fd);
    if (error != 0) {
        attempt_failed(winner, error);
        return;
    }
    winner_ = winner.fd;
    winner.fd = -1;
    conclude(own, verdict::won);
}

} // namespace async_socket::detail
