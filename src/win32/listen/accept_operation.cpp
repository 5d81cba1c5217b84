// SPDX-License-Identifier: MIT

#include "win32/listen/listener.hpp"

#include <algorithm>

#include "common/diagnostics/log.hpp"
#include "common/lifecycle/callback_scope.hpp"
#include "win32/engine/execution_engine.hpp"
#include "win32/engine/spare_thread.hpp"
#include "win32/system/last_error.hpp"
#include "win32/transport/socket_transport.hpp"

namespace async_socket::detail {

namespace {

// SRS_ASYNC_LISTENER_01_013: until the system is asked again.
constexpr std::uint32_t retry_ms = 100;

bool is_somebody_waiting(SOCKET listening) noexcept
{
    WSAPOLLFD asked{listening, POLLRDNORM, 0};
    return WSAPoll(&asked, 1, 0) > 0;
}

bool is_connected(SOCKET socket) noexcept
{
    sockaddr_storage peer{};
    int length = sizeof peer;
    return getpeername(socket, reinterpret_cast<sockaddr*>(&peer), &length) == 0;
}

} // namespace

accept_operation::accept_operation(ASYNC_LISTENER_HANDLE of_listener, time_point_ns limit,
                                   ON_ASYNC_LISTENER_ACCEPT_COMPLETE callback, void* context) noexcept
    : tracked_operation{}, listener(of_listener), on_accept(callback)
{
    kind = io_kind::accept;
    callback_context = context;
    socket = &of_listener->socket;
    time_limit = limit;
    cancel = cancel_accept;
    expire = expire_accept;
    run = run_accept;
}

DWORD accept_operation::make_socket() noexcept
{
    const SOCKET made = make_tcp_socket(listener->address_family);
    if (made == INVALID_SOCKET) {
        return static_cast<DWORD>(WSAGetLastError());
    }
    // Before there is a connection, which would be lost for want of it.
    accepted = make_connected_transport(nullptr, made);
    if (accepted == nullptr) {
        closesocket(made);
        return ERROR_OUTOFMEMORY;
    }
    return 0;
}

void accept_operation::drop_socket() noexcept
{
    if (accepted != nullptr) {
        socket_transport_destroy(accepted);
        accepted = nullptr;
    }
}

DWORD accept_operation::post(SOCKET_TRANSPORT_HANDLE socket_transport) noexcept
{
    if (accepted == nullptr) {
        const DWORD error = make_socket();
        if (error != 0) {
            return error;
        }
    }
    overlapped = {};
    DWORD received = 0;
    StartThreadpoolIo(socket->io);
    if (listener->accept_ex(socket_transport->socket, accepted->socket, addresses_, 0, address_room, address_room,
                            &received, &overlapped) ||
        WSAGetLastError() == WSA_IO_PENDING) {
        cancel_if_disconnected(socket_transport);
        return 0;
    }
    const auto error = static_cast<DWORD>(WSAGetLastError());
    CancelThreadpoolIo(socket->io);
    return error;
}

DWORD accept_operation::start_or_wait() noexcept
{
    // SRS_ASYNC_SOCKET_WIN32_01_109: this call's, and the operation's, until the system has ended it.
    const transport_use use(socket->transport);
    transport_use use_of_operation(socket->transport);
    if (!use || !use_of_operation) {
        return WSAENOTSOCK;
    }
    // Once it is posted, it may be gone.
    const ASYNC_LISTENER_HANDLE own_listener = listener;
    const ASYNC_OPERATION_ID own_id = id;
    // SRS_ASYNC_LISTENER_01_011: Wine takes a connection that waits for an accept only a moment after it was asked, so
    // that a cancel at once may come first.
    const time_point_ns asked_limit = time_limit;
    if (time_limit <= now_ns() && is_somebody_waiting(socket->transport->socket)) {
        time_limit = due_in_ms(cancel_again_ms);
    }
    DWORD error = post(socket->transport);
    // SRS_ASYNC_LISTENER_01_012
    while (error != 0 && status_of_error(error) == ASYNC_STATUS_RESET) {
        error = post(socket->transport);
    }
    if (error == 0) {
        use_of_operation.keep();
        if (own_listener->is_out_of_resources.load(std::memory_order_relaxed)) {
            own_listener->is_out_of_resources.store(false, std::memory_order_relaxed);
        }
        start_timer(&own_listener->socket, own_id);
        return 0;
    }
    if (status_of_error(error) == ASYNC_STATUS_NO_RESOURCES) {
        time_limit = asked_limit;
        wait_for_resources();
        return 0;
    }
    return error;
}

// SRS_ASYNC_LISTENER_01_013
void accept_operation::wait_for_resources() noexcept
{
    drop_socket();
    if (!listener->is_out_of_resources.exchange(true, std::memory_order_relaxed)) {
        log(ASYNC_SOCKET_LOG_LEVEL_WARNING,
            "async_listener: no sockets, handles or buffers left; connections wait until there are");
    }
    timer_queue& timers = socket->engine->timers;
    const std::lock_guard lock(socket->operations.mutex);
    timers.remove(*this);
    held_by.store(holder::queue, std::memory_order_relaxed);
    const bool is_ending = reason.load(std::memory_order_acquire) != end_reason::none || was_ended_by_this_side(socket);
    timers.schedule(*this, is_ending ? 0 : std::min(time_limit, due_in_ms(retry_ms)));
}

// SRS_ASYNC_LISTENER_01_015
void accept_operation::cancel_accept(operation_entry& entry) noexcept
{
    auto& self = static_cast<accept_operation&>(entry);
    if (self.held_by.load(std::memory_order_relaxed) == holder::system) {
        self.end_early(end_reason::cancelled);
        self.cancel_again();
    } else {
        self.note_reason(end_reason::cancelled);
        self.socket->engine->timers.hurry(self);
    }
}

// SRS_ASYNC_LISTENER_01_011
timer_step accept_operation::expire_accept(timer_entry& timer) noexcept
{
    auto& self = static_cast<accept_operation&>(timer);
    holder expected = holder::queue;
    if (self.held_by.compare_exchange_strong(expected, holder::timer, std::memory_order_relaxed)) {
        return timer_step::run;
    }
    self.end_early(end_reason::timed_out);
    return timer_step::again;
}

// Of one that waits for resources, and is the caller's now.
DWORD accept_operation::try_again() noexcept
{
    const ASYNC_SOCKET_HANDLE own_socket = socket;
    {
        const std::lock_guard lock(own_socket->operations.mutex);
        held_by.store(holder::system, std::memory_order_relaxed);
    }
    if (now_ns() >= time_limit) {
        note_reason(end_reason::timed_out);
    }
    if (reason.load(std::memory_order_acquire) != end_reason::none) {
        return ERROR_OPERATION_ABORTED;
    }
    // Another thread may end what is started here, and the listener, before this one has returned.
    static_cast<void>(own_socket->life.begin_visit());
    const DWORD error = start_or_wait();
    if (own_socket->life.end_visit()) {
        free_socket(own_socket);
    }
    return error;
}

void accept_operation::run_accept(timer_entry& timer, PTP_CALLBACK_INSTANCE instance) noexcept
{
    auto& self = static_cast<accept_operation&>(timer);
    const ASYNC_SOCKET_HANDLE socket = self.socket;
    const DWORD error = self.try_again();
    if (error == 0) {
        return;
    }
    self.call_back(instance, self.completion_of(error));
    if (socket->life.end_operation()) {
        free_socket(socket);
    }
}

// Makes a connected socket of it like any other. 0 or the error.
DWORD accept_operation::settle() const noexcept
{
    const transport_use use(socket->transport);
    if (!use) {
        return WSAENOTSOCK;
    }
    const SOCKET listening = socket->transport->socket;
    if (setsockopt(accepted->socket, SOL_SOCKET, SO_UPDATE_ACCEPT_CONTEXT, reinterpret_cast<const char*>(&listening),
                   sizeof listening) != 0 ||
        // It has the properties of the listening socket now, which are not for it.
        !make_blocking(accepted->socket)) {
        return static_cast<DWORD>(WSAGetLastError());
    }
    return 0;
}

ASYNC_COMPLETION accept_operation::completion_of(DWORD error) const noexcept
{
    if (error == NO_ERROR) {
        return {ASYNC_STATUS_OK, 0, 0};
    }
    if (was_ended_by_this_side(socket)) {
        return {ASYNC_STATUS_CLOSED, 0, 0};
    }
    const end_reason why = reason.load(std::memory_order_acquire);
    if (why != end_reason::none && is_cancellation(error)) {
        return completion_of_reason(why, 0);
    }
    log_system_failure("async_listener_accept_async", "AcceptEx", error);
    return {ASYNC_STATUS_ERROR, static_cast<std::int32_t>(error), 0};
}

// SRS_ASYNC_LISTENER_01_009
void accept_operation::call_back(PTP_CALLBACK_INSTANCE instance, const ASYNC_COMPLETION& completion) noexcept
{
    const running_operation running(socket->operations, *this);
    socket->engine->timers.remove(*this);
    if (completion.status != ASYNC_STATUS_OK) {
        drop_socket();
    } else {
        socket->engine->counters_for(socket).accepts.add(1);
    }
    const SOCKET_TRANSPORT_HANDLE connection = accepted;
    const ON_ASYNC_LISTENER_ACCEPT_COMPLETE callback = on_accept;
    void* const context = callback_context;
    const pool_callback counted(socket->engine);
    const callback_scope scope(socket, instance);
    delete this;
    callback(context, &completion, connection);
}

bool accept_operation::complete(PTP_CALLBACK_INSTANCE instance, DWORD io_result) noexcept
{
    // ERROR_ALERTED is none of Windows's: where Wine is busy it says so of an accept that has got its connection.
    // Should it have none, it is as if the peer had given up.
    DWORD error = io_result == NO_ERROR || io_result == ERROR_ALERTED ? settle() : io_result;
    if (io_result == ERROR_ALERTED && error == 0 && !is_connected(accepted->socket)) {
        error = WSAENOTCONN;
    }
    // SRS_ASYNC_SOCKET_WIN32_01_109
    transport_use::leave(socket->transport);
    if (error != 0 && !was_ended_by_this_side(socket)) {
        const ASYNC_STATUS status = status_of_error(error);
        if (status == ASYNC_STATUS_RESET || error == WSAENOTCONN || error == ERROR_UNEXP_NET_ERR) {
            // SRS_ASYNC_LISTENER_01_012. The last one is what Wine says.
            drop_socket();
            error = start_or_wait();
            if (error == 0) {
                return false;
            }
        } else if (status == ASYNC_STATUS_NO_RESOURCES) {
            wait_for_resources();
            return false;
        }
    }
    call_back(instance, completion_of(error));
    return true;
}

} // namespace async_socket::detail
