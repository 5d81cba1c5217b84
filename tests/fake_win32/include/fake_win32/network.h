// SPDX-License-Identifier: MIT
//
// The network around the program: who listens, what names mean, and the far ends of connections.

#ifndef FAKE_WIN32_NETWORK_H
#define FAKE_WIN32_NETWORK_H

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "winsock2.h"

namespace fake_win32 {

struct socket_object;

// The far end of a connection, on another machine: what happens here is no call of the program's. Nothing blocks
// unless it says so. A copy is another name for the same end.
class remote_peer {
public:
    explicit remote_peer(std::shared_ptr<socket_object> end);

    void send(const std::string& bytes) const;                 // however much the window holds
    std::string receive(std::size_t at_most = SIZE_MAX) const; // what is there
    std::string wait_for(std::size_t bytes) const; // blocks until so many are there; less at the end, or late
    bool saw_end() const;                          // the program has closed or shut down its side
    bool saw_reset() const;
    void close() const; // in order: the program reads the end of the stream
    void reset() const; // the program sees WSAECONNRESET or ERROR_NETNAME_DELETED

private:
    std::shared_ptr<socket_object> end_;
};

// A connected socket of the program's and its far end.
struct connection {
    SOCKET socket;
    remote_peer peer;
};
connection make_connection();

// Connects from elsewhere to a socket of the program's that listens on this port; the address may be "127.0.0.1" or
// "::1". Nothing when nobody listens there.
std::optional<remote_peer> connect_from_elsewhere(const std::string& address, std::uint16_t port);

// Makes the oldest connection in the queue of this port go away before it is accepted.
void abandon_queued_connection(std::uint16_t port);

// What Wine does where it hears of a connection after the program has accepted it: the event of FD_ACCEPT is set though
// nobody is there, and no connection sets it any more until one has been accepted. A new WSAEventSelect does not help:
// it sets the event once more.
void announce_nobody(std::uint16_t port);

// Bytes that one side holds which the other has not read; a send beyond them stays pending. 64 KiB after begin().
void set_window(std::size_t bytes);

// What a name resolves to, numeric addresses in the resolver's order. "localhost" is ::1 and 127.0.0.1 after begin().
void set_host(const std::string& name, std::vector<std::string> addresses);

// A connect to this address gets no answer at all.
void make_silent(const std::string& address);

// A machine without IPv6.
void without_ipv6();

// Whether child processes would inherit the socket; whether it was made for overlapped use.
bool is_inheritable(SOCKET socket);
bool is_overlapped(SOCKET socket);
bool is_nonblocking(SOCKET socket);
bool has_event_selected(SOCKET socket);
bool is_exclusive(SOCKET socket);
bool is_dual_stack(SOCKET socket);

// What setsockopt has set, 0 where it has not.
int option_of(SOCKET socket, int level, int name);

} // namespace fake_win32

#endif
