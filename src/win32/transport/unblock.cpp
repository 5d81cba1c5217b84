// SPDX-License-Identifier: MIT
//
// Blocking calls on a transport that is disconnected without being shut down.

#include "win32/transport/unblock.hpp"

#include <algorithm>
#include <new>

#include "win32/system/callback_environment.hpp"
#include "win32/system/last_error.hpp"
#include "win32/transport/socket_transport.hpp"

namespace async_socket::detail {

namespace {

constexpr DWORD first_wait_ms = 1;
constexpr DWORD longest_wait_ms = 50;

// Has a reference to the transport, and ends by itself.
struct unblocking {
    SOCKET_TRANSPORT_HANDLE transport;
    DWORD wait_ms = first_wait_ms;
};

void set_timer(PTP_TIMER timer, DWORD wait_ms) noexcept
{
    // Relative, in units of 100 ns.
    const std::uint64_t value = std::uint64_t{0} - std::uint64_t{wait_ms} * 10'000;
    FILETIME due{static_cast<DWORD>(value), static_cast<DWORD>(value >> 32)};
    SetThreadpoolTimer(timer, &due, 0, 0);
}

// Whether there may be a call left.
bool cancel_again(SOCKET_TRANSPORT_HANDLE transport) noexcept
{
    const transport_use use = transport_use::beside_others(transport);
    if (!use || transport->blocking_calls.load(std::memory_order_acquire) == 0) {
        return false;
    }
    transport_cancel(transport);
    return true;
}

void CALLBACK on_timer(PTP_CALLBACK_INSTANCE, void* context, PTP_TIMER timer)
{
    auto* const self = static_cast<unblocking*>(context);
    if (cancel_again(self->transport)) {
        self->wait_ms = std::min(self->wait_ms * 2, longest_wait_ms);
        set_timer(timer, self->wait_ms);
        return;
    }
    CloseThreadpoolTimer(timer);
    transport_release(self->transport);
    delete self;
}

} // namespace

// SRS_SOCKET_TRANSPORT_WIN32_01_016
void unblock_calls(SOCKET_TRANSPORT_HANDLE transport) noexcept
{
    constexpr const char* function = "socket_transport_reset";
    // A read that comes after the gate was closed, and after which a call that begins sees that: see blocking_call.
    if (transport->blocking_calls.fetch_add(0, std::memory_order_acq_rel) == 0) {
        return;
    }
    auto* const self = new (std::nothrow) unblocking{transport};
    if (self == nullptr) {
        log_system_failure(function, "operator new", ERROR_OUTOFMEMORY);
        return;
    }
    TP_CALLBACK_ENVIRON environment;
    initialize_environment(environment, nullptr);
    const PTP_TIMER timer = CreateThreadpoolTimer(on_timer, self, &environment);
    const DWORD error = timer == nullptr ? GetLastError() : 0;
    DestroyThreadpoolEnvironment(&environment);
    if (timer == nullptr) {
        log_system_failure(function, "CreateThreadpoolTimer", error);
        delete self;
        return;
    }
    transport_add_reference(transport);
    set_timer(timer, first_wait_ms);
}

} // namespace async_socket::detail
