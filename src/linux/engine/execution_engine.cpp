// SPDX-License-Identifier: MIT

#include "linux/engine/execution_engine.hpp"
#include "common/diagnostics/forked_child.hpp"

#include <algorithm>
#include <cerrno>
#include <new>

#include "common/diagnostics/log.hpp"
#include "linux/backend/epoll_backend.hpp"
#include "linux/backend/io_uring_backend.hpp"
#include "linux/engine/placement.hpp"
#include "linux/system/processors.hpp"
#include "linux/system/system_error.hpp"

namespace async_socket::detail {

namespace {

struct wanted_engine {
    const char* function;
    EXECUTION_ENGINE_LINUX_BACKEND backend;
    std::uint32_t worker_count;
    bool pin_workers;
};

void stop_and_join(worker* workers, std::uint32_t count) noexcept
{
    for (std::uint32_t i = 0; i < count; ++i) {
        workers[i].request_stop();
    }
    for (std::uint32_t i = 0; i < count; ++i) {
        workers[i].join();
    }
}

// Starts all the workers with one back end; 0, or the error, and then none runs and none is left.
int start_workers(EXECUTION_ENGINE_HANDLE engine, const wanted_engine& wanted, EXECUTION_ENGINE_LINUX_BACKEND backend,
                  const char*& failed_call) noexcept
{
    const bool by_io_uring = backend == EXECUTION_ENGINE_LINUX_BACKEND_IO_URING;
    engine->workers = new (std::nothrow) worker[wanted.worker_count];
    if (engine->workers == nullptr) {
        failed_call = "operator new";
        return ENOMEM;
    }
    for (std::uint32_t i = 0; i < wanted.worker_count; ++i) {
        engine->workers[i].share_records_with(engine->workers[0]);
        const int processor = wanted.pin_workers ? usable_processor(i) : -1;
        const int error =
            engine->workers[i].start(engine, by_io_uring ? make_io_uring_backend : make_epoll_backend, processor);
        if (error != 0) {
            failed_call = by_io_uring ? "starting a worker on io_uring" : "starting a worker on epoll";
            stop_and_join(engine->workers, i);
            delete[] engine->workers;
            engine->workers = nullptr;
            return error;
        }
    }
    engine->backend = backend;
    engine->worker_count = wanted.worker_count;
    return 0;
}

// SRS_EXECUTION_ENGINE_01_006
EXECUTION_ENGINE_HANDLE start_engine(const wanted_engine& wanted) noexcept
{
    auto* const engine = new (std::nothrow) EXECUTION_ENGINE_TAG;
    if (engine == nullptr) {
        log_system_failure(wanted.function, "operator new", ENOMEM);
        return nullptr;
    }
    // SRS_EXECUTION_ENGINE_LINUX_01_002, SRS_EXECUTION_ENGINE_LINUX_01_003. Whatever the reason why io_uring is not to
    // be had (too old a kernel, a seccomp filter, a limit on locked memory), epoll may still be.
    const bool any = wanted.backend == EXECUTION_ENGINE_LINUX_BACKEND_ANY;
    const char* failed_call = "";
    int error =
        start_workers(engine, wanted, any ? EXECUTION_ENGINE_LINUX_BACKEND_IO_URING : wanted.backend, failed_call);
    if (error != 0 && any) {
        log(ASYNC_SOCKET_LOG_LEVEL_INFO, "%s: io_uring is not to be had (%d), using epoll", wanted.function, error);
        error = start_workers(engine, wanted, EXECUTION_ENGINE_LINUX_BACKEND_EPOLL, failed_call);
    }
    if (error != 0) {
        log_system_failure(wanted.function, failed_call, error);
        delete engine;
        return nullptr;
    }
    // SRS_EXECUTION_ENGINE_01_002
    return engine;
}

} // namespace

void dispose_of_engine(EXECUTION_ENGINE_HANDLE engine, const worker* self) noexcept
{
    for (std::uint32_t i = 0; i < engine->worker_count; ++i) {
        if (&engine->workers[i] != self) {
            engine->workers[i].join();
        }
    }
    await_resolver_threads();
    delete[] engine->workers;
    delete engine;
}

engine_core& core_of(EXECUTION_ENGINE_HANDLE engine) noexcept
{
    return *engine;
}

EXECUTION_ENGINE_HANDLE make_engine(const char* function, std::uint32_t minimum, std::uint32_t maximum) noexcept
{
    // SRS_EXECUTION_ENGINE_01_003, SRS_EXECUTION_ENGINE_01_004, SRS_EXECUTION_ENGINE_LINUX_01_001
    const std::uint32_t count = std::clamp(usable_processors(), minimum, maximum != 0 ? maximum : UINT32_MAX);
    return start_engine({function, EXECUTION_ENGINE_LINUX_BACKEND_ANY, count, false});
}

void end_engine(EXECUTION_ENGINE_HANDLE engine) noexcept
{
    worker* const here = own_worker(engine);
    if (here != nullptr) {
        // A thread cannot wait for its own end: it does the rest when it has got there.
        here->dispose_of_engine_at_end();
    }
    for (std::uint32_t i = 0; i < engine->worker_count; ++i) {
        engine->workers[i].request_stop();
    }
    if (here == nullptr) {
        dispose_of_engine(engine, nullptr);
    }
}

// SRS_PLACEMENT_01_001
std::uint32_t thread_count(EXECUTION_ENGINE_HANDLE engine) noexcept
{
    return engine->worker_count;
}

// SRS_PLACEMENT_01_002
std::uint32_t current_thread(EXECUTION_ENGINE_HANDLE engine) noexcept
{
    const worker* const here = own_worker(engine);
    return here != nullptr ? index_of(*here) : EXECUTION_ENGINE_ANY_THREAD;
}

void add_counters(EXECUTION_ENGINE_HANDLE engine, EXECUTION_ENGINE_COUNTERS& sum) noexcept
{
    for (std::uint32_t i = 0; i < engine->worker_count; ++i) {
        engine->workers[i].add_counters_to(sum);
    }
}

// Nothing to do: no number bounds the threads of an engine, and its workers work while they wait.
blocked_thread::blocked_thread() noexcept = default;
blocked_thread::~blocked_thread() = default;

} // namespace async_socket::detail

