// SPDX-License-Identifier: MIT
//
// One asynchronous send or receive as a test sees it: its memory, how often it was called back, with what, and where.
// It must live until its socket is destroyed.

#ifndef ASYNC_SOCKET_TESTS_CONTRACT_SUPPORT_OPERATION_H
#define ASYNC_SOCKET_TESTS_CONTRACT_SUPPORT_OPERATION_H

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

#include "async_socket/async_socket.h"

#include "support/event.h"
#include "support/pattern.h"

namespace contract {

class operation {
public:
    operation(const operation&) = delete;
    operation& operator=(const operation&) = delete;

    // What the test does inside the callback. Set before the start.
    std::function<void()> in_callback;

    // False when the callback has not come (and returned) within the limit.
    [[nodiscard]] bool wait() { return done_.wait(); }
    [[nodiscard]] bool is_done() const { return done_.is_set(); }
    [[nodiscard]] unsigned calls() const { return calls_; }
    [[nodiscard]] bool was_called_inline() const { return called_inline_; }
    // Of the last callback. Read after wait().
    [[nodiscard]] std::thread::id thread() const { return thread_; }

    [[nodiscard]] unsigned char* memory() { return memory_.data(); }
    [[nodiscard]] std::size_t size() const { return memory_.size(); }

protected:
    // `pieces` are the lengths of the buffers that the memory is cut into; none: one buffer.
    operation(bytes memory, const std::vector<std::size_t>& pieces);
    ~operation() = default;

    // Around the call that starts the operation.
    class starting {
    public:
        explicit starting(const operation& self);
        ~starting();
        starting(const starting&) = delete;
        starting& operator=(const starting&) = delete;

    private:
        const operation* before_;
    };

    void enter_callback();
    // The last that the callback does: the test may go on, but may not destroy the operation before its socket.
    void leave_callback();

    std::vector<ASYNC_SOCKET_BUFFER> buffers_;

private:
    bytes memory_;
    std::atomic<unsigned> calls_{0};
    std::atomic<bool> called_inline_{false};
    std::thread::id thread_;
    event done_;
};

class send_operation : public operation {
public:
    explicit send_operation(bytes memory, const std::vector<std::size_t>& pieces = {});

    ASYNC_SOCKET_SEND_SYNC_RESULT start(ASYNC_SOCKET_HANDLE socket);
    [[nodiscard]] ASYNC_SOCKET_SEND_RESULT result() const { return result_; }

private:
    static void on_complete(void* context, ASYNC_SOCKET_SEND_RESULT result);

    ASYNC_SOCKET_SEND_RESULT result_{};
};

class receive_operation : public operation {
public:
    explicit receive_operation(std::size_t size, const std::vector<std::size_t>& pieces = {});

    int start(ASYNC_SOCKET_HANDLE socket);
    [[nodiscard]] ASYNC_SOCKET_RECEIVE_RESULT result() const { return result_; }
    [[nodiscard]] std::uint32_t received() const { return received_; }

private:
    static void on_complete(void* context, ASYNC_SOCKET_RECEIVE_RESULT result, std::uint32_t bytes_received);

    ASYNC_SOCKET_RECEIVE_RESULT result_{};
    std::uint32_t received_ = 0;
};

} // namespace contract

#endif
