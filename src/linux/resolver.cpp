// SPDX-License-Identifier: MIT

#include "linux/resolver.hpp"

#include <pthread.h>

#include <mutex>

#include "linux/thread_signals.hpp"
#include "linux/worker.hpp"

namespace async_socket::detail {

namespace {

constexpr std::uint32_t most_threads = 4;

// Under the mutex. Constant-initialized, and never destroyed while a thread may use it.
std::mutex queue_mutex;
work_item* first = nullptr;
work_item* last = nullptr;
std::uint32_t thread_count = 0;

// The next one; nullptr where there is none, and then the thread that asks is counted out.
resolution* next_or_leave() noexcept
{
    const std::lock_guard lock(queue_mutex);
    work_item* const next = first;
    if (next == nullptr) {
        --thread_count;
        return nullptr;
    }
    first = next->next;
    return static_cast<resolution*>(next);
}

void* resolve_until_done(void*) noexcept
{
    while (resolution* const asked = next_or_leave()) {
        asked->addresses = resolve_quietly(asked->host, asked->port, 0, asked->error, asked->system_error);
        // The reference that comes with it may be gone before the worker is told.
        worker& home = *asked->home;
        EXECUTION_ENGINE_HANDLE const engine = home.engine();
        execution_engine_inc_ref(engine);
        home.deliver(asked);
        execution_engine_dec_ref(engine);
    }
    return nullptr;
}

// Nobody waits for the end of such a thread: it may be in the system's resolver for long.
int start_thread() noexcept
{
    const signals_blocked blocked;
    pthread_t thread{};
    const int error = pthread_create(&thread, nullptr, resolve_until_done, nullptr);
    if (error == 0) {
        pthread_detach(thread);
    }
    return error;
}

} // namespace

// SRS_ASYNC_CONNECT_01_012
int resolve_elsewhere(resolution* asked) noexcept
{
    const std::lock_guard lock(queue_mutex);
    if (thread_count < most_threads) {
        const int error = start_thread();
        if (error == 0) {
            ++thread_count;
        } else if (thread_count == 0) {
            return error;
        }
    }
    asked->next = nullptr;
    if (first == nullptr) {
        first = asked;
    } else {
        last->next = asked;
    }
    last = asked;
    return 0;
}

} // namespace async_socket::detail
