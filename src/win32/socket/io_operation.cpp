// SPDX-License-Identifier: MIT

#include "win32/socket/io_operation.hpp"

#include <new>

#include "common/arguments/payload.hpp"
#include "win32/engine/execution_engine.hpp"
#include "win32/socket/socket.hpp"
#include "win32/socket/tracked_operation.hpp"
#include "win32/system/last_error.hpp"

namespace async_socket::detail {

namespace {

constexpr std::size_t size_of(io_kind kind) noexcept
{
    const bool is_plain = kind == io_kind::send || kind == io_kind::receive;
    return is_plain ? sizeof(io_operation) : sizeof(tracked_operation);
}

// Room for an operation of any kind.
constexpr std::size_t reusable_size =
    sizeof(tracked_operation) + EXECUTION_ENGINE_WIN32_KEPT_BUFFERS * sizeof(SOCKET_BUFFER);
static_assert(reusable_size < 512, "the public header says so");

// What an operation takes of the system.
struct resources {
    void* memory = nullptr;
    HANDLE event = nullptr;
};

resources take_kept(ASYNC_SOCKET_HANDLE socket) noexcept
{
    io_operation* const kept = socket->kept.take();
    // The system resets the event itself when an operation begins.
    return kept == nullptr ? resources{} : resources{kept, kept->overlapped.hEvent};
}

// None where the system refuses, which is reported.
resources acquire(const char* function, std::size_t size) noexcept
{
    void* const memory = ::operator new(size, std::nothrow);
    if (memory == nullptr) {
        log_system_failure(function, "operator new", ERROR_OUTOFMEMORY);
        return {};
    }
    // SRS_ASYNC_SOCKET_WIN32_01_057, SRS_ASYNC_SOCKET_WIN32_01_080
    HANDLE const event = CreateEventW(nullptr, TRUE, FALSE, nullptr);
    if (event == nullptr) {
        log_system_failure(function, "CreateEventW", GetLastError());
        ::operator delete(memory);
        return {};
    }
    return {memory, event};
}

// SRS_ASYNC_SOCKET_WIN32_01_068, SRS_ASYNC_SOCKET_WIN32_01_072
void give_back(io_operation* operation) noexcept
{
    CloseHandle(operation->overlapped.hEvent);
    ::operator delete(operation);
}

} // namespace

// SRS_ASYNC_SOCKET_WIN32_01_028, SRS_ASYNC_SOCKET_WIN32_01_077
io_operation* io_operation::create(const char* function, ASYNC_SOCKET_HANDLE socket, io_kind kind,
                                   const operation_request& request) noexcept
{
    const std::uint32_t buffer_count = request.buffer_count;
    // SRS_EXECUTION_ENGINE_WIN32_01_009, SRS_EXECUTION_ENGINE_WIN32_01_012
    const bool is_reusable = socket->engine->reuses_operations && buffer_count <= EXECUTION_ENGINE_WIN32_KEPT_BUFFERS;
    resources from = is_reusable ? take_kept(socket) : resources{};
    if (from.memory == nullptr) {
        // SRS_ASYNC_SOCKET_WIN32_01_050, SRS_ASYNC_SOCKET_WIN32_01_078. SRS_ASYNC_SOCKET_WIN32_01_103 keeps the size
        // in bounds.
        from = acquire(function, is_reusable ? reusable_size : size_of(kind) + buffer_count * sizeof(SOCKET_BUFFER));
        if (from.memory == nullptr) {
            return nullptr;
        }
    }
    // SRS_EXECUTION_ENGINE_WIN32_01_010
    io_operation* const operation = size_of(kind) == sizeof(io_operation) ? new (from.memory) io_operation{}
                                                                          : new (from.memory) tracked_operation{};
    operation->overlapped.hEvent = from.event;
    operation->kind = kind;
    operation->callback_context = request.context;
    operation->total_length = request.total_length;
    operation->buffer_count = buffer_count;
    operation->is_reusable = is_reusable;
    operation->buffers = new (static_cast<char*>(from.memory) + size_of(kind)) SOCKET_BUFFER[buffer_count];
    // SRS_ASYNC_SOCKET_WIN32_01_056, SRS_ASYNC_SOCKET_WIN32_01_079
    point_at_payload(operation->buffers, request.buffers, buffer_count);
    return operation;
}

void io_operation::destroy(ASYNC_SOCKET_HANDLE socket, io_operation* operation) noexcept
{
    // SRS_EXECUTION_ENGINE_WIN32_01_008
    if (!operation->is_reusable || !socket->kept.give(operation)) {
        give_back(operation);
    }
}

// SRS_EXECUTION_ENGINE_WIN32_01_011
void io_operation::destroy_kept(ASYNC_SOCKET_HANDLE socket) noexcept
{
    while (io_operation* const kept = socket->kept.take()) {
        give_back(kept);
    }
}

} // namespace async_socket::detail
