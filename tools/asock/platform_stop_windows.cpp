// SPDX-License-Identifier: MIT

#include "stop_signal.hpp"

#include <condition_variable>
#include <mutex>

#include <windows.h>

namespace asock {

struct stop_signal::platform {
    std::stop_source source;
    std::stop_source impatient_source;
};

namespace {

// The console handler has no context of its own, hence these. They are never destroyed before the process ends, so
// that a handler that comes late finds them.
std::mutex current_mutex;
std::condition_variable current_gone;
std::stop_source* current = nullptr;
std::stop_source* current_impatient = nullptr;

// Runs on a thread that the system makes for it.
BOOL WINAPI on_console_control(DWORD event)
{
    std::unique_lock lock(current_mutex);
    if (current == nullptr) {
        return FALSE;
    }
    std::stop_source source = *current;
    std::stop_source impatient_source = *current_impatient;
    lock.unlock();
    if (!source.request_stop()) {
        impatient_source.request_stop();
    }
    if (event != CTRL_C_EVENT && event != CTRL_BREAK_EVENT) {
        // The console closes, or the session ends: the process is killed as soon as this returns.
        lock.lock();
        current_gone.wait(lock, [] { return current == nullptr; });
    }
    return TRUE;
}

} // namespace

stop_signal::stop_signal() : platform_(std::make_unique<platform>())
{
    {
        const std::lock_guard lock(current_mutex);
        current = &platform_->source;
        current_impatient = &platform_->impatient_source;
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

std::stop_token stop_signal::token() const
{
    return platform_->source.get_token();
}

std::stop_token stop_signal::impatient_token() const
{
    return platform_->impatient_source.get_token();
}

} // namespace asock
