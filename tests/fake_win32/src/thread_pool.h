// SPDX-License-Identifier: MIT
//
// Pools, their threads, and the I/O objects bound to them. Guarded by the world's mutex.

#ifndef FAKE_WIN32_THREAD_POOL_H
#define FAKE_WIN32_THREAD_POOL_H

#include <condition_variable>
#include <list>
#include <map>
#include <memory>
#include <thread>
#include <vector>

#include "socket_object.h"

struct _TP_CALLBACK_INSTANCE {
    std::thread::id thread;
    PTP_IO io = nullptr;
    bool disassociated = false;
};

struct _TP_IO {
    fake_win32::SOCKET socket = 0;
    PTP_POOL pool = nullptr;
    fake_win32::PTP_WIN32_IO_CALLBACK callback = nullptr;
    void* context = nullptr;
    bool closed = false;
    std::map<std::thread::id, unsigned> started; // StartThreadpoolIo without an operation yet
    std::size_t outstanding = 0;                 // operations whose callback has not begun
    std::list<_TP_CALLBACK_INSTANCE> running;
};

struct _TP_POOL {
    fake_win32::DWORD minimum = 0;
    fake_win32::DWORD maximum = 0; // 0: not set
    bool closed = false;
    bool stopping = false; // end of the test
    std::size_t bound = 0; // I/O objects that are not closed
    std::size_t busy = 0;
    std::size_t thread_count = 0;
    std::vector<std::shared_ptr<fake_win32::operation>> queue;
    std::condition_variable wake;
    std::vector<std::thread> threads;
};

namespace fake_win32 {

// Both need the world's mutex.
void enqueue(const std::shared_ptr<operation>& op); // of an I/O object
bool is_running_inside(const _TP_IO& io);           // this thread runs a callback of it that is not disassociated

void join_pool_threads(); // without the mutex

} // namespace fake_win32

#endif
