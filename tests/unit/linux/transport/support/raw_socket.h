// SPDX-License-Identifier: MIT
//
// Sockets of the test's own, used with the system's calls alone. Nothing here is counted or made to fail; what fails
// all the same throws std::runtime_error.

#ifndef TRANSPORT_TEST_RAW_SOCKET_H
#define TRANSPORT_TEST_RAW_SOCKET_H

#include <cstddef>
#include <cstdint>
#include <string>

namespace transport_test {

class raw_socket {
public:
    explicit raw_socket(int descriptor) : descriptor_(descriptor) {}
    raw_socket(raw_socket&& other) noexcept : descriptor_(other.release()) {}
    raw_socket& operator=(raw_socket&& other) noexcept;
    ~raw_socket() { close(); }

    // A blocking TCP socket over IPv4.
    static raw_socket make();
    // One that is connected to the port of 127.0.0.1, and so on.
    static raw_socket connected_to(std::uint16_t port, const char* address = "127.0.0.1");
    // One that listens on a free port of 127.0.0.1, and takes one connection that it does not accept. Every further one
    // is kept waiting.
    static raw_socket full_listener();

    [[nodiscard]] int get() const { return descriptor_; }
    [[nodiscard]] int release();
    [[nodiscard]] std::uint16_t port() const;

    // The address is 127.0.0.1. False where the system refuses.
    [[nodiscard]] bool bind(std::uint16_t port) const;
    void send(const std::string& data) const;
    // Up to `length` bytes; fewer when the stream ends first.
    [[nodiscard]] std::string receive(std::size_t length) const;
    // Whether the stream ends, in order or with an error, before another byte comes.
    [[nodiscard]] bool ends() const;
    void set_send_buffer(int bytes) const;
    void shut_down_sending() const;
    // Ends the connection with a reset.
    void reset();
    void close();

private:
    int descriptor_;
};

// A port of 127.0.0.1 on which nobody listens (tests/contract/support/free_port.h).
std::uint16_t free_port();

bool machine_has_ipv6();

} // namespace transport_test

#endif
