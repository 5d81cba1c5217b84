// SPDX-License-Identifier: MIT

#include "win32/connect/operation.hpp"

#include <algorithm>
#include <string>

#include "common/lifecycle/callback_scope.hpp"
#include "common/operation/operation_id.hpp"
#include "win32/engine/execution_engine.hpp"
#include "win32/engine/spare_thread.hpp"
#include "win32/socket/socket.hpp"
#include "win32/system/callback_environment.hpp"
#include "win32/system/last_error.hpp"
#include "win32/transport/socket_transport.hpp"

namespace async_socket::detail {

connect_operation::connect_operation(ASYNC_SOCKET_HANDLE socket, const operation_request& request) noexcept
    : socket_(socket), limit_(due_in_ms(request.timeout_ms)), callback_(request.callback), says_how_(request.says_how),
      context_(request.context)
{
    cancel = cancel_entry;
    expire = expire_timer;
    run = run_timer;
}

connect_operation::~connect_operation()
{
    delete[] attempts_;
}

void connect_operation::add_reference() noexcept
{
    references_.fetch_add(1, std::memory_order_relaxed);
}

void connect_operation::release() noexcept
{
    if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
        delete this;
    }
}

bool connect_operation::prepare(const char* function) noexcept
{
    if (!socket_->engine->timers.prepare(function, socket_->engine)) {
        return false;
    }
    transport_ = make_unconnected_transport(function, SOCKET_CLIENT);
    if (transport_ == nullptr) {
        return false;
    }
    // Nobody else knows it yet.
    static_cast<void>(transport_->gate.begin_setup());
    static_cast<void>(transport_->owner.take());
    initialize_environment(socket_->environment, socket_->pool);
    return true;
}

void connect_operation::give_back() noexcept
{
    if (transport_ != nullptr) {
        DestroyThreadpoolEnvironment(&socket_->environment);
        transport_disconnect(transport_, disconnect_mode::in_order);
        transport_release(transport_);
    }
}

bool connect_operation::begin(const char* function, const char* host, std::uint16_t port,
                              ASYNC_OPERATION_ID* name) noexcept
{
    std::copy_n(host, std::char_traits<char>::length(host) + 1, host_);
    port_ = port;
    id = next_operation_id(0);
    // It may end before the mutex is given back.
    add_reference();
    const bool has_begun = begin_under_mutex(function, name);
    release();
    return has_begun;
}

bool connect_operation::begin_under_mutex(const char* function, ASYNC_OPERATION_ID* name) noexcept
{
    // Whoever hears of it waits here before it can end.
    const std::lock_guard lock(mutex_);
    if (!start_resolving(function)) {
        return false;
    }
    // SRS_ASYNC_CONNECT_01_014
    if (name != nullptr) {
        *name = id;
    }
    {
        // Before it can be closed.
        const std::lock_guard list_lock(socket_->operations.mutex);
        socket_->operations.add(*this);
        socket_->connecting = this;
    }
    // SRS_ASYNC_CONNECT_01_004
    socket_->life.begin_connect(0);
    // SRS_ASYNC_CONNECT_01_005: it goes on on a thread of the engine.
    socket_->engine->timers.schedule(*this, 0);
    return true;
}

void connect_operation::end_early() noexcept
{
    end_reason none = end_reason::none;
    reason_.compare_exchange_strong(none, end_reason::cancelled, std::memory_order_acq_rel);
    socket_->engine->timers.schedule(*this, 0);
}

void connect_operation::cancel_entry(operation_entry& entry) noexcept
{
    static_cast<connect_operation&>(entry).end_early();
}

// Under the mutex of the queue, and not finished, or it would have been taken out.
timer_step connect_operation::expire_timer(timer_entry& timer) noexcept
{
    static_cast<connect_operation&>(timer).add_reference();
    return timer_step::run;
}

void connect_operation::run_timer(timer_entry& timer, PTP_CALLBACK_INSTANCE instance) noexcept
{
    auto& self = static_cast<connect_operation&>(timer);
    self.advance(instance);
    self.release();
}

