// SPDX-License-Identifier: MIT
//
// Not part of the interface: closes for whose end a coroutine waits, and no thread (socket.hpp, listener.hpp).

#ifndef ASYNC_SOCKET_CPP_CLOSE_HPP
#define ASYNC_SOCKET_CPP_CLOSE_HPP

#include <atomic>
#include <coroutine>
#include <new>
#include <system_error>
#include <utility>

#include "async_socket/async_listener.h"
#include "async_socket/async_socket_ex.h"
#include "async_socket/cpp/callback_operation.hpp"
#include "async_socket/cpp/error.hpp"
#include "async_socket/cpp/promise.hpp"
#include "async_socket/cpp/run_queue.hpp"

namespace async_socket::impl {

struct socket_to_close {
    using handle = ASYNC_SOCKET_HANDLE;
    static bool close(handle socket, ON_ASYNC_CLOSED on_closed, void* context) noexcept
    {
        return socket != nullptr && async_socket_close_async(socket, on_closed, context) == 0;
    }
};

struct listener_to_close {
    using handle = ASYNC_LISTENER_HANDLE;
    static bool close(handle listener, ON_ASYNC_CLOSED on_closed, void* context) noexcept
    {
        return listener != nullptr && async_listener_close_async(listener, on_closed, context) == 0;
    }
};

// A close cannot be cancelled, so the coroutine that waits for it must be able to go before it ends. What the callback
// finds is a record of its own, which it frees.
template <typename Target>
class [[nodiscard]] close_operation {
public:
    close_operation(typename Target::handle handle, EXECUTION_ENGINE_HANDLE engine) noexcept
        : handle_(handle), engine_(engine)
    {
    }
    close_operation(const close_operation&) = delete;
    close_operation& operator=(const close_operation&) = delete;
    ~close_operation()
    {
        if (record_ != nullptr) {
            record_->waiting.store(nullptr, std::memory_order_release);
        }
    }

    static bool await_ready() noexcept { return false; }

    template <typename Promise>
    bool await_suspend(std::coroutine_handle<Promise> coroutine) noexcept
    {
        waiter_.set(coroutine);
        auto* const made = new (std::nothrow) record{this, engine_};
        record_ = made;
        if (made == nullptr) {
            error_ = make_error_code(ASYNC_STATUS_NO_RESOURCES);
            return false;
        }
        // The coroutine may have been resumed, and this be gone, when it returns true.
        if (Target::close(handle_, &on_closed, made)) {
            return true;
        }
        delete std::exchange(record_, nullptr);
        error_ = make_error_code(ASYNC_STATUS_CLOSED);
        return false;
    }

    [[nodiscard]] std::error_code await_resume() const noexcept { return error_; }

private:
    struct record {
        // Written by the destructor of the one that waits, on the thread that destroys its coroutine; taken by the
        // callback. Release, acquire.
        std::atomic<close_operation*> waiting;
        EXECUTION_ENGINE_HANDLE engine;
    };

    static void on_closed(void* context) noexcept
    {
        auto* const ended = static_cast<record*>(context);
        close_operation* const waiting = ended->waiting.exchange(nullptr, std::memory_order_acq_rel);
        EXECUTION_ENGINE_HANDLE const engine = ended->engine;
        delete ended;
        if (waiting != nullptr) {
            waiting->record_ = nullptr;
            run_queue::run_on_engine(engine, waiting->waiter_.get()); // SRS_CPP_01_090
        }
    }

    typename Target::handle handle_;
    EXECUTION_ENGINE_HANDLE engine_;
    waiter waiter_;
    record* record_ = nullptr;
    std::error_code error_{};
};

// SRS_CPP_01_091
template <typename Target, typename Handler>
std::error_code start_close_with_handler(typename Target::handle handle, EXECUTION_ENGINE_HANDLE engine,
                                         Handler&& handler)
{
    return start_with_record(handler_record<Handler>::create(handler, engine), [&](auto* record) {
        return Target::close(handle, &record->on_closed, record) ? std::error_code()
                                                                 : make_error_code(ASYNC_STATUS_CLOSED);
    });
}

} // namespace async_socket::impl

#endif
