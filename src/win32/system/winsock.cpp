// SPDX-License-Identifier: MIT

#include "win32/system/winsock.hpp"

#include <mutex>

namespace async_socket::detail {

namespace {

// SRS_SOCKET_TRANSPORT_WIN32_01_013: Wine counts the starts without a lock. Of two that count at the same time one is
// lost, and the end that then seems to be the last one closes every socket of the process.
std::mutex counting_mutex;

} // namespace

DWORD start_winsock() noexcept
{
    WSADATA data;
    const std::lock_guard lock(counting_mutex);
    return static_cast<DWORD>(WSAStartup(MAKEWORD(2, 2), &data));
}

void end_winsock() noexcept
{
    const std::lock_guard lock(counting_mutex);
    WSACleanup();
}

} // namespace async_socket::detail
