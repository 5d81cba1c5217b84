// SPDX-License-Identifier: MIT

#include "linux/connect/connecting.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>

#include "common/diagnostics/log.hpp"
#include "linux/socket/status.hpp"
#include "linux/system/address_text.hpp"
#include "linux/system/system_error.hpp"
#include "linux/transport/connect_socket.hpp"

namespace async_socket::detail {

namespace {

constexpr const char* function_name = "async_socket_connect_async";

// How long the kernel is left alone that takes nothing more for now.
constexpr time_point_ns until_told = 1'000'000;

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

void connecting::begin(worker_services& own, operation* reported) noexcept
{
    reported_ = reported;
    if (socket_->closing) {
        conclude(own, verdict::given_up);
    } else if (question_ != nullptr) {
        ask(own);
    } else {
        phase_ = phase::racing;
        race(own);
    }
    settle(own);
}

void connecting::take(worker_services& own, resolution& answer) noexcept
{
    asked_ = nullptr;
    if (answer.addresses != nullptr && use(std::move(answer.addresses))) {
        phase_ = phase::racing;
        race(own);
    } else if (answer.error != 0) {
        // SRS_ASYNC_CONNECT_01_013
        log_resolver_failure_of(function_name, answer.host, answer.error, answer.system_error);
        const bool is_systems = answer.error == EAI_SYSTEM;
        fail(own,
             is_systems                   ? status_of_error(answer.system_error)
             : answer.error == EAI_MEMORY ? ASYNC_STATUS_NO_RESOURCES
                                          : ASYNC_STATUS_NAME_NOT_RESOLVED,
             is_systems ? answer.system_error : 0);
    } else {
        log_system_failure(function_name, "operator new", ENOMEM);
        fail(own, ASYNC_STATUS_NO_RESOURCES, ENOMEM);
    }
    settle(own);
}

void connecting::go_on(worker_services& own) noexcept
{
    race(own);
    settle(own);
}

void connecting::attempt_ended(worker_services& own, fd_watch& watch) noexcept
{
    auto& ended = static_cast<attempt&>(watch);
    --watched_;
    if (phase_ == phase::ending) {
        close_attempt(ended);
    } else {
        const int error = error_of_connect(ended.fd);
        if (error == 0) {
            attempt_won(own, ended);
        } else {
            attempt_failed(ended, error);
        }
        race(own);
    }
    settle(own);
}

void connecting::give_up(worker_services& own) noexcept
{
    // What has not begun learns it from the socket; a connection that is there stays.
    if (phase_ == phase::made || phase_ == phase::ending) {
        return;
    }
    conclude(own, verdict::given_up);
    settle(own);
}

void connecting::fail_all(worker_services& own, int error) noexcept
{
    if (phase_ == phase::racing || phase_ == phase::resolving) {
        fail(own, status_of_error(error), error);
    } else if (phase_ == phase::ending) {
        conclude(own, verdict_);
    }
    settle(own);
}

// SRS_ASYNC_CONNECT_01_012
void connecting::ask(worker_services& own) noexcept
{
    question_->home = &own;
    question_->whose = this;
    execution_engine_inc_ref(own.engine());
    const int error = resolve_elsewhere(question_.get());
    if (error == 0) {
        phase_ = phase::resolving;
        asked_ = question_.release();
        return;
    }
    log_system_failure(function_name, "pthread_create", error);
    execution_engine_dec_ref(own.engine());
    fail(own, ASYNC_STATUS_NO_RESOURCES, error);
}

// Starts what may be started now.
// SRS_ASYNC_CONNECT_01_009
void connecting::race(worker_services& own) noexcept
{
    if (phase_ != phase::racing) {
        return;
    }
    time_point_ns now = now_ns();
    bool is_told_all = await_untold(own);
    while (phase_ == phase::racing && race_.may_start(now)) {
        attempt& started = attempts_[race_.start(now)];
        start_attempt(own, started);
        is_told_all = is_told_all && (started.fd == -1 || started.is_watched);
        now = now_ns();
    }
    if (phase_ != phase::racing) {
        return;
    }
    if (race_.is_lost()) {
        conclude(own, verdict::failed);
        return;
    }
    own.stop_timer(pace_);
    pace_.due = is_told_all ? race_.next_start() : std::min(race_.next_start(), now + until_told);
    if (pace_.due != never) {
        own.start_timer(pace_);
    }
}

void connecting::fail(worker_services& own, ASYNC_STATUS status, int error) noexcept
{
    status_ = status;
    error_ = error;
    conclude(own, verdict::failed);
}

// The one step to `ending`: starts nothing more, and hurries the end of what is under way.
void connecting::conclude(worker_services& own, verdict reached) noexcept
{
    phase_ = phase::ending;
    verdict_ = reached;
    own.stop_timer(pace_);
    if (asked_ != nullptr) {
        if (withdraw(asked_)) {
            // Never the last reference, for the socket has one.
            execution_engine_dec_ref(own.engine());
        } else {
            asked_->whose = nullptr;
        }
        asked_ = nullptr;
    }
    for (std::uint32_t i = 0; i < attempt_count_; ++i) {
        if (attempts_[i].is_watched) {
            own.cancel_watch(attempts_[i]);
            if (!attempts_[i].is_watched) {
                --watched_;
                close_attempt(attempts_[i]);
            }
        } else if (attempts_[i].fd != -1) {
            close_attempt(attempts_[i]);
        }
    }
}

// The last step of all that is called from outside: reports the end, where nothing is with the kernel any more, and
// then this is gone.
void connecting::settle(worker_services& own) noexcept
{
    if (phase_ != phase::ending || watched_ != 0) {
        return;
    }
    operation* const reported = reported_;
    reported->result = static_cast<std::uint8_t>(outcome(own));
    socket_->connecting = nullptr;
    delete this;
    own.finish(reported);
}

} // namespace async_socket::detail