void connect_operation::advance(PTP_CALLBACK_INSTANCE instance) noexcept
{
    if (calls_of_advance_.fetch_add(1, std::memory_order_acq_rel) != 0) {
        return;
    }
    for (;;) {
        const std::uint32_t seen = calls_of_advance_.load(std::memory_order_acquire);
        if (step()) {
            // The count stays up, so that nobody takes a step any more.
            finish(instance);
            return;
        }
        if (calls_of_advance_.fetch_sub(seen, std::memory_order_acq_rel) == seen) {
            return;
        }
    }
}

bool connect_operation::step() noexcept
{
    if (!has_addresses_) {
        const std::lock_guard lock(mutex_);
        if (is_resolved_) {
            has_addresses_ = true;
            race_ = address_race(attempt_count_);
        }
    }
    collect_ends();
    // SRS_ASYNC_CONNECT_01_007
    if (now_ns() >= limit_) {
        end_reason none = end_reason::none;
        reason_.compare_exchange_strong(none, end_reason::timed_out, std::memory_order_acq_rel);
    }
    const bool is_ending = winner_.load(std::memory_order_acquire) != nullptr ||
                           reason_.load(std::memory_order_acquire) != end_reason::none;
    if (is_ending) {
        // SRS_ASYNC_CONNECT_01_010, SRS_ASYNC_CONNECT_01_011
        cancel_attempts();
        if (running_ != 0) {
            socket_->engine->timers.schedule(*this, due_in_ms(cancel_again_ms));
        }
        return running_ == 0;
    }
    if (has_addresses_) {
        start_attempts();
        if (race_.is_lost()) {
            return true;
        }
    }
    socket_->engine->timers.schedule(*this, has_addresses_ ? std::min(limit_, race_.next_start()) : limit_);
    return false;
}

void connect_operation::collect_ends() noexcept
{
    if (!has_addresses_) {
        return;
    }
    for (std::uint32_t i = 0; i < attempt_count_; ++i) {
        connect_attempt& attempt = attempts_[i];
        if (!attempt.is_running || !attempt.has_ended.load(std::memory_order_acquire)) {
            continue;
        }
        attempt.is_running = false;
        --running_;
        if (attempt.error != 0) {
            // Of those that were cancelled nobody wants to know.
            if (reason_.load(std::memory_order_acquire) == end_reason::none &&
                winner_.load(std::memory_order_acquire) == nullptr) {
                log_system_failure("async_socket_connect", "ConnectEx", attempt.error);
            }
            last_error_ = attempt.error;
            race_.failed();
        }
    }
}

// SRS_ASYNC_CONNECT_01_009
void connect_operation::start_attempts() noexcept
{
    for (time_point_ns now = now_ns(); race_.may_start(now); now = now_ns()) {
        connect_attempt& attempt = attempts_[race_.start(now)];
        const DWORD error = start_attempt(attempt);
        if (error == 0) {
            attempt.is_running = true;
            ++running_;
        } else {
            log_system_failure("async_socket_connect", "starting an attempt", error);
            last_error_ = error;
            race_.failed();
        }
    }
}

void connect_operation::cancel_attempts() noexcept
{
    // Asked first: before one runs, the count may still be the resolver's to write.
    for (std::uint32_t i = 0; running_ != 0 && i < attempt_count_; ++i) {
        if (attempts_[i].is_running) {
            cancel_attempt(attempts_[i]);
        }
    }
}

void connect_operation::finish(PTP_CALLBACK_INSTANCE instance) noexcept
{
    const ASYNC_SOCKET_HANDLE socket = socket_;
    socket->engine->timers.close(*this);
    {
        const std::lock_guard lock(mutex_);
        is_finished_ = true;
    }
    const ASYNC_COMPLETION completion = settle_socket();
    {
        // SRS_ASYNC_CONNECT_01_005
        const running_operation announced(socket->operations, *this);
        const pool_callback callback(socket->engine);
        const callback_scope scope(socket, instance);
        if (says_how_) {
            callback_.complete(context_, &completion);
        } else {
            callback_.open(context_,
                           completion.status == ASYNC_STATUS_OK ? ASYNC_SOCKET_OPEN_OK : ASYNC_SOCKET_OPEN_ERROR);
        }
    }
    if (socket->life.end_operation()) {
        free_socket(socket);
    }
    release();
}

} // namespace async_socket::detail
