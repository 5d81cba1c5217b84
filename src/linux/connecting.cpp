// SPDX-License-Identifier: MIT

#include "linux/connecting.hpp"

#include <sys/socket.h>

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <new>

#include "common/log.hpp"
#include "linux/connect_socket.hpp"
#include "linux/execution_engine.hpp"
#include "linux/socket_transport.hpp"
#include "linux/status.hpp"
#include "linux/system_error.hpp"
#include "linux/worker.hpp"

namespace async_socket::detail {

namespace {

constexpr const char* function_name = "async_socket_connect_async";

std::uint32_t length_of(const addrinfo* list) noexcept
{
    std::uint32_t count = 0;
    for (; list != nullptr; list = list->ai_next) {
        ++count;
    }
    return count;
}

const addrinfo* entry_of(const addrinfo* list, std::uint32_t index) noexcept
{
    for (; index != 0; --index) {
        list = list->ai_next;
    }
    return list;
}

// Disconnects the transport of a socket that has connected by itself, and gives it back.
void drop_own_transport(ASYNC_SOCKET_HANDLE socket) noexcept
{
    SOCKET_TRANSPORT_HANDLE const transport = socket->transport;
    socket->transport = nullptr;
    socket->fd = -1;
    socket_transport_disconnect(transport);
    transport_use::leave(transport);
    transport_release(transport);
}

} // namespace

// SRS_ASYNC_CONNECT_01_008
bool connecting::use(address_list addresses) noexcept
{
    const std::uint32_t count = length_of(addresses.get());
    attempts_.reset(new (std::nothrow) attempt[count]);
    if (attempts_ == nullptr) {
        return false;
    }
    attempt_count_ = count;
    addresses_ = std::move(addresses);
    std::uint32_t place = 0;
    take_turns(
        attempt_count_, [this](std::uint32_t index) { return entry_of(addresses_.get(), index)->ai_family; },
        [this, &place](std::uint32_t index) {
            attempts_[place].owner = this;
            attempts_[place++].address = entry_of(addresses_.get(), index);
        });
    race_ = address_race(attempt_count_);
    return true;
}

bool connecting::use(const char* host, std::uint16_t port) noexcept
{
    question_.reset(new (std::nothrow) resolution);
    if (question_ == nullptr) {
        return false;
    }
    std::strncpy(question_->host, host, longest_host);
    question_->port = port;
    return true;
}

void connecting::begin(worker& own, operation* reported) noexcept
{
    reported_ = reported;
    if (socket_->closing) {
        give_up(own);
        return;
    }
    if (question_ == nullptr) {
        go_on(own);
        return;
    }
    // SRS_ASYNC_CONNECT_01_012
    question_->home = &own;
    question_->whose = this;
    execution_engine_inc_ref(own.engine());
    const int error = resolve_elsewhere(question_.get());
    if (error == 0) {
        asked_ = question_.release();
    } else {
        log_system_failure(function_name, "pthread_create", error);
        execution_engine_dec_ref(own.engine());
        status_ = ASYNC_STATUS_NO_RESOURCES;
        error_ = error;
        stop(own);
        finish_if_idle(own);
    }
}

void connecting::take(worker& own, resolution& answer) noexcept
{
    asked_ = nullptr;
    if (answer.addresses != nullptr && use(std::move(answer.addresses))) {
        go_on(own);
        return;
    }
    if (answer.error != 0) {
        // SRS_ASYNC_CONNECT_01_013
        log_resolver_failure(function_name, "getaddrinfo", answer.error, answer.system_error);
        const bool is_systems = answer.error == EAI_SYSTEM;
        error_ = is_systems ? answer.system_error : 0;
        status_ = is_systems                   ? status_of_error(answer.system_error)
                  : answer.error == EAI_MEMORY ? ASYNC_STATUS_NO_RESOURCES
                                               : ASYNC_STATUS_NAME_NOT_RESOLVED;
    } else {
        log_system_failure(function_name, "operator new", ENOMEM);
        error_ = ENOMEM;
        status_ = ASYNC_STATUS_NO_RESOURCES;
    }
    stop(own);
    finish_if_idle(own);
}

// SRS_ASYNC_CONNECT_01_009
void connecting::go_on(worker& own) noexcept
{
    time_point_ns now = now_ns();
    while (!over_ && race_.may_start(now)) {
        start_attempt(own, attempts_[race_.start(now)]);
        now = now_ns();
    }
    if (!over_ && race_.is_lost()) {
        stop(own);
    }
    if (over_) {
        finish_if_idle(own);
        return;
    }
    own.stop_timer(pace_);
    pace_.due = race_.next_start();
    if (pace_.due != never) {
        own.start_timer(pace_);
    }
}

void connecting::start_attempt(worker& own, attempt& started) noexcept
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
    } else if (error == EINPROGRESS && own.watch(started)) {
        ++watched_;
    } else {
        attempt_failed(started, error == EINPROGRESS ? ENOBUFS : error);
    }
}

