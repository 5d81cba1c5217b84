// SPDX-License-Identifier: MIT
//
// The thread pool functions of Win32.

#include <algorithm>

#include "call_scope.h"

namespace fake_win32 {

namespace {

bool is_open(call_scope& call, PTP_POOL pool)
{
    const auto& pools = call.all().pools;
    const auto found =
        std::find_if(pools.begin(), pools.end(), [pool](const auto& entry) { return entry.get() == pool; });
    if (found == pools.end() || (*found)->closed) {
        call.misused(misuse::pool_not_open, "the pool is closed or never was created");
        return false;
    }
    return true;
}

bool is_open(call_scope& call, PTP_IO io)
{
    const auto& ios = call.all().ios;
    const auto found = std::find_if(ios.begin(), ios.end(), [io](const auto& entry) { return entry.get() == io; });
    if (found == ios.end() || (*found)->closed) {
        call.misused(misuse::io_not_open, "the I/O object is closed or never was created");
        return false;
    }
    return true;
}

bool is_open(call_scope& call, PTP_TIMER timer)
{
    const auto& timers = call.all().timers;
    const auto found =
        std::find_if(timers.begin(), timers.end(), [timer](const auto& entry) { return entry.get() == timer; });
    if (found == timers.end() || (*found)->closed) {
        call.misused(misuse::timer_not_open, "the timer is closed or never was created");
        return false;
    }
    return true;
}

bool is_initialized(call_scope& call, PTP_CALLBACK_ENVIRON environment)
{
    if (call.all().environments.count(environment) == 0) {
        call.misused(misuse::environment_not_initialized, "the environment is not initialized");
        return false;
    }
    return true;
}

_TP_CALLBACK_INSTANCE* find_in(std::list<_TP_CALLBACK_INSTANCE>& callbacks, PTP_CALLBACK_INSTANCE instance)
{
    for (_TP_CALLBACK_INSTANCE& running : callbacks) {
        if (&running == instance && running.thread == std::this_thread::get_id()) {
            return &running;
        }
    }
    return nullptr;
}

_TP_CALLBACK_INSTANCE* find_running(world& all, PTP_CALLBACK_INSTANCE instance)
{
    for (const auto& io : all.ios) {
        if (_TP_CALLBACK_INSTANCE* const found = find_in(io->running, instance)) {
            return found;
        }
    }
    for (const auto& timer : all.timers) {
        if (_TP_CALLBACK_INSTANCE* const found = find_in(timer->running, instance)) {
            return found;
        }
    }
    return find_in(all.default_pool.running, instance);
}

} // namespace

PTP_POOL CreateThreadpool(PVOID reserved)
{
    call_scope call(api::CreateThreadpool, reserved);
    if (call.has_fault()) {
        return call.fail<PTP_POOL>(call.fault(), nullptr);
    }
    return call.succeed(call.all().pools.emplace_back(std::make_unique<_TP_POOL>()).get());
}

BOOL SetThreadpoolThreadMinimum(PTP_POOL pool, DWORD minimum)
{
    call_scope call(api::SetThreadpoolThreadMinimum, pool, minimum);
    if (call.has_fault()) {
        return call.fail(call.fault(), FALSE);
    }
    if (!is_open(call, pool)) {
        return call.fail(ERROR_INVALID_HANDLE, FALSE);
    }
    pool->minimum = minimum;
    return call.succeed(TRUE);
}

void SetThreadpoolThreadMaximum(PTP_POOL pool, DWORD maximum)
{
    call_scope call(api::SetThreadpoolThreadMaximum, pool, maximum);
    if (is_open(call, pool)) {
        pool->maximum = maximum;
        // There may be a thread too few now.
        start_thread_where_one_is_missing(*pool);
        pool->wake.notify_all();
    }
}

void CloseThreadpool(PTP_POOL pool)
{
    call_scope call(api::CloseThreadpool, pool);
    if (is_open(call, pool)) {
        // What is bound to the pool keeps its threads until it is closed itself.
        pool->closed = true;
        pool->wake.notify_all();
    }
}

void InitializeThreadpoolEnvironment(PTP_CALLBACK_ENVIRON environment)
{
    call_scope call(api::InitializeThreadpoolEnvironment, environment);
    if (call.all().environments.count(environment) != 0) {
        call.misused(misuse::environment_not_destroyed, "the environment was not destroyed before");
    }
    *environment = {};
    environment->Version = 3;
    call.all().environments[environment] = nullptr;
}

void SetThreadpoolCallbackPool(PTP_CALLBACK_ENVIRON environment, PTP_POOL pool)
{
    call_scope call(api::SetThreadpoolCallbackPool, environment, pool);
    if (is_initialized(call, environment) && is_open(call, pool)) {
        environment->Pool = pool;
        call.all().environments[environment] = pool;
    }
}

void DestroyThreadpoolEnvironment(PTP_CALLBACK_ENVIRON environment)
{
    call_scope call(api::DestroyThreadpoolEnvironment, environment);
    if (is_initialized(call, environment)) {
        call.all().environments.erase(environment);
        environment->Pool = nullptr;
    }
}

PTP_IO CreateThreadpoolIo(HANDLE file, PTP_WIN32_IO_CALLBACK callback, PVOID context, PTP_CALLBACK_ENVIRON environment)
{
    call_scope call(api::CreateThreadpoolIo, file, reinterpret_cast<void*>(callback), context, environment);
    if (call.has_fault()) {
        return call.fail<PTP_IO>(call.fault(), nullptr);
    }
    const auto socket = call.find_socket(reinterpret_cast<SOCKET>(file));
    if (socket == nullptr) {
        return call.fail<PTP_IO>(ERROR_INVALID_HANDLE, nullptr);
    }
    if (!is_initialized(call, environment) || !is_open(call, environment->Pool)) {
        return call.fail<PTP_IO>(ERROR_INVALID_PARAMETER, nullptr);
    }
    if (socket->io != nullptr) {
        call.misused(misuse::io_created_twice, "the socket has had an I/O object already");
        return call.fail<PTP_IO>(ERROR_INVALID_PARAMETER, nullptr);
    }
    if (!socket->overlapped) {
        return call.fail<PTP_IO>(ERROR_INVALID_PARAMETER, nullptr);
    }
    _TP_IO& io = *call.all().ios.emplace_back(std::make_unique<_TP_IO>());
    io.socket = socket->handle;
    io.pool = environment->Pool;
    io.callback = callback;
    io.context = context;
    io.pool->bound++;
    socket->io = &io;
    return call.succeed(&io);
}

void StartThreadpoolIo(PTP_IO io)
{
    call_scope call(api::StartThreadpoolIo, io);
    if (is_open(call, io)) {
        io->started[std::this_thread::get_id()]++;
    }
}

void CancelThreadpoolIo(PTP_IO io)
{
    call_scope call(api::CancelThreadpoolIo, io);
    if (!is_open(call, io)) {
        return;
    }
    unsigned& started = io->started[std::this_thread::get_id()];
    if (started == 0) {
        call.misused(misuse::io_cancelled_without_start, "nothing that this thread has started is left to cancel");
        return;
    }
    started--;
}

void WaitForThreadpoolIoCallbacks(PTP_IO io, BOOL cancel_pending_callbacks)
{
    call_scope call(api::WaitForThreadpoolIoCallbacks, io, cancel_pending_callbacks);
    if (!is_open(call, io)) {
        return;
    }
    if (is_running_inside(io->running)) {
        call.misused(misuse::io_waited_inside_callback, "would wait for the callback that calls it, for ever");
    }
    for (auto& [thread, started] : io->started) {
        if (started != 0) {
            call.misused(misuse::io_never_completed,
                         "would wait for ever for a StartThreadpoolIo that was neither used nor cancelled");
            started = 0;
        }
    }
    call.all().changed.wait(call.lock(),
                            [io] { return io->outstanding == 0 && running_callbacks(io->running, true) == 0; });
}

void CloseThreadpoolIo(PTP_IO io)
{
    call_scope call(api::CloseThreadpoolIo, io);
    if (!is_open(call, io)) {
        return;
    }
    // One that closes it itself is let finish.
    if (io->outstanding != 0 || running_callbacks(io->running, true) != 0) {
        call.misused(misuse::io_closed_while_outstanding, "operations or callbacks are outstanding");
    }
    io->closed = true;
    io->pool->bound--;
    io->pool->wake.notify_all();
}

PTP_TIMER CreateThreadpoolTimer(PTP_TIMER_CALLBACK callback, PVOID context, PTP_CALLBACK_ENVIRON environment)
{
    call_scope call(api::CreateThreadpoolTimer, reinterpret_cast<void*>(callback), context, environment);
    if (call.has_fault()) {
        return call.fail<PTP_TIMER>(call.fault(), nullptr);
    }
    const bool has_pool = is_initialized(call, environment) && environment->Pool != nullptr;
    if (!is_initialized(call, environment) || (has_pool && !is_open(call, environment->Pool))) {
        return call.fail<PTP_TIMER>(ERROR_INVALID_PARAMETER, nullptr);
    }
    _TP_TIMER& timer = *call.all().timers.emplace_back(std::make_unique<_TP_TIMER>());
    timer.pool = has_pool ? environment->Pool : &call.all().default_pool;
    timer.callback = callback;
    timer.context = context;
    timer.pool->bound++;
    return call.succeed(&timer);
}

void SetThreadpoolTimer(PTP_TIMER timer, PFILETIME due_time, DWORD period, DWORD window_length)
{
    call_scope call(api::SetThreadpoolTimer, timer, due_time, period, window_length);
    if (!is_open(call, timer)) {
        return;
    }
    timer->set = due_time != nullptr;
    if (due_time != nullptr) {
        // Relative times, which are negative, in units of 100 ns, are all that is supported.
        const auto value = static_cast<std::int64_t>((std::uint64_t{due_time->dwHighDateTime} << 32) |
                                                     std::uint64_t{due_time->dwLowDateTime});
        timer->due = std::chrono::steady_clock::now() + std::chrono::nanoseconds(-value * 100);
        start_clock();
    }
}

void WaitForThreadpoolTimerCallbacks(PTP_TIMER timer, BOOL cancel_pending_callbacks)
{
    call_scope call(api::WaitForThreadpoolTimerCallbacks, timer, cancel_pending_callbacks);
    if (!is_open(call, timer)) {
        return;
    }
    if (is_running_inside(timer->running)) {
        call.misused(misuse::timer_waited_inside_callback, "would wait for the callback that calls it, for ever");
    }
    if (cancel_pending_callbacks != 0) {
        auto& queue = timer->pool->queue;
        queue.erase(
            std::remove_if(queue.begin(), queue.end(), [timer](const work& item) { return item.timer == timer; }),
            queue.end());
        timer->outstanding = 0;
    }
    call.all().changed.wait(
        call.lock(), [timer] { return timer->outstanding == 0 && running_callbacks(timer->running, true) == 0; });
}

void CloseThreadpoolTimer(PTP_TIMER timer)
{
    call_scope call(api::CloseThreadpoolTimer, timer);
    if (is_open(call, timer)) {
        timer->closed = true;
        timer->set = false;
        timer->pool->bound--;
        timer->pool->wake.notify_all();
    }
}

void SetThreadpoolCallbackLibrary(PTP_CALLBACK_ENVIRON environment, PVOID module)
{
    call_scope call(api::SetThreadpoolCallbackLibrary, environment, module);
    if (is_initialized(call, environment)) {
        environment->RaceDll = module;
    }
}

void SetThreadpoolCallbackRunsLong(PTP_CALLBACK_ENVIRON environment)
{
    call_scope call(api::SetThreadpoolCallbackRunsLong, environment);
    if (is_initialized(call, environment)) {
        environment->LongFunction = TRUE;
    }
}

BOOL TrySubmitThreadpoolCallback(PTP_SIMPLE_CALLBACK callback, PVOID context, PTP_CALLBACK_ENVIRON environment)
{
    call_scope call(api::TrySubmitThreadpoolCallback, reinterpret_cast<void*>(callback), context, environment);
    if (call.has_fault()) {
        return call.fail(call.fault(), FALSE);
    }
    if (environment != nullptr && !is_initialized(call, environment)) {
        return call.fail(ERROR_INVALID_PARAMETER, FALSE);
    }
    work item;
    item.simple = callback;
    item.context = context;
    const bool has_pool = environment != nullptr && environment->Pool != nullptr;
    enqueue(has_pool ? *environment->Pool : call.all().default_pool, item);
    return call.succeed(TRUE);
}

void DisassociateCurrentThreadFromCallback(PTP_CALLBACK_INSTANCE instance)
{
    call_scope call(api::DisassociateCurrentThreadFromCallback, instance);
    _TP_CALLBACK_INSTANCE* const running = find_running(call.all(), instance);
    if (running == nullptr) {
        call.misused(misuse::instance_not_running, "not a callback that this thread is running");
        return;
    }
    if (running->disassociated) {
        call.misused(misuse::instance_not_running, "the callback is disassociated already");
    }
    running->disassociated = true;
}

BOOL CallbackMayRunLong(PTP_CALLBACK_INSTANCE instance)
{
    call_scope call(api::CallbackMayRunLong, instance);
    if (find_running(call.all(), instance) == nullptr) {
        call.misused(misuse::instance_not_running, "not a callback that this thread is running");
    }
    return call.succeed(TRUE);
}

} // namespace fake_win32
