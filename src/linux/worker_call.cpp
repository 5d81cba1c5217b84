// SPDX-License-Identifier: MIT
//
// The one place that calls the program's callbacks.

#include "common/callback_scope.hpp"
#include "linux/execution_engine.hpp"
#include "linux/worker.hpp"
#include "linux/worker_running.hpp"

namespace async_socket::detail {

// What is needed of an operation when its record has been given back.
struct ended_call {
    explicit ended_call(const operation& ended) noexcept
        : kind(ended.kind), says_how(ended.says_how), result(ended.result), system_error(ended.system_error),
          transferred(ended.transferred), accepted(ended.kind == work_kind::accept ? ended.accepted : nullptr),
          callback(ended.callback), context(ended.callback_context)
    {
    }

    void operator()() const noexcept
    {
        if (says_how) {
            const ASYNC_COMPLETION completion{static_cast<ASYNC_STATUS>(result), system_error, transferred};
            if (kind == work_kind::accept) {
                callback.accept(context, &completion, accepted);
            } else {
                callback.complete(context, &completion);
            }
            return;
        }
        switch (kind) {
        case work_kind::connect:
            // SRS_ASYNC_CONNECT_01_005, SRS_ASYNC_CONNECT_01_006
            callback.open(context, result == ASYNC_STATUS_OK ? ASYNC_SOCKET_OPEN_OK : ASYNC_SOCKET_OPEN_ERROR);
            break;
        case work_kind::send:
            callback.send(context, static_cast<ASYNC_SOCKET_SEND_RESULT>(result));
            break;
        case work_kind::receive:
            callback.receive(context, static_cast<ASYNC_SOCKET_RECEIVE_RESULT>(result),
                             result == ASYNC_SOCKET_RECEIVE_OK ? transferred : 0);
            break;
        default:
            callback.notify(context, static_cast<ASYNC_SOCKET_NOTIFY_IO_RESULT>(result));
            break;
        }
    }

    work_kind kind;
    bool says_how;
    std::uint8_t result;
    std::int32_t system_error;
    std::uint32_t transferred;
    SOCKET_TRANSPORT_HANDLE accepted;
    operation::callback_of_kind callback;
    void* context;
};

// SRS_COUNTERS_01_001, SRS_COUNTERS_01_002, SRS_COUNTERS_01_004
void worker::count(ASYNC_SOCKET_HANDLE socket, const ended_call& ended) noexcept
{
    // OK is 1 in every enum of results.
    const bool is_ok = ended.result == ASYNC_STATUS_OK;
    switch (ended.kind) {
    case work_kind::send:
        for (transfer_counters* each : {&socket->counters, &counters_}) {
            each->sends.add_alone(1);
            each->bytes_sent.add_alone(ended.transferred);
            each->errors.add_alone(is_ok ? 0 : 1);
        }
        break;
    case work_kind::receive: {
        const bool is_end = ended.says_how ? ended.result == ASYNC_STATUS_END_OF_STREAM
                                           : ended.result == ASYNC_SOCKET_RECEIVE_ABANDONED;
        for (transfer_counters* each : {&socket->counters, &counters_}) {
            each->receives.add_alone(1);
            each->bytes_received.add_alone(ended.transferred);
            each->errors.add_alone(is_ok || is_end ? 0 : 1);
        }
        break;
    }
    case work_kind::accept:
        accepts_.add_alone(is_ok ? 1 : 0);
        break;
    case work_kind::connect:
        connects_.add_alone(is_ok ? 1 : 0);
        break;
    default:
        break;
    }
}

void worker::add_counters_to(EXECUTION_ENGINE_COUNTERS& sum) const noexcept
{
    sum.bytes_sent += counters_.bytes_sent.value();
    sum.bytes_received += counters_.bytes_received.value();
    sum.sends += counters_.sends.value();
    sum.receives += counters_.receives.value();
    sum.errors += counters_.errors.value();
    sum.accepts += accepts_.value();
    sum.connects += connects_.value();
    sum.wake_ups += wake_ups_.value();
    sum.sockets += static_cast<std::uint32_t>(socket_count_.value());
}

// Calls one callback. False: the socket is not this worker's any more, and may be gone. From the worker's round, or
// from a wait of its thread for this very callback, for an operation that has left every queue.
// SRS_ASYNC_SOCKET_GUARANTEE_01_002, SRS_ASYNC_SOCKET_GUARANTEE_01_003
bool worker::call(operation* ended) noexcept
{
    ASYNC_SOCKET_HANDLE const socket = ended->socket;
    ended_call call_back(*ended);
    bool gave_up = false;
    if (ended->kind == work_kind::connect) {
        call_back.result =
            static_cast<std::uint8_t>(settle_connect(socket, static_cast<ASYNC_STATUS>(call_back.result), gave_up));
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

    if (socket == house()) {
        call_back();
    } else {
        const callback_scope scope(socket, nullptr);
        call_back();
    }

    if (is_named) {
        running_ = running.outer;
    }
    // Asked before the operation is counted out, for only an attached socket is sure to be there afterwards.
    const bool still_attached = !gave_up && socket->attached;
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
    return still_attached;
}

} // namespace async_socket::detail