using namespace async_socket::detail;

EXECUTION_ENGINE_HANDLE execution_engine_linux_create(const EXECUTION_ENGINE_LINUX_PARAMETERS* parameters)
{
    if (refused_in_child(__func__)) {
        return nullptr;
    }
    // SRS_EXECUTION_ENGINE_LINUX_01_003
    if (parameters == nullptr) {
        log_refused(__func__, "parameters", "is NULL");
        return nullptr;
    }
    switch (parameters->backend) {
    case EXECUTION_ENGINE_LINUX_BACKEND_ANY:
    case EXECUTION_ENGINE_LINUX_BACKEND_IO_URING:
    case EXECUTION_ENGINE_LINUX_BACKEND_EPOLL:
        break;
    default:
        log_refused(__func__, "backend", "is no value of its enum");
        return nullptr;
    }
    // SRS_EXECUTION_ENGINE_LINUX_01_004
    const std::uint32_t count = parameters->worker_count != 0 ? parameters->worker_count : usable_processors();
    return start_engine({__func__, parameters->backend, count, parameters->pin_workers});
}

EXECUTION_ENGINE_LINUX_BACKEND execution_engine_linux_get_backend(EXECUTION_ENGINE_HANDLE execution_engine)
{
    if (refused_in_child(__func__)) {
        return EXECUTION_ENGINE_LINUX_BACKEND_ANY;
    }
    // SRS_EXECUTION_ENGINE_LINUX_01_005
    if (execution_engine == nullptr) {
        log_refused(__func__, "execution_engine", "is NULL");
        return EXECUTION_ENGINE_LINUX_BACKEND_ANY;
    }
    return execution_engine->backend;
}

uint32_t execution_engine_linux_get_worker_count(EXECUTION_ENGINE_HANDLE execution_engine)
{
    if (refused_in_child(__func__)) {
        return 0;
    }
    // SRS_EXECUTION_ENGINE_LINUX_01_006
    if (execution_engine == nullptr) {
        log_refused(__func__, "execution_engine", "is NULL");
        return 0;
    }
    return execution_engine->worker_count;
}

int execution_engine_linux_set_spin_limit(EXECUTION_ENGINE_HANDLE execution_engine, uint32_t microseconds)
{
    if (refused_in_child(__func__)) {
        return 1;
    }
    // SRS_EXECUTION_ENGINE_LINUX_01_015
    constexpr std::uint32_t most_microseconds = 1000;
    if (execution_engine == nullptr) {
        log_refused(__func__, "execution_engine", "is NULL");
        return 1;
    }
    if (microseconds > most_microseconds) {
        log_refused(__func__, "microseconds", "is more than 1000");
        return 1;
    }
    // SRS_EXECUTION_ENGINE_LINUX_01_014
    execution_engine->spin_limit_ns.store(std::uint64_t{1000} * microseconds, std::memory_order_relaxed);
    return 0;
}

// SRS_EXECUTION_ENGINE_LINUX_01_010
const char* execution_engine_linux_backend_to_string(EXECUTION_ENGINE_LINUX_BACKEND value)
{
    switch (value) {
    case EXECUTION_ENGINE_LINUX_BACKEND_ANY:
        return "EXECUTION_ENGINE_LINUX_BACKEND_ANY";
    case EXECUTION_ENGINE_LINUX_BACKEND_IO_URING:
        return "EXECUTION_ENGINE_LINUX_BACKEND_IO_URING";
    case EXECUTION_ENGINE_LINUX_BACKEND_EPOLL:
        return "EXECUTION_ENGINE_LINUX_BACKEND_EPOLL";
    }
    return "?";
}
