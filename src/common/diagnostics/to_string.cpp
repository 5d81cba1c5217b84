// SPDX-License-Identifier: MIT
//
// The names of the enums' values, as the enums spell them.

#include <cstddef>
#include <cstdint>

#include "async_socket/async_operation.h"
#include "async_socket/async_socket.h"
#include "async_socket/log.h"
#include "async_socket/socket_transport.h"

namespace {

// The values of every enum count up from 1. A value that came from C may be anything.
// SRS_ASYNC_SOCKET_GUARANTEE_01_012
template <typename enumeration, std::size_t count>
const char* name_of(enumeration value, const char* const (&names)[count]) noexcept
{
    const auto index = static_cast<std::uint32_t>(value) - 1U;
    return index < count ? names[index] : "?";
}

} // namespace

// SRS_SOCKET_TRANSPORT_01_050

const char* socket_send_result_to_string(SOCKET_SEND_RESULT value)
{
    static constexpr const char* names[] = {"SOCKET_SEND_INVALID_ARG", "SOCKET_SEND_OK", "SOCKET_SEND_ERROR",
                                            "SOCKET_SEND_FAILED", "SOCKET_SEND_SHUTDOWN"};
    return name_of(value, names);
}

const char* socket_receive_result_to_string(SOCKET_RECEIVE_RESULT value)
{
    static constexpr const char* names[] = {"SOCKET_RECEIVE_INVALID_ARG", "SOCKET_RECEIVE_OK",
                                            "SOCKET_RECEIVE_WOULD_BLOCK", "SOCKET_RECEIVE_ERROR",
                                            "SOCKET_RECEIVE_SHUTDOWN"};
    return name_of(value, names);
}

const char* socket_accept_result_to_string(SOCKET_ACCEPT_RESULT value)
{
    static constexpr const char* names[] = {"SOCKET_ACCEPT_OK", "SOCKET_ACCEPT_ERROR", "SOCKET_ACCEPT_PORT_EXHAUSTION",
                                            "SOCKET_ACCEPT_INPROGRESS", "SOCKET_ACCEPT_NO_CONNECTION"};
    return name_of(value, names);
}

const char* socket_type_to_string(SOCKET_TYPE value)
{
    static constexpr const char* names[] = {"SOCKET_BINDING", "SOCKET_CLIENT"};
    return name_of(value, names);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_011

const char* async_socket_open_result_to_string(ASYNC_SOCKET_OPEN_RESULT value)
{
    static constexpr const char* names[] = {"ASYNC_SOCKET_OPEN_OK", "ASYNC_SOCKET_OPEN_ERROR"};
    return name_of(value, names);
}

const char* async_socket_send_sync_result_to_string(ASYNC_SOCKET_SEND_SYNC_RESULT value)
{
    static constexpr const char* names[] = {"ASYNC_SOCKET_SEND_SYNC_OK", "ASYNC_SOCKET_SEND_SYNC_ERROR",
                                            "ASYNC_SOCKET_SEND_SYNC_NOT_OPEN"};
    return name_of(value, names);
}

const char* async_socket_send_result_to_string(ASYNC_SOCKET_SEND_RESULT value)
{
    static constexpr const char* names[] = {"ASYNC_SOCKET_SEND_OK", "ASYNC_SOCKET_SEND_ERROR",
                                            "ASYNC_SOCKET_SEND_ABANDONED"};
    return name_of(value, names);
}

const char* async_socket_receive_result_to_string(ASYNC_SOCKET_RECEIVE_RESULT value)
{
    static constexpr const char* names[] = {"ASYNC_SOCKET_RECEIVE_OK", "ASYNC_SOCKET_RECEIVE_ERROR",
                                            "ASYNC_SOCKET_RECEIVE_ABANDONED"};
    return name_of(value, names);
}

const char* async_socket_notify_io_type_to_string(ASYNC_SOCKET_NOTIFY_IO_TYPE value)
{
    static constexpr const char* names[] = {"ASYNC_SOCKET_NOTIFY_IO_TYPE_IN", "ASYNC_SOCKET_NOTIFY_IO_TYPE_OUT"};
    return name_of(value, names);
}

const char* async_socket_notify_io_result_to_string(ASYNC_SOCKET_NOTIFY_IO_RESULT value)
{
    static constexpr const char* names[] = {"ASYNC_SOCKET_NOTIFY_IO_RESULT_IN", "ASYNC_SOCKET_NOTIFY_IO_RESULT_OUT",
                                            "ASYNC_SOCKET_NOTIFY_IO_RESULT_ABANDONED",
                                            "ASYNC_SOCKET_NOTIFY_IO_RESULT_ERROR"};
    return name_of(value, names);
}

// SRS_ASYNC_SOCKET_LOG_01_006
const char* async_socket_log_level_to_string(ASYNC_SOCKET_LOG_LEVEL level)
{
    static constexpr const char* names[] = {"ASYNC_SOCKET_LOG_LEVEL_ERROR", "ASYNC_SOCKET_LOG_LEVEL_WARNING",
                                            "ASYNC_SOCKET_LOG_LEVEL_INFO"};
    return name_of(level, names);
}

// SRS_ASYNC_OPERATION_01_001
const char* async_status_to_string(ASYNC_STATUS value)
{
    static constexpr const char* names[] = {"ASYNC_STATUS_OK",
                                            "ASYNC_STATUS_END_OF_STREAM",
                                            "ASYNC_STATUS_RESET",
                                            "ASYNC_STATUS_CLOSED",
                                            "ASYNC_STATUS_CANCELLED",
                                            "ASYNC_STATUS_TIMED_OUT",
                                            "ASYNC_STATUS_REFUSED",
                                            "ASYNC_STATUS_UNREACHABLE",
                                            "ASYNC_STATUS_NAME_NOT_RESOLVED",
                                            "ASYNC_STATUS_ADDRESS_IN_USE",
                                            "ASYNC_STATUS_NO_RESOURCES",
                                            "ASYNC_STATUS_ERROR"};
    return name_of(value, names);
}
