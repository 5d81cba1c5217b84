// SPDX-License-Identifier: MIT

/// \addtogroup cpp_listener
/// \{

#ifndef ASYNC_SOCKET_CPP_ACCEPTED_CONNECTION_HPP
#define ASYNC_SOCKET_CPP_ACCEPTED_CONNECTION_HPP

#include <memory>
#include <system_error>
#include <utility>

#include "async_socket/cpp/endpoint.hpp"
#include "async_socket/cpp/engine.hpp"
#include "async_socket/cpp/socket.hpp"
#include "async_socket/cpp/transport_endpoint.hpp"
#include "async_socket/socket_transport.h"

namespace async_socket {

/// A connection that was accepted and is no socket yet. Move-only; destroying it closes it.
///
/// For programs that decide about a connection before they make a socket of it, or hand it to a task that does.
/// Requirements: SRS_CPP_01_073, SRS_CPP_01_074
class accepted_connection {
public:
    accepted_connection() noexcept = default; ///< None.

    /// Takes over a connected transport (socket_transport.h).
    explicit accepted_connection(SOCKET_TRANSPORT_HANDLE transport) noexcept : transport_(transport) {}

    /// False for none.
    explicit operator bool() const noexcept { return transport_ != nullptr; }

    /// Makes a socket of it, which the engine places as it does all that a listener hands out (placement.h). Empty when
    /// there is no connection or the system refuses; the connection is then closed.
    /// Requirements: SRS_CPP_01_074
    [[nodiscard]] socket open(engine_ref engine) && noexcept
    {
        std::unique_ptr<SOCKET_TRANSPORT_TAG, destroy> transport(std::move(transport_));
        socket opened = socket::adopt(engine, transport.get()); // SRS_CPP_01_074, SRS_CPP_01_114
        if (opened) {
            static_cast<void>(transport.release()); // it is the socket's now
        }
        return opened;
    }

    /// An empty endpoint for none.
    /// Requirements: SRS_CPP_01_054
    [[nodiscard]] endpoint peer_endpoint() const { return impl::peer_endpoint_of(transport_.get()); }

private:
    struct destroy {
        void operator()(SOCKET_TRANSPORT_HANDLE handle) const noexcept { socket_transport_destroy(handle); }
    };

    std::unique_ptr<SOCKET_TRANSPORT_TAG, destroy> transport_;
};

/// What accept_connection returns; there is no connection when there is an error.
struct [[nodiscard]] accept_connection_result {
    std::error_code error{};          ///< how it went
    accepted_connection connection{}; ///< the connection
};

} // namespace async_socket

#endif

/// \}
