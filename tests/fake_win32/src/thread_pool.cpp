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

std::shared_ptr<operation> take_completion(world& all, _TP_POOL& pool)
{
    const std::size_t index = static_cast<std::size_t>(all.random() % pool.queue.size());
    std::shared_ptr<operation> op = pool.queue[index];
    pool.queue.erase(pool.queue.begin() + static_cast<std::ptrdiff_t>(index));
    return op;
}

void run_completion(world& all, std::unique_lock<std::mutex>& lock, const std::shared_ptr<operation>& op)
{
    _TP_IO& io = *op->io;
    all.operations.erase(op->overlapped);
    io.outstanding--;
    if (op->memory_lost) {
        return; // there is nothing left that the callback could be called with
    }
    io.running.push_back({std::this_thread::get_id(), &io, false});
    const auto running = std::prev(io.running.end());
    const auto callback = io.callback;
    void* const context = io.context;

    lock.unlock();
    // A callback must not rely on what the thread's last error happens to be.
    last_error() = 0;
    callback(&*running, context, op->overlapped, op->io_result, op->bytes, &io);
    lock.lock();

    io.running.erase(running);
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
        const std::shared_ptr<operation> op = take_completion(all, pool);
        run_completion(all, lock, op);
        pool.busy--;
        pool.wake.notify_all();
        all.changed.notify_all();
    }
}

} // namespace

void enqueue(const std::shared_ptr<operation>& op)
{
    world& all = the_world();
    _TP_POOL& pool = *op->io->pool;
    pool.queue.push_back(op);
    const std::size_t idle = pool.thread_count - pool.busy;
    const std::size_t limit = pool.maximum == 0 ? most_threads : pool.maximum;
    if (idle < pool.queue.size() && pool.thread_count < limit && !pool.stopping) {
        pool.thread_count++;
        pool.threads.emplace_back([&pool] { run_thread(pool); });
    }
    pool.wake.notify_all();
    all.changed.notify_all();
}

bool is_running_inside(const _TP_IO& io)
{
    return std::any_of(io.running.begin(), io.running.end(), [](const _TP_CALLBACK_INSTANCE& instance) {
        return instance.thread == std::this_thread::get_id() && !instance.disassociated;
    });
}

void join_pool_threads()
{
    world& all = the_world();
    std::vector<std::thread> threads;
    {
        const std::lock_guard<std::mutex> lock(all.mutex);
        for (const auto& pool : all.pools) {
            pool->stopping = true;
            pool->wake.notify_all();
            std::move(pool->threads.begin(), pool->threads.end(), std::back_inserter(threads));
            pool->threads.clear();
        }
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
}

} // namespace fake_win32
