// SPDX-License-Identifier: MIT

#include "platform/stop_signal.hpp"

#include <condition_variable>
#include <mutex>

#include <windows.h>

namespace asock {

// Nothing: the console handler could not be told of it.
struct stop_signal::platform {};

namespace {

// The console handler has no context of its own, hence these. They are never destroyed before the process ends, so
// that a handler that comes late finds them.
std::mutex current_mutex;
std::condition_variable current_gone;
stop_requests* current = nullptr;

// Runs on a thread that the system makes for it.
BOOL WINAPI on_console_control(DWORD event)
{
    std::unique_lock lock(current_mutex);
    if (current == nullptr) {
        return FALSE;
    }
    stop_requests requests = *current;
    lock.unlock();
    requests.request();
    if (event != CTRL_C_EVENT && event != CTRL_BREAK_EVENT) {
        // The console closes, or the session ends: the process is killed as soon as this returns.
        lock.lock();
        current_gone.wait(lock, [] { return current == nullptr; });
    }
    return TRUE;
}

} // namespace

stop_signal::stop_signal()
{
    {
        const std::lock_guard lock(current_mutex);
        current = &requests_;
    }
    // A process started without a console group inherits "ignore Ctrl-C"; undo that.
    SetConsoleCtrlHandler(nullptr, FALSE);
    SetConsoleCtrlHandler(on_console_control, TRUE);
}

stop_signal::~stop_signal()
{
    SetConsoleCtrlHandler(on_console_control, FALSE);
    const std::lock_guard lock(current_mutex);
    current = nullptr;
    current_gone.notify_all();
}

} // namespace asock
