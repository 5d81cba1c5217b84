// SPDX-License-Identifier: MIT
//
// Blocking calls on a transport that is disconnected without being shut down: by a reset, which the peer must not take
// for the end of the stream, or because the connection goes on elsewhere. A cancel ends those that the system has, but
// not one that is on its way there.

#ifndef ASYNC_SOCKET_WIN32_TRANSPORT_UNBLOCK_HPP
#define ASYNC_SOCKET_WIN32_TRANSPORT_UNBLOCK_HPP

#include <winsock2.h>

#include <atomic>

#include "win32/transport/socket_transport.hpp"

namespace async_socket::detail {

// Counts a call that may block, for as long as it lives; for a user of the transport. The count is changed by
// read-modify-write in acquire-release order, and so is it read by the one who disconnects: of the two, one sees the
// other.
class blocking_call {
public:
    explicit blocking_call(SOCKET_TRANSPORT_HANDLE transport) noexcept : transport_(transport)
    {
        transport_->blocking_calls.fetch_add(1, std::memory_order_acq_rel);
    }
    ~blocking_call() { transport_->blocking_calls.fetch_sub(1, std::memory_order_acq_rel); }

    blocking_call(const blocking_call&) = delete;
    blocking_call& operator=(const blocking_call&) = delete;

    // The transport is disconnected: the call is not to be made.
    [[nodiscard]] bool is_in_vain() const noexcept { return transport_->gate.is_closed(); }

private:
    SOCKET_TRANSPORT_HANDLE transport_;
};

// Cancels again, in the background, until no blocking call is left; for the user who has disconnected the transport.
void unblock_calls(SOCKET_TRANSPORT_HANDLE transport) noexcept;

} // namespace async_socket::detail

#endif
