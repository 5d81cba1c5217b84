// SPDX-License-Identifier: MIT
//
// Pools, their threads, and the I/O objects bound to them. Guarded by the world's mutex.

#ifndef FAKE_WIN32_THREAD_POOL_H
#define FAKE_WIN32_THREAD_POOL_H

#include <chrono>
#include <condition_variable>
#include <list>
#include <map>
#include <memory>
#include <thread>
#include <vector>

#include "socket_object.h"

struct _TP_CALLBACK_INSTANCE {
    std::thread::id thread;
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

struct _TP_TIMER {
    PTP_POOL pool = nullptr;
    fake_win32::PTP_TIMER_CALLBACK callback = nullptr;
    void* context = nullptr;
    bool closed = false;
    bool set = false;
    std::chrono::steady_clock::time_point due;
    std::size_t outstanding = 0; // callbacks that are in the queue
    std::list<_TP_CALLBACK_INSTANCE> running;
};

namespace fake_win32 {

// What a pool's queue holds: one of the three.
struct work {
    std::shared_ptr<operation> completion;
    PTP_TIMER timer = nullptr;
    PTP_SIMPLE_CALLBACK simple = nullptr;
    void* context = nullptr; // of the simple one
};

} // namespace fake_win32

struct _TP_POOL {
    fake_win32::DWORD minimum = 0;
    fake_win32::DWORD maximum = 0; // 0: not set
    bool closed = false;
    bool stopping = false; // end of the test
    std::size_t bound = 0; // I/O objects and timers that are not closed
    std::size_t busy = 0;
    std::size_t thread_count = 0;
    std::vector<fake_win32::work> queue;
    std::list<_TP_CALLBACK_INSTANCE> running; // simple callbacks
    std::condition_variable wake;
    std::vector<std::thread> threads;
};

namespace fake_win32 {

// These need the world's mutex.
void enqueue(const std::shared_ptr<operation>& op); // of an I/O object
void enqueue(_TP_POOL& pool, const work& item);
void start_thread_where_one_is_missing(_TP_POOL& pool);
void start_clock();
// This thread runs one of these callbacks, which is not disassociated.
bool is_running_inside(const std::list<_TP_CALLBACK_INSTANCE>& callbacks);
// Of callbacks that count; a disassociated one does not.
std::size_t running_callbacks(const std::list<_TP_CALLBACK_INSTANCE>& callbacks, bool but_own);

void join_pool_threads(); // without the mutex

} // namespace fake_win32

#endif
