// SPDX-License-Identifier: MIT
//
// The other end of a connection, made of the system's own socket calls, so that it can do what the library does not:
// reset a connection, close half of it, wait for either direction. CMake picks the implementation.

#ifndef ASYNC_SOCKET_TESTS_CONTRACT_SUPPORT_RAW_PEER_H
#define ASYNC_SOCKET_TESTS_CONTRACT_SUPPORT_RAW_PEER_H

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "async_socket/socket_handle.h"

namespace contract {

class raw_peer {
public:
    // Connects to the port at 127.0.0.1; throws std::runtime_error when that fails.
    explicit raw_peer(std::uint16_t port);
    // A connected socket, which is its own from here on.
    struct adopted {
        SOCKET_HANDLE socket;
    };
    explicit raw_peer(adopted connected) : socket_(connected.socket) {}
    // Closes in order.
    ~raw_peer();
    raw_peer(const raw_peer&) = delete;
    raw_peer& operator=(const raw_peer&) = delete;

    // From here on send and receive return would_block where they would wait.
    void make_non_blocking();
    static constexpr long would_block = -2;

    // Bytes moved, at least 1; 0 at the end of the stream (receive); -1 when the connection has failed.
    long send(const void* data, std::size_t length);
    long receive(void* data, std::size_t length);

    struct readiness {
        bool to_receive; // a receive does not block: bytes, the end, or a failure
        bool to_send;    // a send does not block as long as it is small
    };
    // Waits until it is ready for one of those asked for; neither when the limit is over first. A hint: Wine does not
    // always tell the end of the stream.
    readiness wait(bool to_receive, bool to_send, std::chrono::milliseconds limit);

    // Ends what this end sends; the other end sees the end of the stream.
    void shut_down_sending();
    // The other end sees a reset.
    void reset();
    void close();
    // Gives the connected socket to the caller.
    SOCKET_HANDLE release();
    [[nodiscard]] SOCKET_HANDLE get() const { return socket_; }

    // The value of a SOCKET_HANDLE that is none.
    static SOCKET_HANDLE none();
    // Closes a socket that was released.
    static void close(SOCKET_HANDLE socket);
    // Whether a socket can be bound to ::1 here.
    static bool machine_has_ipv6_loopback();

private:
    SOCKET_HANDLE socket_;
};

} // namespace contract

#endif
