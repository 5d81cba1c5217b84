// SPDX-License-Identifier: MIT
//
// A thread for what blocks, such as reads and writes of files, so that it holds up no thread of the engine.

#ifndef ASOCK_TRANSFER_FILE_THREAD_HPP
#define ASOCK_TRANSFER_FILE_THREAD_HPP

#include <async_socket/async_socket.hpp>

#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>

namespace asock {

// Runs one piece of work at a time, for one task.
class file_thread {
public:
    explicit file_thread(async_socket::engine_ref engine);

    // Waits for the work that is under way.
    ~file_thread();
    file_thread(const file_thread&) = delete;
    file_thread& operator=(const file_thread&) = delete;

    // Waits until the work is done, and throws what it throws. When a stop is requested it throws interrupted; the work
    // goes on, and so must not refer to anything that is gone before this thread is.
    async_socket::task<> run(std::function<void()> work);

private:
    void work_until_told(const std::stop_token& stop);

    async_socket::semaphore done_;
    std::exception_ptr problem_; // written before done_ is released, and read afterwards
    std::mutex mutex_;           // for the next
    std::function<void()> next_;
    std::condition_variable_any has_next_;
    std::jthread thread_; // ends before the rest is destroyed
};

} // namespace asock

#endif
