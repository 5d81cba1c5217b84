// SPDX-License-Identifier: MIT

/// \defgroup cpp_engine Engine and run
/// \ingroup cpp
///
/// engine: the threads on which tasks run, and ways to start one.
///
/// \{

#ifndef ASYNC_SOCKET_CPP_ENGINE_HPP
#define ASYNC_SOCKET_CPP_ENGINE_HPP

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <stop_token>
#include <system_error>
#include <utility>

#include "async_socket/async_delay.h"
#include "async_socket/counters.h"
#include "async_socket/cpp/error.hpp"
#include "async_socket/cpp/task.hpp"
#include "async_socket/execution_engine.h"
#include "async_socket/placement.h"

namespace async_socket {

class engine;

/// A reference to an engine that something else keeps alive; functions that need an engine take this. It may be copied
/// freely.
class engine_ref {
public:
    /// To an engine.
    engine_ref(const engine& owner) noexcept; // NOLINT(google-explicit-constructor)

    /// To an engine of the C API.
    explicit engine_ref(EXECUTION_ENGINE_HANDLE handle) noexcept : handle_(handle) {}

    /// For the C API.
    [[nodiscard]] EXECUTION_ENGINE_HANDLE handle() const noexcept { return handle_; }

    friend bool operator==(engine_ref, engine_ref) noexcept = default; ///< Whether both refer to the same engine.

private:
    EXECUTION_ENGINE_HANDLE handle_;
};

/// Move-only; holds one reference to an execution engine (execution_engine.h). Sockets, listeners and spawned tasks
/// hold their own, so it may be destroyed at any time, on any thread, including those of the engine.
/// Requirements: SRS_CPP_01_016 .. SRS_CPP_01_021
class engine {
public:
    /// Throws std::system_error (no_resources) when threads or memory cannot be allocated.
    /// Requirements: SRS_CPP_01_016
    engine() : engine(execution_engine_create(nullptr)) {}

    /// Like the default constructor, with these bounds on the number of threads.
    /// Throws std::system_error with std::errc::invalid_argument if the most is less than the least.
    /// Requirements: SRS_CPP_01_016
    explicit engine(const EXECUTION_ENGINE_PARAMETERS& parameters)
        : engine(execution_engine_create(&checked(parameters)))
    {
    }

    /// Takes over one reference. NULL: throws as above.
    /// Requirements: SRS_CPP_01_016
    explicit engine(EXECUTION_ENGINE_HANDLE handle) : handle_(handle)
    {
        if (handle == nullptr) {
            throw std::system_error(make_error_code(ASYNC_STATUS_NO_RESOURCES), "engine"); // SRS_CPP_01_016
        }
    }

    /// Leaves `other` without an engine.
    engine(engine&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
    /// Drops the reference that it held.
    engine& operator=(engine&& other) noexcept
    {
        engine taken(std::move(other));
        taken.swap(*this);
        return *this;
    }
    ~engine() { execution_engine_dec_ref(handle_); } // SRS_CPP_01_017

    /// Swaps the references of the two.
    void swap(engine& other) noexcept { std::swap(handle_, other.handle_); }

    /// NULL for a moved-from engine.
    [[nodiscard]] EXECUTION_ENGINE_HANDLE handle() const noexcept { return handle_; }

    /// Runs a task on a thread of the engine, blocks the calling thread until it has ended, and returns or throws what
    /// it returned or threw.
    ///
    /// \param main  the task
    /// \param stop  what the task inherits
    ///
    /// Throws std::system_error: no_resources when the task cannot be started; on a thread of the engine, which may be
    /// the one that is to run the task, std::errc::resource_deadlock_would_occur (there: co_await the task). Throws
    /// std::invalid_argument for a task that is empty or has begun. (Inside a callback of the C API, which this layer
    /// does not know of, a thread of the engine is not recognised.)
    /// Requirements: SRS_CPP_01_018, SRS_CPP_01_019, SRS_CPP_01_075, SRS_CPP_01_076
    template <typename T>
    T run(task<T> main, std::stop_token stop = {});

    /// How many threads run callbacks and tasks (placement.h).
    /// Requirements: SRS_CPP_01_110
    [[nodiscard]] std::uint32_t thread_count() const noexcept
    {
        return execution_engine_get_thread_count(handle_); // SRS_CPP_01_110
    }

    /// What the engine has done so far (counters.h).
    /// Requirements: SRS_CPP_01_021
    [[nodiscard]] EXECUTION_ENGINE_COUNTERS counters() const noexcept
    {
        EXECUTION_ENGINE_COUNTERS result{};
        execution_engine_get_counters(handle_, &result); // SRS_CPP_01_021
        return result;
    }

private:
    static const EXECUTION_ENGINE_PARAMETERS& checked(const EXECUTION_ENGINE_PARAMETERS& parameters)
    {
        if (parameters.max_thread_count != 0 && parameters.max_thread_count < parameters.min_thread_count) {
            throw std::system_error(std::make_error_code(std::errc::invalid_argument),
                                    "engine: max_thread_count is less than min_thread_count");
        }
        return parameters;
    }

    EXECUTION_ENGINE_HANDLE handle_;
};

inline engine_ref::engine_ref(const engine& owner) noexcept : handle_(owner.handle()) {}

namespace impl {

// Whether this is that thread of the engine, or one of it where any will do.
inline bool is_on_thread(EXECUTION_ENGINE_HANDLE engine, std::uint32_t thread) noexcept
{
    const std::uint32_t here = execution_engine_get_current_thread(engine);
    const bool is_any = thread == EXECUTION_ENGINE_ANY_THREAD || here == EXECUTION_ENGINE_ANY_THREAD;
    return is_any ? is_thread_of(engine) : here == thread;
}

// Called on a thread of an engine, once.
struct hop {
    EXECUTION_ENGINE_HANDLE engine;
    work* first;
    std::uint32_t thread = EXECUTION_ENGINE_ANY_THREAD;

