// SPDX-License-Identifier: MIT
//
// Operations that say how they went, as a test sees them; beside operation.h.

#ifndef ASYNC_SOCKET_TESTS_CONTRACT_SUPPORT_EX_OPERATION_H
#define ASYNC_SOCKET_TESTS_CONTRACT_SUPPORT_EX_OPERATION_H

#include <atomic>
#include <chrono>
#include <cstdint>
#include <ostream>
#include <utility>

#include "async_socket/async_connect.h"
#include "async_socket/async_delay.h"
#include "async_socket/async_listener.h"
#include "async_socket/async_operation.h"
#include "async_socket/async_socket_ex.h"

#include "support/operation.h"
#include "support/owners.h"

inline std::ostream& operator<<(std::ostream& out, ASYNC_STATUS status)
{
    return out << async_status_to_string(status);
}

namespace contract {

class ex_operation : public operation {
public:
    // Read after wait().
    [[nodiscard]] ASYNC_STATUS status() const { return completion_.status; }
    [[nodiscard]] std::int32_t system_error() const { return completion_.system_error; }
    [[nodiscard]] std::uint32_t transferred() const { return completion_.bytes; }
    // From the start to the callback.
    [[nodiscard]] std::chrono::steady_clock::duration took() const { return ended_at_ - started_at_; }
    // Written by the start. What the callback found there is to be the same.
    [[nodiscard]] ASYNC_OPERATION_ID id() const { return id_; }
    [[nodiscard]] ASYNC_OPERATION_ID id_in_callback() const { return id_in_callback_; }

protected:
    explicit ex_operation(bytes memory = {}, const std::vector<std::size_t>& pieces = {});
    ~ex_operation() = default;

    static void on_complete(void* context, const ASYNC_COMPLETION* completion);
    void note_start() { started_at_ = std::chrono::steady_clock::now(); }

    void end_with(const ASYNC_COMPLETION& completion);

    ASYNC_OPERATION_ID id_ = 0;

private:
    ASYNC_COMPLETION completion_{};
    ASYNC_OPERATION_ID id_in_callback_ = 0;
    std::chrono::steady_clock::time_point started_at_;
    std::chrono::steady_clock::time_point ended_at_;
};

class send_ex_operation final : public ex_operation {
public:
    explicit send_ex_operation(bytes memory, const std::vector<std::size_t>& pieces = {});
    ASYNC_SOCKET_SEND_SYNC_RESULT start(ASYNC_SOCKET_HANDLE socket, std::uint32_t timeout_ms = ASYNC_NO_TIMEOUT);
};

class receive_ex_operation final : public ex_operation {
public:
    explicit receive_ex_operation(std::size_t size, const std::vector<std::size_t>& pieces = {});
    int start(ASYNC_SOCKET_HANDLE socket, std::uint32_t timeout_ms = ASYNC_NO_TIMEOUT);
};

class shutdown_operation final : public ex_operation {
public:
    int start(ASYNC_SOCKET_HANDLE socket);
};

class socket_delay_operation final : public ex_operation {
public:
    int start(ASYNC_SOCKET_HANDLE socket, std::uint32_t delay_ms);
};

// A close that nobody waits for.
class close_operation final : public operation {
public:
    close_operation();
    int start(ASYNC_SOCKET_HANDLE socket);
    int start(ASYNC_LISTENER_HANDLE listener);

private:
    static void on_closed(void* context);
};

class delay_operation final : public ex_operation {
public:
    int start(EXECUTION_ENGINE_HANDLE engine, std::uint32_t delay_ms);
    int start(EXECUTION_ENGINE_HANDLE engine, std::uint32_t thread, std::uint32_t delay_ms);
};

class connect_ex_operation final : public ex_operation {
public:
    int start(ASYNC_SOCKET_HANDLE socket, const char* host, std::uint16_t port,
              std::uint32_t timeout_ms = ASYNC_NO_TIMEOUT);
};

class connect_operation final : public operation {
public:
    connect_operation();
    int start(ASYNC_SOCKET_HANDLE socket, const char* host, std::uint16_t port,
              std::uint32_t timeout_ms = ASYNC_NO_TIMEOUT);
    [[nodiscard]] ASYNC_SOCKET_OPEN_RESULT result() const { return result_; }

private:
    static void on_open_complete(void* context, ASYNC_SOCKET_OPEN_RESULT result);

    ASYNC_SOCKET_OPEN_RESULT result_{};
};

class accept_operation final : public ex_operation {
public:
    int start(ASYNC_LISTENER_HANDLE listener, std::uint32_t timeout_ms = ASYNC_NO_TIMEOUT);
    [[nodiscard]] SOCKET_TRANSPORT_HANDLE accepted() const { return accepted_.get(); }
    [[nodiscard]] transport_owner take_accepted() { return std::move(accepted_); }

private:
    static void on_accept_complete(void* context, const ASYNC_COMPLETION* completion, SOCKET_TRANSPORT_HANDLE accepted);

    transport_owner accepted_;
};

} // namespace contract

#endif
