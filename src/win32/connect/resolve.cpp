// SPDX-License-Identifier: MIT
//
// From the name of a host to the attempts at its addresses.

#include "win32/connect/operation.hpp"

#include <cstring>
#include <new>

#include "win32/engine/execution_engine.hpp"
#include "win32/socket/socket.hpp"
#include "win32/system/addresses.hpp"
#include "win32/system/callback_environment.hpp"
#include "win32/system/last_error.hpp"
#include "win32/system/winsock.hpp"

namespace async_socket::detail {

namespace {

const ADDRINFOW& address_at(const ADDRINFOW* list, std::uint32_t index) noexcept
{
    for (; index > 0; --index) {
        list = list->ai_next;
    }
    return *list;
}

} // namespace

// 0 or the error.
DWORD connect_operation::resolve(int flags, connect_attempt*& attempts, std::uint32_t& count) const noexcept
{
    address_list addresses;
    const DWORD error = addresses.resolve(host_, port_, flags);
    if (error != 0) {
        return error;
    }
    const ADDRINFOW* const list = addresses.first();
    count = 0;
    for (const ADDRINFOW* each = list; each != nullptr; each = each->ai_next) {
        ++count;
    }
    attempts = new (std::nothrow) connect_attempt[count];
    if (attempts == nullptr) {
        return ERROR_OUTOFMEMORY;
    }
    // SRS_ASYNC_CONNECT_01_008
    std::uint32_t next_attempt = 0;
    take_turns(
        count, [list](std::uint32_t index) { return address_at(list, index).ai_family; },
        [&](std::uint32_t index) {
            const ADDRINFOW& address = address_at(list, index);
            connect_attempt& attempt = attempts[next_attempt++];
            std::memcpy(&attempt.address, address.ai_addr, address.ai_addrlen);
            attempt.address_length = static_cast<int>(address.ai_addrlen);
        });
    return 0;
}

void connect_operation::take_addresses(DWORD error, connect_attempt* attempts, std::uint32_t count) noexcept
{
    is_resolved_ = true;
    resolve_error_ = error;
    attempts_ = attempts;
    attempt_count_ = error == 0 ? count : 0;
}

// SRS_ASYNC_CONNECT_01_012
void CALLBACK connect_operation::resolve_in_background(PTP_CALLBACK_INSTANCE, void* context)
{
    auto* const self = static_cast<connect_operation*>(context);
    connect_attempt* attempts = nullptr;
    std::uint32_t count = 0;
    const DWORD error = self->resolve(0, attempts, count);
    {
        const std::lock_guard lock(self->mutex_);
        if (!self->is_finished_) {
            // While it is not finished, its socket is there, and the engine.
            self->take_addresses(error, attempts, count);
            attempts = nullptr;
            self->socket_->engine->timers.schedule(*self, 0);
        }
    }
    delete[] attempts;
    end_winsock();
    self->release();
}

bool connect_operation::start_resolving(const char* function) noexcept
{
    // What needs no resolver needs no thread either.
    connect_attempt* attempts = nullptr;
    std::uint32_t count = 0;
    DWORD error = resolve(AI_NUMERICHOST, attempts, count);
    if (error == 0) {
        take_addresses(0, attempts, count);
        return true;
    }
    // The resolver may be at work for longer than the socket lives.
    error = start_winsock();
    if (error != 0) {
        log_system_failure(function, "WSAStartup", error);
        return false;
    }
    add_reference();
    // On the pool of the process: an engine may have as little as one thread, which must not wait for a server of
    // names.
    TP_CALLBACK_ENVIRON environment;
    initialize_environment(environment, nullptr);
    SetThreadpoolCallbackRunsLong(&environment);
    const bool is_submitted = TrySubmitThreadpoolCallback(resolve_in_background, this, &environment) != FALSE;
    error = is_submitted ? 0 : GetLastError();
    DestroyThreadpoolEnvironment(&environment);
    if (!is_submitted) {
        log_system_failure(function, "TrySubmitThreadpoolCallback", error);
        end_winsock();
        release();
    }
    return is_submitted;
}

} // namespace async_socket::detail
