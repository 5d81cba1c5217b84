// SPDX-License-Identifier: MIT

#include "common/arguments.hpp"

#include "common/log.hpp"
#include "common/payload.hpp"

namespace async_socket::detail {

bool check_open_arguments(ASYNC_SOCKET_HANDLE socket, SOCKET_TRANSPORT_HANDLE transport,
                          ON_ASYNC_SOCKET_OPEN_COMPLETE on_open_complete) noexcept
{
    constexpr const char* function = "async_socket_open_async";
    // SRS_ASYNC_SOCKET_WIN32_01_007
    if (socket == nullptr) {
        log_refused(function, "async_socket", "is NULL");
        return false;
    }
    // SRS_ASYNC_SOCKET_WIN32_01_034
    if (transport == nullptr) {
        log_refused(function, "socket_transport", "is NULL");
        return false;
    }
    // SRS_ASYNC_SOCKET_WIN32_01_008
    if (on_open_complete == nullptr) {
        log_refused(function, "on_open_complete", "is NULL");
        return false;
    }
    return true;
}

std::optional<std::uint32_t> check_send_arguments(ASYNC_SOCKET_HANDLE socket, const ASYNC_SOCKET_BUFFER* payload,
                                                  std::uint32_t buffer_count,
                                                  ON_ASYNC_SOCKET_SEND_COMPLETE on_send_complete,
                                                  std::size_t record_size) noexcept
{
    constexpr const char* function = "async_socket_send_async";
    // SRS_ASYNC_SOCKET_WIN32_01_024
    if (socket == nullptr) {
        log_refused(function, "async_socket", "is NULL");
        return std::nullopt;
    }
    // SRS_ASYNC_SOCKET_WIN32_01_026
    if (on_send_complete == nullptr) {
        log_refused(function, "on_send_complete", "is NULL");
        return std::nullopt;
    }
    return check_payload(function, payload, buffer_count, record_size);
}

std::optional<std::uint32_t> check_receive_arguments(ASYNC_SOCKET_HANDLE socket, const ASYNC_SOCKET_BUFFER* payload,
                                                     std::uint32_t buffer_count,
                                                     ON_ASYNC_SOCKET_RECEIVE_COMPLETE on_receive_complete,
                                                     std::size_t record_size) noexcept
{
    constexpr const char* function = "async_socket_receive_async";
    // SRS_ASYNC_SOCKET_WIN32_01_073
    if (socket == nullptr) {
        log_refused(function, "async_socket", "is NULL");
        return std::nullopt;
    }
    // SRS_ASYNC_SOCKET_WIN32_01_075
    if (on_receive_complete == nullptr) {
        log_refused(function, "on_receive_complete", "is NULL");
        return std::nullopt;
    }
    return check_payload(function, payload, buffer_count, record_size);
}

} // namespace async_socket::detail
