// SPDX-License-Identifier: MIT

#include "win32/engine/spare_thread.hpp"

#include <algorithm>
#include <mutex>

#include "win32/engine/execution_engine.hpp"
#include "win32/system/last_error.hpp"

namespace async_socket::detail {

// The minimum goes along, for a pool that may have a thread more need not make one for what has been waiting in its
// queue all the time; Wine's does not.
void allow_for_blocked_threads(EXECUTION_ENGINE_HANDLE engine) noexcept
{
    const std::uint32_t extra = std::min(engine->blocked, UINT32_MAX - engine->maximum);
    const std::uint32_t minimum = extra == 0 ? engine->minimum : std::max(engine->minimum, extra + 1);
    SetThreadpoolThreadMaximum(engine->pool, engine->maximum + extra);
    if (!SetThreadpoolThreadMinimum(engine->pool, minimum)) {
        log_system_failure("async_socket_close", "SetThreadpoolThreadMinimum", GetLastError());
    }
}

pool_callback::pool_callback(EXECUTION_ENGINE_HANDLE engine) noexcept : engine_(engine->maximum != 0 ? engine : nullptr)
{
    if (engine_ != nullptr) {
        engine_->callbacks.fetch_add(1, std::memory_order_relaxed);
    }
}

pool_callback::~pool_callback()
{
    if (engine_ != nullptr) {
        engine_->callbacks.fetch_sub(1, std::memory_order_relaxed);
    }
}

void spare_thread::allow() noexcept
{
    if (is_allowed_ || engine_->maximum == 0) {
        return;
    }
    const std::lock_guard lock(engine_->blocked_mutex);
    if (engine_->callbacks.load(std::memory_order_relaxed) >= std::uint64_t{engine_->maximum} + engine_->blocked) {
        return;
    }
    is_allowed_ = true;
    ++engine_->blocked;
    allow_for_blocked_threads(engine_);
}

spare_thread::~spare_thread()
{
    if (is_allowed_) {
        const std::lock_guard lock(engine_->blocked_mutex);
        --engine_->blocked;
        allow_for_blocked_threads(engine_);
    }
}

} // namespace async_socket::detail
