// SPDX-License-Identifier: MIT
//
// The threads of a pool and how they take completions: in an order that the seed decides, as many at once as the pool
// may have threads.

#include "thread_pool.h"

#include <algorithm>

#include "call_scope.h"

namespace fake_win32 {

namespace {

constexpr std::size_t most_threads = 100; // where the pool has no maximum of its own

bool may_run_another(const _TP_POOL& pool)
{
    return pool.maximum == 0 || pool.busy < pool.maximum;
}

work take_work(world& all, _TP_POOL& pool)
{
    const std::size_t index = static_cast<std::size_t>(all.random() % pool.queue.size());
    work item = pool.queue[index];
    pool.queue.erase(pool.queue.begin() + static_cast<std::ptrdiff_t>(index));
    return item;
}

// Calls back without the mutex, with an instance that is in the list meanwhile.
template <class Call>
void call_back(std::unique_lock<std::mutex>& lock, std::list<_TP_CALLBACK_INSTANCE>& callbacks, Call call)
{
    callbacks.push_back({std::this_thread::get_id(), false});
    const auto running = std::prev(callbacks.end());
    lock.unlock();
    // A callback must not rely on what the thread's last error happens to be.
    last_error() = 0;
    call(&*running);
    lock.lock();
    callbacks.erase(running);
}

void run_completion(world& all, std::unique_lock<std::mutex>& lock, const std::shared_ptr<operation>& op)
{
    _TP_IO& io = *op->io;
    all.operations.erase(op->overlapped);
    io.outstanding--;
    if (op->memory_lost) {
        return; // there is nothing left that the callback could be called with
    }
    call_back(lock, io.running,
              [&io, op, callback = io.callback, context = io.context](PTP_CALLBACK_INSTANCE instance) {
                  callback(instance, context, op->overlapped, op->io_result, op->bytes, &io);
              });
}

void run_timer(std::unique_lock<std::mutex>& lock, _TP_TIMER& timer)
{
    timer.outstanding--;
    call_back(lock, timer.running,
              [&timer, callback = timer.callback, context = timer.context](PTP_CALLBACK_INSTANCE instance) {
                  callback(instance, context, &timer);
              });
}

void run_work(world& all, std::unique_lock<std::mutex>& lock, _TP_POOL& pool, const work& item)
{
    if (item.completion != nullptr) {
        run_completion(all, lock, item.completion);
    } else if (item.timer != nullptr) {
        run_timer(lock, *item.timer);
    } else {
        call_back(lock, pool.running, [&item](PTP_CALLBACK_INSTANCE instance) { item.simple(instance, item.context); });
    }
}

void run_thread(_TP_POOL& pool)
{
    world& all = the_world();
    std::unique_lock<std::mutex> lock(all.mutex);
    for (;;) {
        pool.wake.wait(lock, [&] {
            return pool.queue.empty() ? pool.stopping || (pool.closed && pool.bound == 0) : may_run_another(pool);
        });
        if (pool.queue.empty()) {
            return;
        }
        pool.busy++;
        const work item = take_work(all, pool);
        run_work(all, lock, pool, item);
        pool.busy--;
        pool.wake.notify_all();
        all.changed.notify_all();
    }
}

// Puts the timers that are due into the queues of their pools; returns when the next one is.
std::chrono::steady_clock::time_point call_timers(world& all)
{
    const auto now = std::chrono::steady_clock::now();
    auto next = now + std::chrono::hours(1);
    for (const auto& timer : all.timers) {
        if (!timer->set || all.timers_held) {
            continue;
        }
        if (timer->due <= now) {
            timer->set = false;
            timer->outstanding++;
            work item;
            item.timer = timer.get();
            enqueue(*timer->pool, item);
        } else {
            next = std::min(next, timer->due);
        }
    }
    return next;
}

void run_clock()
{
    world& all = the_world();
    std::unique_lock<std::mutex> lock(all.mutex);
    while (!all.clock_stops) {
        all.changed.wait_until(lock, call_timers(all));
    }
}

} // namespace

void start_clock()
{
    world& all = the_world();
    if (!all.clock.joinable()) {
        all.clock_stops = false;
        all.clock = std::thread(run_clock);
    }
    all.changed.notify_all();
}

void start_thread_where_one_is_missing(_TP_POOL& pool)
{
    const std::size_t idle = pool.thread_count - pool.busy;
    const std::size_t limit = pool.maximum == 0 ? most_threads : pool.maximum;
    if (idle < pool.queue.size() && pool.thread_count < limit && !pool.stopping) {
        pool.thread_count++;
        pool.threads.emplace_back([&pool] { run_thread(pool); });
    }
}

void enqueue(_TP_POOL& pool, const work& item)
{
    pool.queue.push_back(item);
    start_thread_where_one_is_missing(pool);
    pool.wake.notify_all();
    the_world().changed.notify_all();
}

void enqueue(const std::shared_ptr<operation>& op)
{
    work item;
    item.completion = op;
    enqueue(*op->io->pool, item);
}

bool is_running_inside(const std::list<_TP_CALLBACK_INSTANCE>& callbacks)
{
    return std::any_of(callbacks.begin(), callbacks.end(), [](const _TP_CALLBACK_INSTANCE& instance) {
        return instance.thread == std::this_thread::get_id() && !instance.disassociated;
    });
}

std::size_t running_callbacks(const std::list<_TP_CALLBACK_INSTANCE>& callbacks, bool but_own)
{
    return static_cast<std::size_t>(
        std::count_if(callbacks.begin(), callbacks.end(), [but_own](const _TP_CALLBACK_INSTANCE& instance) {
            return !instance.disassociated && !(but_own && instance.thread == std::this_thread::get_id());
        }));
}

void join_pool_threads()
{
    world& all = the_world();
    std::vector<std::thread> threads;
    const auto stop = [&threads](_TP_POOL& pool) {
        pool.stopping = true;
        pool.wake.notify_all();
        std::move(pool.threads.begin(), pool.threads.end(), std::back_inserter(threads));
        pool.threads.clear();
    };
    {
        const std::lock_guard<std::mutex> lock(all.mutex);
        for (const auto& pool : all.pools) {
            stop(*pool);
        }
        stop(all.default_pool);
        all.clock_stops = true;
        all.changed.notify_all();
        if (all.clock.joinable()) {
            threads.push_back(std::move(all.clock));
        }
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    // The one of the process goes on.
    const std::lock_guard<std::mutex> lock(all.mutex);
    all.default_pool.stopping = false;
    all.default_pool.thread_count = 0;
}

} // namespace fake_win32
