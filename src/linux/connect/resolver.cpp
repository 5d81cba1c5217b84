// SPDX-License-Identifier: MIT

#include "linux/connect/resolver.hpp"

#include <pthread.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>

#include "linux/system/library_thread.hpp"

namespace async_socket::detail {

namespace {

using stage = resolution::stage;

// Threads that answer somebody.
constexpr std::uint32_t most_serving = 4;
// With those that are stuck in the system's resolver.
constexpr std::uint32_t most_threads = 32;

// How long a thread in the place of one that is stuck waits first: names that are given up often go together, and those
// that are next would be the next to hold a thread.
constexpr std::chrono::milliseconds grace{50};

// The questions that no thread has taken, linked both ways.
class question_queue {
public:
    [[nodiscard]] bool empty() const noexcept { return first_ == nullptr; }
    [[nodiscard]] resolution* front() const noexcept { return first_; }

    void push_back(resolution& added) noexcept
    {
        added.next = nullptr;
        added.previous = last_;
        if (last_ == nullptr) {
            first_ = &added;
        } else {
            last_->next = &added;
        }
        last_ = &added;
    }

    void remove(resolution& removed) noexcept
    {
        auto* const after = static_cast<resolution*>(removed.next);
        if (removed.previous == nullptr) {
            first_ = after;
        } else {
            removed.previous->next = after;
        }
        if (after == nullptr) {
            last_ = removed.previous;
        } else {
            after->previous = removed.previous;
        }
    }

private:
    resolution* first_ = nullptr;
    resolution* last_ = nullptr;
};

// Under the mutex. Constant-initialized, and never destroyed while a thread may use it.
std::mutex queue_mutex;
constinit question_queue questions;
std::uint32_t thread_count = 0;
std::uint32_t stuck_count = 0; // of them, whose questions were withdrawn

// Threads that were made and have not begun. Counted by who makes one, before, and discounted by the thread, in release
// order: whoever reads 0, in acquire order, comes after the beginning of each.
constinit std::atomic<std::uint32_t> not_begun{0};

// The next one; nullptr where there is none, or where enough others serve, and then the thread that asks is counted
// out.
resolution* next_or_leave() noexcept
{
    const std::lock_guard lock(queue_mutex);
    if (questions.empty() || thread_count - stuck_count > most_serving) {
        --thread_count;
        return nullptr;
    }
    resolution* const next = questions.front();
    questions.remove(*next);
    next->reached = stage::being_answered;
    return next;
}

// False: nobody waits for the answer any more.
bool begin_to_answer(resolution& asked) noexcept
{
    const std::lock_guard lock(queue_mutex);
    if (asked.reached == stage::withdrawn) {
        --stuck_count;
        return false;
    }
    asked.reached = stage::answered;
    // The one that comes with it may be gone before the worker is told.
    execution_engine_inc_ref(asked.home->engine());
    return true;
}

// `waits_first`: not nullptr where it does.
void* resolve_until_done(void* waits_first) noexcept
{
    library_thread_begins();
    not_begun.fetch_sub(1, std::memory_order_release);
    not_begun.notify_all();
    if (waits_first != nullptr) {
        std::this_thread::sleep_for(grace);
    }
    while (resolution* const asked = next_or_leave()) {
        asked->addresses = resolve_quietly(asked->host, asked->port, 0, asked->error, asked->system_error);
        if (!begin_to_answer(*asked)) {
            delete asked;
            continue;
        }
        worker_services& home = *asked->home;
        EXECUTION_ENGINE_HANDLE const engine = home.engine();
        home.deliver(asked);
        execution_engine_dec_ref(engine);
    }
    return nullptr;
}

// Makes a thread more where that is to be. 0, or the error. Nobody waits for the end of such a thread: it may be in the
// system's resolver for long.
// SRS_ASYNC_CONNECT_01_020
int add_thread(bool waits_first) noexcept
{
    if (thread_count - stuck_count >= most_serving || thread_count == most_threads) {
        return 0;
    }
    not_begun.fetch_add(1, std::memory_order_relaxed);
    pthread_t thread{};
    const int error = start_library_thread(thread, resolve_until_done, waits_first ? &not_begun : nullptr);
    if (error != 0) {
        not_begun.fetch_sub(1, std::memory_order_relaxed);
        return error;
    }
    pthread_detach(thread);
    ++thread_count;
    return 0;
}

} // namespace

// SRS_ASYNC_CONNECT_01_012
int resolve_elsewhere(resolution* asked) noexcept
{
    const std::lock_guard lock(queue_mutex);
    if (const int error = add_thread(false); error != 0 && thread_count == stuck_count) {
        return error;
    }
    questions.push_back(*asked);
    return 0;
}

// SRS_ASYNC_CONNECT_01_020, SRS_ASYNC_CONNECT_01_021
bool withdraw(resolution* asked) noexcept
{
    const std::lock_guard lock(queue_mutex);
    switch (asked->reached) {
    case stage::asked:
        questions.remove(*asked);
        delete asked;
        return true;
    case stage::being_answered:
        asked->reached = stage::withdrawn;
        ++stuck_count;
        // Where there can be none more now, those that are there go on with the queue.
        if (!questions.empty()) {
            static_cast<void>(add_thread(true));
        }
        return true;
    default:
        return false;
    }
}

void await_resolver_threads() noexcept
{
    for (std::uint32_t left = not_begun.load(std::memory_order_acquire); left != 0;
         left = not_begun.load(std::memory_order_acquire)) {
        not_begun.wait(left, std::memory_order_acquire);
    }
}

} // namespace async_socket::detail
