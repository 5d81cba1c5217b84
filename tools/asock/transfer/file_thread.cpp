// SPDX-License-Identifier: MIT

#include "transfer/file_thread.hpp"

#include "network/connections.hpp"

#include <utility>

namespace asock {

file_thread::file_thread(async_socket::engine_ref engine)
    : done_(engine), thread_([this](const std::stop_token& stop) { work_until_told(stop); })
{
}

file_thread::~file_thread() = default;

async_socket::task<> file_thread::run(std::function<void()> work)
{
    {
        const std::lock_guard lock(mutex_);
        next_ = std::move(work);
    }
    has_next_.notify_one();
    check_interruption(co_await done_.acquire());
    if (problem_ != nullptr) {
        std::rethrow_exception(std::exchange(problem_, nullptr));
    }
}

void file_thread::work_until_told(const std::stop_token& stop)
{
    std::unique_lock lock(mutex_);
    while (has_next_.wait(lock, stop, [this] { return next_ != nullptr; })) {
        const std::function<void()> work = std::exchange(next_, nullptr);
        lock.unlock();
        try {
            work();
        } catch (...) {
            problem_ = std::current_exception();
        }
        done_.release();
        lock.lock();
    }
}

} // namespace asock