void connecting::attempt_failed(attempt& failed, int error) noexcept
{
    log_system_failure(function_name, failed.fd == -1 ? "socket" : "connect", error);
    if (failed.fd != -1) {
        close(failed.fd);
        failed.fd = -1;
    }
    status_ = status_of_error(error);
    error_ = error;
    race_.failed();
}

// SRS_ASYNC_CONNECT_01_010
void connecting::attempt_won(worker& own, attempt& winner) noexcept
{
    const int error = refuse_own_echo(winner.fd);
    if (error != 0) {
        attempt_failed(winner, error);
        return;
    }
    winner_ = winner.fd;
    winner.fd = -1;
    stop(own);
}

void connecting::attempt_ended(worker& own, fd_watch& watch) noexcept
{
    auto& ended = static_cast<attempt&>(watch);
    --watched_;
    if (over_) {
        close(ended.fd);
        ended.fd = -1;
        finish_if_idle(own);
        return;
    }
    const int error = error_of_connect(ended.fd);
    if (error == 0) {
        attempt_won(own, ended);
    } else {
        attempt_failed(ended, error);
    }
    go_on(own);
}

void connecting::give_up(worker& own) noexcept
{
    // What has not begun learns it from the socket; a connection that is there stays.
    if (reported_ == nullptr || over_) {
        return;
    }
    given_up_ = true;
    stop(own);
    finish_if_idle(own);
}

// Starts nothing more, and hurries the end of what is under way.
void connecting::stop(worker& own) noexcept
{
    over_ = true;
    own.stop_timer(pace_);
    if (asked_ != nullptr) {
        asked_->whose = nullptr;
        asked_ = nullptr;
    }
    for (std::uint32_t i = 0; i < attempt_count_; ++i) {
        if (attempts_[i].is_watched) {
            own.cancel_watch(attempts_[i]);
            if (!attempts_[i].is_watched) {
                --watched_;
                close(attempts_[i].fd);
                attempts_[i].fd = -1;
            }
        }
    }
}

void connecting::finish_if_idle(worker& own) noexcept
{
    if (watched_ != 0) {
        return;
    }
    operation* const reported = reported_;
    reported->result = static_cast<std::uint8_t>(outcome(own));
    socket_->connecting = nullptr;
    delete this;
    own.finish(reported);
}

// SRS_ASYNC_CONNECT_01_007, SRS_ASYNC_CONNECT_01_013, SRS_ASYNC_CONNECT_01_014
ASYNC_STATUS connecting::outcome(worker& own) noexcept
{
    reported_->system_error = 0;
    if (given_up_) {
        switch (reported_->ends_early()) {
        case early_end::timed_out:
            return ASYNC_STATUS_TIMED_OUT;
        case early_end::cancelled:
            return ASYNC_STATUS_CANCELLED;
        case early_end::none:
            return ASYNC_STATUS_CLOSED;
        }
    }
    if (winner_ == -1) {
        reported_->system_error = error_;
        return status_;
    }
    if (socket_->closing) {
        close(winner_);
        return ASYNC_STATUS_CLOSED;
    }
    const int error = open_on_winner(own);
    if (error != 0) {
        reported_->system_error = error;
        return status_of_error(error);
    }
    return ASYNC_STATUS_OK;
}

// Makes the connection the socket's. 0, or the error, and then it is closed.
int connecting::open_on_winner(worker& own) noexcept
{
    SOCKET_TRANSPORT_HANDLE const transport = make_connected_transport(function_name, winner_);
    if (transport == nullptr) {
        close(winner_);
        return ENOMEM;
    }
    // The transport is the socket's own: it holds the reference of its handle, and uses it while it is attached.
    transport->is_owned.store(true, std::memory_order_relaxed);
    static_cast<void>(transport->gate.enter());
    socket_->transport = transport;
    socket_->fd = winner_;
    const int error = own.attach_connected(socket_);
    if (error != 0) {
        log_system_failure(function_name, "epoll_ctl", error);
        drop_own_transport(socket_);
    }
    return error;
}

} // namespace async_socket::detail
