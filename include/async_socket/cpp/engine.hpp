// SPDX-License-Identifier: MIT

/// \defgroup cpp_engine Engine and run
/// \ingroup cpp
///
/// engine: the threads on which tasks go on, and the ways to begin one.
///
/// \{

#ifndef ASYNC_SOCKET_CPP_ENGINE_HPP
#define ASYNC_SOCKET_CPP_ENGINE_HPP

#include <condition_variable>
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

namespace async_socket {

class engine;

/// An engine that somebody else keeps alive: what functions that need an engine take. Copied at will.
class engine_ref {
public:
    /// To an engine.
    engine_ref(const engine& owner) noexcept; // NOLINT(google-explicit-constructor)

    /// To an engine of the C API.
    explicit engine_ref(EXECUTION_ENGINE_HANDLE handle) noexcept : handle_(handle) {}

    /// For the C API.
    [[nodiscard]] EXECUTION_ENGINE_HANDLE handle() const noexcept { return handle_; }

    friend bool operator==(engine_ref, engine_ref) noexcept = default; ///< Whether both are to the same engine.

private:
    EXECUTION_ENGINE_HANDLE handle_;
};

/// Move-only; holds one reference to an execution engine (execution_engine.h). Sockets, listeners and spawned tasks
/// hold their own; so it may be destroyed at any time, on any thread, those of the engine included.
/// Requirements: SRS_CPP_01_016 .. SRS_CPP_01_021
class engine {
public:
    /// Throws std::system_error (no_resources) when the system refuses threads or memory.
    /// Requirements: SRS_CPP_01_016
    engine() : engine(execution_engine_create(nullptr)) {}

    /// As the default constructor, with these bounds on the number of threads.
    explicit engine(const EXECUTION_ENGINE_PARAMETERS& parameters) : engine(execution_engine_create(&parameters)) {}

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
    /// Drops the reference that it has held.
    engine& operator=(engine&& other) noexcept
    {
        engine(std::move(other)).swap(*this);
        return *this;
    }
    ~engine() { execution_engine_dec_ref(handle_); } // SRS_CPP_01_017

    /// Exchanges the references of both.
    void swap(engine& other) noexcept { std::swap(handle_, other.handle_); }

    /// NULL for one that was moved from.
    [[nodiscard]] EXECUTION_ENGINE_HANDLE handle() const noexcept { return handle_; }

    /// Runs a task on a thread of the engine, blocks the calling thread until it has ended, and returns or throws what
    /// it returned or threw. Not to be called on a thread of the engine.
    ///
    /// \param main  the task
    /// \param stop  what the task inherits
    ///
    /// Throws std::system_error (no_resources) when the task cannot be begun.
    /// Requirements: SRS_CPP_01_018, SRS_CPP_01_019
    template <typename T>
    T run(task<T> main, std::stop_token stop = {});

    /// What the engine has done so far (counters.h).
    /// Requirements: SRS_CPP_01_021
    [[nodiscard]] EXECUTION_ENGINE_COUNTERS counters() const noexcept
    {
        EXECUTION_ENGINE_COUNTERS result{};
        execution_engine_get_counters(handle_, &result); // SRS_CPP_01_021
        return result;
    }

private:
    EXECUTION_ENGINE_HANDLE handle_;
};

inline engine_ref::engine_ref(const engine& owner) noexcept : handle_(owner.handle()) {}

namespace impl {

// Called on a thread of an engine, once.
struct hop {
    EXECUTION_ENGINE_HANDLE engine;
    work* first;

    // False when the system refuses.
    bool start() noexcept { return async_delay_start(engine, 0, nullptr, &on_thread, this) == 0; }

    static void on_thread(void* context, const ASYNC_COMPLETION*)
    {
        const hop self = *static_cast<const hop*>(context);
        run_queue::run_on_engine(self.engine, *self.first);
    }
};

// A thread that is no engine's waits for a task's end.
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
        // Lives until this function has left it, though the thread that waited may be gone by then.
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
