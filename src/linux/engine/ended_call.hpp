// SPDX-License-Identifier: MIT
//
// What is needed of an operation to call back when its record has been given back.

#ifndef ASYNC_SOCKET_LINUX_ENGINE_ENDED_CALL_HPP
#define ASYNC_SOCKET_LINUX_ENGINE_ENDED_CALL_HPP

#include <cstdint>

#include "linux/operation/operation.hpp"

namespace async_socket::detail {

struct ended_call {
    explicit ended_call(const operation& ended) noexcept
        : kind(ended.kind), says_how(ended.says_how), result(ended.result), system_error(ended.system_error),
          transferred(told_bytes(ended)), accepted(ended.kind == work_kind::accept ? ended.accepted : nullptr),
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

    // A receive that is not OK holds none, whatever an attempt that was left in its middle had brought.
    // SRS_ASYNC_SOCKET_EX_01_009
    [[nodiscard]] static std::uint32_t told_bytes(const operation& ended) noexcept
    {
        return ended.kind == work_kind::receive && ended.result != ASYNC_STATUS_OK ? 0 : ended.transferred;
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

} // namespace async_socket::detail

#endif
