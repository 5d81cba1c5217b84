// SPDX-License-Identifier: MIT
//
// A thread of an engine's pool that waits inside a callback.

#include <mutex>

#include "common/lifecycle/callback_scope.hpp"
#include "win32/engine/execution_engine.hpp"
#include "win32/engine/timer_queue.hpp"
#include "win32/socket/socket.hpp"

namespace async_socket::detail {

namespace {

thread_local bool is_blocked = false;

} // namespace

// While it lives, a thread of a pool that is inside a callback does not count towards the maximum of its engine: it is
// about to wait for other callbacks, which would never run where it is the only thread that the engine may have.
// Outside of any callback, and inside another one of these, it does nothing. SRS_ASYNC_SOCKET_GUARANTEE_01_005
blocked_thread::blocked_thread() noexcept
{
    // An open callback runs on whatever thread opens; the pool knows of the others.
    const callback_scope* scope = callback_scope::innermost();
    while (scope != nullptr && scope->platform_callback() == nullptr) {
        scope = scope->outer();
    }
    // The socket of a running callback is not freed, and keeps its engine; so does a delay.
    const EXECUTION_ENGINE_HANDLE engine = scope != nullptr ? scope->socket()->engine : engine_of_timer_callback();
    if (engine == nullptr || is_blocked || engine->maximum == 0) {
        return;
    }
    engine_ = engine;
    is_blocked = true;
    const std::lock_guard lock(engine_->blocked_mutex);
    ++engine_->blocked;
    allow_for_blocked_threads(engine_);
}

blocked_thread::~blocked_thread()
{
    if (engine_ == nullptr) {
        return;
    }
    is_blocked = false;
    const std::lock_guard lock(engine_->blocked_mutex);
    --engine_->blocked;
    allow_for_blocked_threads(engine_);
}

} // namespace async_socket::detail
