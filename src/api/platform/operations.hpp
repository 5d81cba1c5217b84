// SPDX-License-Identifier: MIT
//
// What is asked of a socket or a listener that calls back; and its end before its time.

#ifndef ASYNC_SOCKET_API_PLATFORM_OPERATIONS_HPP
#define ASYNC_SOCKET_API_PLATFORM_OPERATIONS_HPP

#include <cstddef>
#include <cstdint>

#include "async_socket/async_listener.h"
#include "async_socket/async_operation.h"
#include "async_socket/async_socket.h"

namespace async_socket::detail {

// Which of them it is, the function tells that starts the operation, and `says_how`.
union operation_callback {
    ON_ASYNC_SOCKET_SEND_COMPLETE send;
    ON_ASYNC_SOCKET_RECEIVE_COMPLETE receive;
    ON_ASYNC_SOCKET_NOTIFY_IO_COMPLETE notify;
    ON_ASYNC_SOCKET_OPEN_COMPLETE open;
    ON_ASYNC_LISTENER_ACCEPT_COMPLETE accept;
    ON_ASYNC_COMPLETE complete; // where the operation says how it went
};

struct operation_request {
    operation_callback callback{};
    void* context = nullptr;
    // The callback is of the kind that tells how the operation went.
    bool says_how = false;
    std::uint32_t timeout_ms = ASYNC_NO_TIMEOUT;
    ASYNC_OPERATION_ID* id = nullptr; // where the name is wanted

    // Of a send or receive; the total was checked.
    const ASYNC_SOCKET_BUFFER* buffers = nullptr;
    std::uint32_t buffer_count = 0;
    std::uint32_t total_length = 0;
};

// Of an operation that says how it went.
[[nodiscard]] inline operation_request telling_request(ON_ASYNC_COMPLETE on_complete, void* context,
                                                       std::uint32_t timeout_ms, ASYNC_OPERATION_ID* id,
                                                       const ASYNC_SOCKET_BUFFER* buffers = nullptr,
                                                       std::uint32_t buffer_count = 0,
                                                       std::uint32_t total_length = 0) noexcept
{
    operation_request request{{}, context, true, timeout_ms, id, buffers, buffer_count, total_length};
    request.callback.complete = on_complete;
    return request;
}

// What follows is the platform's. What fails is reported in the name of `function`.

// The size of the record of a send or receive without its buffers: of one that says how it went, and of the others.
extern const std::size_t telling_record_size;
extern const std::size_t plain_record_size;

// These are called inside a counted call. The operation may have ended, and its callback have returned, when they
// return. False, or anything but OK: nothing has begun.
[[nodiscard]] ASYNC_SOCKET_SEND_SYNC_RESULT start_send(const char* function, ASYNC_SOCKET_HANDLE socket,
                                                       const operation_request& request) noexcept;
[[nodiscard]] bool start_receive(const char* function, ASYNC_SOCKET_HANDLE socket,
                                 const operation_request& request) noexcept;
[[nodiscard]] bool start_notification(const char* function, ASYNC_SOCKET_HANDLE socket,
                                      ASYNC_SOCKET_NOTIFY_IO_TYPE type, const operation_request& request) noexcept;
[[nodiscard]] bool start_shutdown(const char* function, ASYNC_SOCKET_HANDLE socket,
                                  const operation_request& request) noexcept;
// The time of the request is the delay.
[[nodiscard]] bool start_socket_delay(const char* function, ASYNC_SOCKET_HANDLE socket,
                                      const operation_request& request) noexcept;
[[nodiscard]] bool start_accept(const char* function, ASYNC_SOCKET_HANDLE listener,
                                const operation_request& request) noexcept;

enum class connect_start : std::uint8_t { done, refused, no_resources };

// In the state OPENING, which becomes CONNECTING, and what follows, on success.
[[nodiscard]] connect_start start_connect(const char* function, ASYNC_SOCKET_HANDLE socket, const char* host,
                                          std::uint16_t port, const operation_request& request) noexcept;

// Asks for the end of an operation, if there is one of that name; inside a visit of a socket that is open or connects.
// False: the system refuses.
[[nodiscard]] bool cancel_operation(const char* function, ASYNC_SOCKET_HANDLE socket, ASYNC_OPERATION_ID id) noexcept;
// The same in any state, and returns when its callback has returned, or at once inside that. Ends the visit inside of
// which it is called. It never fails.
void cancel_operation_and_wait(ASYNC_SOCKET_HANDLE socket, ASYNC_OPERATION_ID id) noexcept;

} // namespace async_socket::detail

#endif
