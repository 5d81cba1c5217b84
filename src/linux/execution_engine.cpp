// SPDX-License-Identifier: MIT

#include "linux/execution_engine.hpp"

#include <algorithm>
#include <cerrno>
#include <new>

#include "common/log.hpp"
#include "linux/epoll_backend.hpp"
#include "linux/io_uring_backend.hpp"
#include "linux/processors.hpp"
#include "linux/system_error.hpp"

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
EXECUTION_ENGINE_HANDLE make_engine(const wanted_engine& wanted) noexcept
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

worker& choose_worker(EXECUTION_ENGINE_HANDLE engine) noexcept
{
    // What a callback opens is likely to talk to the socket of that callback.
    if (worker* const here = worker::current(); here != nullptr && here->engine() == engine) {
        return *here;
    }
    // Relaxed: it only spreads the sockets.
    return engine->workers[engine->next_worker.fetch_add(1, std::memory_order_relaxed) % engine->worker_count];
}

worker& worker_for(ASYNC_SOCKET_HANDLE socket) noexcept
{
    worker* const before = socket->worker.load(std::memory_order_relaxed);
    return before != nullptr ? *before : choose_worker(socket->engine);
}

void dispose_of_engine(EXECUTION_ENGINE_HANDLE engine, const worker* self) noexcept
{
    for (std::uint32_t i = 0; i < engine->worker_count; ++i) {
        if (&engine->workers[i] != self) {
            engine->workers[i].join();
        }
    }
    delete[] engine->workers;
    delete engine;
}

} // namespace async_socket::detail

using namespace async_socket::detail;

EXECUTION_ENGINE_HANDLE execution_engine_create(const EXECUTION_ENGINE_PARAMETERS* parameters)
{
    // SRS_EXECUTION_ENGINE_01_001
    static constexpr EXECUTION_ENGINE_PARAMETERS defaults{DEFAULT_MIN_THREAD_COUNT, DEFAULT_MAX_THREAD_COUNT};
    const EXECUTION_ENGINE_PARAMETERS& wanted = parameters != nullptr ? *parameters : defaults;
    // SRS_EXECUTION_ENGINE_01_005
    if (wanted.max_thread_count != 0 && wanted.max_thread_count < wanted.min_thread_count) {
        log_refused(__func__, "max_thread_count", "is less than min_thread_count");
        return nullptr;
    }
    // SRS_EXECUTION_ENGINE_01_003, SRS_EXECUTION_ENGINE_01_004, SRS_EXECUTION_ENGINE_LINUX_01_001
    const std::uint32_t maximum = wanted.max_thread_count != 0 ? wanted.max_thread_count : UINT32_MAX;
    const std::uint32_t count = std::clamp(usable_processors(), wanted.min_thread_count, maximum);
    return make_engine({__func__, EXECUTION_ENGINE_LINUX_BACKEND_ANY, count, false});
}

EXECUTION_ENGINE_HANDLE execution_engine_linux_create(const EXECUTION_ENGINE_LINUX_PARAMETERS* parameters)
{
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
    return make_engine({__func__, parameters->backend, count, parameters->pin_workers});
}

void execution_engine_inc_ref(EXECUTION_ENGINE_HANDLE execution_engine)
{
    // SRS_EXECUTION_ENGINE_01_007
    if (execution_engine == nullptr) {
        log_refused(__func__, "execution_engine", "is NULL");
        return;
    }
    // SRS_EXECUTION_ENGINE_01_008. Relaxed: the caller's own reference keeps the engine alive.
    execution_engine->references.fetch_add(1, std::memory_order_relaxed);
}

void execution_engine_dec_ref(EXECUTION_ENGINE_HANDLE execution_engine)
{
    // SRS_EXECUTION_ENGINE_01_009
    if (execution_engine == nullptr) {
        log_refused(__func__, "execution_engine", "is NULL");
        return;
    }
    // SRS_EXECUTION_ENGINE_01_010. Acquire-release: the last one sees all that the others did with the engine.
    if (execution_engine->references.fetch_sub(1, std::memory_order_acq_rel) != 1) {
        return;
    }
    worker* const here = worker::current();
    const bool on_own_worker = here != nullptr && here->engine() == execution_engine;
    if (on_own_worker) {
        // A thread cannot wait for its own end: it does the rest when it has got there.
        here->dispose_of_engine_at_end();
    }
    for (std::uint32_t i = 0; i < execution_engine->worker_count; ++i) {
        execution_engine->workers[i].request_stop();
    }
    if (!on_own_worker) {
        dispose_of_engine(execution_engine, nullptr);
    }
}

EXECUTION_ENGINE_LINUX_BACKEND execution_engine_linux_get_backend(EXECUTION_ENGINE_HANDLE execution_engine)
{
    // SRS_EXECUTION_ENGINE_LINUX_01_005
    if (execution_engine == nullptr) {
        log_refused(__func__, "execution_engine", "is NULL");
        return EXECUTION_ENGINE_LINUX_BACKEND_ANY;
    }
    return execution_engine->backend;
}

uint32_t execution_engine_linux_get_worker_count(EXECUTION_ENGINE_HANDLE execution_engine)
{
    // SRS_EXECUTION_ENGINE_LINUX_01_006
    if (execution_engine == nullptr) {
        log_refused(__func__, "execution_engine", "is NULL");
        return 0;
    }
    return execution_engine->worker_count;
}

int execution_engine_linux_set_spin_limit(EXECUTION_ENGINE_HANDLE execution_engine, uint32_t microseconds)
{
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
