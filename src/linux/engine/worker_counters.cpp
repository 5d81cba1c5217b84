// SPDX-License-Identifier: MIT
//
// The figures of a worker.

#include <initializer_list>

#include "linux/engine/ended_call.hpp"
#include "linux/engine/worker.hpp"

namespace async_socket::detail {

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
    sum.sockets += static_cast<std::uint32_t>(load_.sockets());
}

} // namespace async_socket::detail
