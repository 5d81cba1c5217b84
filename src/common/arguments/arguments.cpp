// SPDX-License-Identifier: MIT

#include "common/arguments/arguments.hpp"

#include <cstring>

#include "common/arguments/payload.hpp"
#include "common/diagnostics/log.hpp"

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

// SRS_ASYNC_SOCKET_EX_01_005, SRS_ASYNC_SOCKET_EX_01_010
std::optional<std::uint32_t> check_operation_arguments(const char* function, ASYNC_SOCKET_HANDLE socket,
                                                       const ASYNC_SOCKET_BUFFER* payload, std::uint32_t buffer_count,
                                                       ON_ASYNC_COMPLETE on_complete, std::size_t record_size) noexcept
{
    if (socket == nullptr || on_complete == nullptr) {
        log_refused(function, socket == nullptr ? "async_socket" : "on_complete", "is NULL");
        return std::nullopt;
    }
    return check_payload(function, payload, buffer_count, record_size);
}

// SRS_ASYNC_CONNECT_01_001, SRS_ASYNC_CONNECT_01_002
bool check_connect_arguments(const char* function, ASYNC_SOCKET_HANDLE socket, const char* host, std::uint16_t port,
                             const char* callback_name, bool has_callback) noexcept
{
    if (socket == nullptr || host == nullptr || !has_callback) {
        log_refused(function, socket == nullptr ? "async_socket" : host == nullptr ? "host" : callback_name, "is NULL");
        return false;
    }
    if (*host == '\0') {
        log_refused(function, "host", "is empty");
        return false;
    }
    if (std::memchr(host, '\0', longest_host + 1) == nullptr) {
        log_refused(function, "host", "is longer than 253 characters");
        return false;
    }
    if (port == 0) {
        log_refused(function, "port", "is 0");
        return false;
    }
    return true;
}

// SRS_ASYNC_SOCKET_EX_01_013, SRS_ASYNC_SOCKET_EX_01_015, SRS_ASYNC_DELAY_01_005
bool check_cancel_arguments(const char* function, const char* handle_name, const void* handle,
                            ASYNC_OPERATION_ID id) noexcept
{
    if (handle == nullptr) {
        log_refused(function, handle_name, "is NULL");
        return false;
    }
    if (id == 0) {
        log_refused(function, "id", "is 0");
        return false;
    }
    return true;
}

} // namespace async_socket::detail