    // On this thread, when the coroutine that runs here waits, if it is the right one. False when a system call fails.
    bool begin() noexcept
    {
        return (is_on_thread(engine, thread) && run_queue::schedule_on_engine(engine, *first)) || start();
    }
    // False when a system call fails.
    bool start() noexcept { return async_delay_start_on(engine, thread, 0, nullptr, &on_thread, this) == 0; }

    static void on_thread(void* context, const ASYNC_COMPLETION*)
    {
        const hop self = *static_cast<const hop*>(context);
        run_queue::run_on_engine(self.engine, *self.first);
    }
};

// A thread that belongs to no engine waits for a task to end.
class blocking_end final : public task_end, public std::enable_shared_from_this<blocking_end> {
public:
    blocking_end() noexcept : task_end(&on_end) {}

    void wait()
    {
        std::unique_lock lock(mutex_);
        ended_condition_.wait(lock, [this] { return ended_; });
    }

private:
    // A mutex that cannot be locked ends the program.
    static void on_end(task_end& base) noexcept // NOLINT(bugprone-exception-escape)
    {
        // This object lives until this function has left it, though the thread that waited may be gone by then.
        const auto self = static_cast<blocking_end&>(base).shared_from_this();
        const std::lock_guard lock(self->mutex_);
        self->ended_ = true;
        self->ended_condition_.notify_all();
    }

    std::mutex mutex_;
    std::condition_variable ended_condition_;
    bool ended_ = false;
};

inline engine_ref engine_of(const task_context* context) noexcept
{
    return engine_ref(context == nullptr ? nullptr : context->engine);
}

} // namespace impl

/// `co_await current_engine()`: the engine that the task runs on.
/// Requirements: SRS_CPP_01_020
inline auto current_engine() noexcept
{
    return impl::context_question<engine_ref, &impl::engine_of>(); // SRS_CPP_01_020
}

template <typename T>
T engine::run(task<T> main, std::stop_token stop)
{
    impl::require_not_begun(main, "engine::run");
    if (impl::is_thread_of(handle_)) {
        // SRS_CPP_01_075
        throw std::system_error(std::make_error_code(std::errc::resource_deadlock_would_occur), "engine::run");
    }
    const auto end = std::make_shared<impl::blocking_end>();
    const impl::task_context context{handle_, std::move(stop)};
    main.promise().prepare(&context, *end);
    impl::hop begin{handle_, &main.promise()};
    if (!begin.start()) {
        throw std::system_error(make_error_code(ASYNC_STATUS_NO_RESOURCES), "engine::run"); // SRS_CPP_01_019
    }
    end->wait();                    // SRS_CPP_01_018
    return main.promise().result(); // SRS_CPP_01_018
}

} // namespace async_socket

#endif

/// \}
