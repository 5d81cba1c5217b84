// SPDX-License-Identifier: MIT

#include "plain_listener.hpp"

#include <cstdio>

#include "command_line.hpp"

namespace bench {

namespace {

SOCKET fail(const char* call)
{
    std::fprintf(stderr, "%s: error %d\n", call, WSAGetLastError());
    return INVALID_SOCKET;
}

} // namespace

SOCKET listen_and_announce(std::uint16_t port)
{
    WSADATA data;
    if (WSAStartup(MAKEWORD(2, 2), &data) != 0) {
        return fail("WSAStartup");
    }
    const SOCKET listening = WSASocketW(AF_INET, SOCK_STREAM, IPPROTO_TCP, nullptr, 0, WSA_FLAG_OVERLAPPED);
    if (listening == INVALID_SOCKET) {
        return fail("WSASocketW");
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int size = sizeof address;
    if (bind(listening, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        listen(listening, SOMAXCONN) != 0 ||
        getsockname(listening, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        return fail("listen");
    }
    announce(ntohs(address.sin_port));
    return listening;
}

SOCKET accept_next(SOCKET listening)
{
    const SOCKET accepted = accept(listening, nullptr, nullptr);
    if (accepted == INVALID_SOCKET) {
        return fail("accept");
    }
    const BOOL at_once = TRUE;
    setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, reinterpret_cast<const char*>(&at_once), sizeof at_once);
    return accepted;
}

} // namespace bench
