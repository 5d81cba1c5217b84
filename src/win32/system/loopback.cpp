// SPDX-License-Identifier: MIT

#include "win32/system/loopback.hpp"

#include <ws2tcpip.h>

#include <cstring>

namespace async_socket::detail {

namespace {

// These are in <mstcpip.h>, which older headers lack.
constexpr DWORD set_initial_rto = 0x98000011; // SIO_TCP_INITIAL_RTO
struct initial_rto {                          // TCP_INITIAL_RTO_PARAMETERS
    USHORT round_trip_ms;
    UCHAR most_retransmissions;
};
constexpr USHORT usual_round_trip = 0xFFFF;
constexpr UCHAR no_retransmissions = 0xFE; // since Windows 10, version 1709
constexpr UCHAR fewest_retransmissions = 1;

bool is_loopback(const sockaddr& address) noexcept
{
    if (address.sa_family == AF_INET) {
        const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
        return (ntohl(v4.sin_addr.s_addr) >> 24) == 127;
    }
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
    constexpr UCHAR own[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    return address.sa_family == AF_INET6 && std::memcmp(&v6.sin6_addr, own, sizeof own) == 0;
}

bool set(SOCKET socket, UCHAR most_retransmissions) noexcept
{
    initial_rto wanted{usual_round_trip, most_retransmissions};
    DWORD size = 0;
    return WSAIoctl(socket, set_initial_rto, &wanted, sizeof wanted, nullptr, 0, &size, nullptr, nullptr) == 0;
}

} // namespace

// SRS_SOCKET_TRANSPORT_WIN32_01_018
void take_refusal_for_an_answer(SOCKET socket, const sockaddr& address) noexcept
{
    if (is_loopback(address) && !set(socket, no_retransmissions)) {
        static_cast<void>(set(socket, fewest_retransmissions));
    }
}

} // namespace async_socket::detail
