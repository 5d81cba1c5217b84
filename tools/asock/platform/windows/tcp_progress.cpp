// SPDX-License-Identifier: MIT

#include "platform/tcp_progress.hpp"

#include <winsock2.h>

#include <windows.h>

namespace asock {

namespace {

// These are in <mstcpip.h>, which older headers lack. Since Windows 10, version 1703; Wine tells nothing.
constexpr DWORD tcp_info_code = 0xD8000027; // SIO_TCP_INFO
struct tcp_info {                           // TCP_INFO_v0
    int state;
    ULONG segment;
    ULONG64 age_ms;
    BOOLEAN has_timestamps;
    ULONG round_trip_us;
    ULONG least_round_trip_us;
    ULONG in_flight;
    ULONG congestion_window;
    ULONG send_window;
    ULONG receive_window;
    ULONG receive_buffer;
    ULONG64 bytes_out;
    ULONG64 bytes_in;
    ULONG reordered;
    ULONG sent_again;
    ULONG fast_retransmissions;
    ULONG duplicates;
    ULONG timeouts;
    UCHAR connects_again;
};
static_assert(sizeof(tcp_info) == 88);
constexpr int closed = 0; // TCPSTATE_CLOSED

} // namespace

std::optional<tcp_progress> tcp_progress_of(SOCKET_HANDLE connection, std::uint64_t handed_over)
{
    DWORD version = 0;
    tcp_info info{};
    DWORD size = 0;
    if (::WSAIoctl(reinterpret_cast<SOCKET>(connection), tcp_info_code, &version, sizeof version, &info, sizeof info,
                   &size, nullptr, nullptr) != 0 ||
        size < sizeof info) {
        return std::nullopt;
    }
    if (info.state == closed) {
        // What a broken connection has left will never be taken.
        return tcp_progress{info.bytes_out, 0, true};
    }
    return progress_by_counts(handed_over, info.bytes_out, info.in_flight);
}

} // namespace asock
