// SPDX-License-Identifier: MIT
//
// The one place that calls the program's callbacks.

#include <utility>

#include "common/diagnostics/forked_child.hpp"
#include "common/lifecycle/callback_scope.hpp"
#include "linux/engine/ended_call.hpp"
#include "linux/engine/execution_engine.hpp"
#include "linux/engine/worker.hpp"
#include "linux/engine/worker_running.hpp"
#include "linux/socket/turn.hpp"

namespace async_socket::detail {

void worker::call_ready() noexcept
{
    calling_.take_all(ready_);
    while (!calling_.empty() && !in_forked_child()) {
        call_ended(calling_.front());
    }
    // Each may close others.
    constexpr int most_closings = 256;
    for (int i = 0; i < most_closings && !closing_ready_.empty() && !in_forked_child(); ++i) {
        call_ended(closing_ready_.front());
    }
    while (!in_forked_child() && call_closed()) {
    }
}

// Calls the callbacks of the socket's ended operations, for one turn. The socket may be gone afterwards.
// SRS_ASYNC_SOCKET_LINUX_01_034
void worker::call_ended(ASYNC_SOCKET_HANDLE socket) noexcept
{
    socket->ready_link::unlink();
    service own{socket, services_};
    services_ = &own;
    backend_->begin_turn();
    for (int called = 0; called < turn::most_callbacks && own.socket != nullptr && !socket->ended.empty(); ++called) {
        call(socket->ended.pop_front());
        if (in_forked_child()) {
            own.socket = nullptr;
        }
    }
    services_ = own.outer;
    if (own.socket == nullptr) {
        return;
    }
    // A callback may have put it among the ready ones, for an end that was called since or that has to wait.
    socket->ready_link::unlink();
    if (socket->ended.empty()) {
        detach_if_done(socket);
    } else {
        (socket->closing ? closing_later_ : later_).push_back(socket);
    }
}

// Calls one callback, of an operation that has left every queue. The socket may be gone afterwards. From the worker's
// round, or from a wait of its thread for this very callback.
// SRS_ASYNC_SOCKET_GUARANTEE_01_002, SRS_ASYNC_SOCKET_GUARANTEE_01_003
void worker::call(operation* ended) noexcept
{
    ASYNC_SOCKET_HANDLE const socket = ended->socket;
    const bool is_on_top = std::exchange(socket->is_called_back, true);
    ended_call call_back(*ended);
    if (ended->kind == work_kind::connect) {
        call_back.result =
            static_cast<std::uint8_t>(settle_connect(socket, static_cast<ASYNC_STATUS>(call_back.result)));
    }
    const bool is_named = ended->uses_extra && ended->extra->id != 0;
    running_operation running{};
    if (is_named) {
        index_.remove(ended);
        running = {ended->extra->id, ended->extra->waiters, running_};
        running_ = &running;
    }
    count(socket, call_back);
    // Before the callback, whose next operation is likely to want a record.
    pool_.give_back(ended);

    program_code_begins();
    if (socket == house()) {
        call_back();
    } else {
        const callback_scope scope(socket, nullptr);
        call_back();
    }

    socket->is_called_back = is_on_top;
    if (is_named) {
        running_ = running.outer;
    }
    // The end of a callback that has forked is told to nobody: the descriptors are the parent's.
    // SRS_EXECUTION_ENGINE_LINUX_01_030
    if (in_forked_child()) {
        return;
    }
    if (socket == house()) {
        // SRS_ASYNC_DELAY_01_004
        execution_engine_dec_ref(engine_);
    } else if (socket->life.end_operation()) {
        free_socket(socket);
    }
    // Last, for whoever is woken may end the engine. SRS_ASYNC_SOCKET_EX_01_014
    if (is_named) {
        end_waiter::signal_all(running.waiters);
    }
}

} // namespace async_socket::detail
