// SPDX-License-Identifier: MIT

#include "support/connection.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <stdexcept>
#include <string>

#include "expected_results.h"
#include "support/free_port.h"
#include "support/limit.h"

namespace contract {

namespace {

constexpr std::size_t largest_piece = 256 * 1024;

void require(bool holds, const char* what)
{
    if (!holds) {
        throw std::runtime_error(std::string("cannot ") + what);
    }
}

std::uint32_t limit_ms()
{
    return static_cast<std::uint32_t>(std::chrono::milliseconds(generous_limit()).count());
}

// One blocking receive. Negative: an error.
long receive_some(SOCKET_TRANSPORT_HANDLE transport, unsigned char* data, std::size_t length)
{
    SOCKET_BUFFER buffer{static_cast<std::uint32_t>((std::min)(length, largest_piece)), data};
    std::uint32_t received = 0;
    switch (socket_transport_receive(transport, &buffer, 1, &received, 0, nullptr)) {
    case SOCKET_RECEIVE_OK:
        return static_cast<long>(received);
    case SOCKET_RECEIVE_SHUTDOWN:
        return expected::last_socket_error() == 0 ? 0 : -1;
    default:
        return -1;
    }
}

} // namespace

listener::listener(const char* address) : transport_(socket_transport_create_server())
{
    require(static_cast<bool>(transport_), "create a server transport");
    require(socket_transport_listen_at(transport_.get(), address, 0) == 0, "listen");
    std::array<char, SOCKET_TRANSPORT_ADDRESS_SIZE> host{};
    require(socket_transport_get_local_endpoint(transport_.get(), host.data(), host.size(), &port_) == 0,
            "tell the port");
}

transport_owner listener::accept() const
{
    SOCKET_TRANSPORT_HANDLE accepted = nullptr;
    require(socket_transport_accept(transport_.get(), &accepted, limit_ms()) == SOCKET_ACCEPT_OK, "accept");
    return transport_owner(accepted);
}

connection make_connection()
{
    const listener server;
    connection result;
    result.peer.reset(socket_transport_create_client());
    require(socket_transport_connect(result.peer.get(), "127.0.0.1", server.port(), limit_ms()) == 0, "connect");
    result.local = server.accept();
    return result;
}

unaccepted_connection::unaccepted_connection() : local_(socket_transport_create_client())
{
    require(socket_transport_connect(local_.get(), "127.0.0.1", server_.port(), limit_ms()) == 0, "connect");
}

std::uint16_t port_without_listener()
{
    return find_free_port([](std::uint16_t port) {
        const transport_owner probe(socket_transport_create_server());
        require(static_cast<bool>(probe), "create a server transport");
        return socket_transport_listen_at(probe.get(), "127.0.0.1", port) == 0;
    });
}

bool send_all(SOCKET_TRANSPORT_HANDLE transport, const bytes& data)
{
    std::size_t sent = 0;
    while (sent != data.size()) {
        // The transport only reads what it sends.
        const SOCKET_BUFFER buffer{static_cast<std::uint32_t>((std::min)(data.size() - sent, largest_piece)),
                                   const_cast<unsigned char*>(data.data() + sent)};
        std::uint32_t taken = 0;
        if (socket_transport_send(transport, &buffer, 1, &taken, 0, nullptr) != SOCKET_SEND_OK) {
            return false;
        }
        sent += taken;
    }
    return true;
}

bytes receive_exactly(SOCKET_TRANSPORT_HANDLE transport, std::size_t length)
{
    bytes result(length);
    std::size_t received = 0;
    while (received != length) {
        const long more = receive_some(transport, result.data() + received, length - received);
        if (more <= 0) {
            break;
        }
        received += static_cast<std::size_t>(more);
    }
    result.resize(received);
    return result;
}

rest_of_stream receive_to_end(SOCKET_TRANSPORT_HANDLE transport)
{
    rest_of_stream result{};
    bytes piece(largest_piece);
    long more = 0;
    while ((more = receive_some(transport, piece.data(), piece.size())) > 0) {
        result.data.insert(result.data.end(), piece.begin(), piece.begin() + more);
    }
    result.ended_in_order = more == 0;
    return result;
}

} // namespace contract
