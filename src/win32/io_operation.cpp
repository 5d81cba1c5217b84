// SPDX-License-Identifier: MIT

#include "win32/io_operation.hpp"

#include <new>

#include "common/payload.hpp"
#include "win32/last_error.hpp"
#include "win32/tracked_operation.hpp"

namespace async_socket::detail {

namespace {

constexpr std::size_t size_of(io_kind kind) noexcept
{
    return kind == io_kind::send_ex || kind == io_kind::receive_ex ? sizeof(tracked_operation) : sizeof(io_operation);
}

} // namespace

// SRS_ASYNC_SOCKET_WIN32_01_028, SRS_ASYNC_SOCKET_WIN32_01_077
io_operation* io_operation::create(const char* function, io_kind kind, const ASYNC_SOCKET_BUFFER* payload,
                                   std::uint32_t buffer_count, std::uint32_t total_length) noexcept
{
    // SRS_ASYNC_SOCKET_WIN32_01_050, SRS_ASYNC_SOCKET_WIN32_01_078. SRS_ASYNC_SOCKET_WIN32_01_103 keeps the size in
    // bounds.
    void* const memory = ::operator new(size_of(kind) + buffer_count * sizeof(SOCKET_BUFFER), std::nothrow);
    if (memory == nullptr) {
        log_system_failure(function, "operator new", ERROR_OUTOFMEMORY);
        return nullptr;
    }
    io_operation* const operation =
        size_of(kind) == sizeof(io_operation) ? new (memory) io_operation{} : new (memory) tracked_operation{};

    // SRS_ASYNC_SOCKET_WIN32_01_057, SRS_ASYNC_SOCKET_WIN32_01_080
    operation->overlapped.hEvent = CreateEventW(nullptr, TRUE, FALSE, nullptr);
    if (operation->overlapped.hEvent == nullptr) {
        log_system_failure(function, "CreateEventW", GetLastError());
        ::operator delete(memory);
        return nullptr;
    }

    operation->kind = kind;
    operation->total_length = total_length;
    operation->buffer_count = buffer_count;
    operation->buffers = new (static_cast<char*>(memory) + size_of(kind)) SOCKET_BUFFER[buffer_count];
    // SRS_ASYNC_SOCKET_WIN32_01_056, SRS_ASYNC_SOCKET_WIN32_01_079
    point_at_payload(operation->buffers, payload, buffer_count);
    return operation;
}

// SRS_ASYNC_SOCKET_WIN32_01_068, SRS_ASYNC_SOCKET_WIN32_01_072
void io_operation::destroy(io_operation* operation) noexcept
{
    CloseHandle(operation->overlapped.hEvent);
    ::operator delete(operation);
}

} // namespace async_socket::detail
