// SPDX-License-Identifier: MIT

/// \defgroup cpp_spawn Spawn
/// \ingroup cpp
///
/// spawn: starts a task that nobody waits for.
///
/// \{

#ifndef ASYNC_SOCKET_CPP_SPAWN_HPP
#define ASYNC_SOCKET_CPP_SPAWN_HPP

#include <exception>
#include <memory>
#include <stop_token>
#include <system_error>
#include <utility>

#include "async_socket/cpp/engine.hpp"
#include "async_socket/cpp/engine_thread.hpp"
#include "async_socket/cpp/task.hpp"
#include "async_socket/execution_engine.h"

namespace async_socket {

namespace impl {

class spawned_task final : private task_end {
public:
    // Owns itself after a successful call.
    static bool start(engine_thread where, task<void> body, std::stop_token stop)
    {
        std::unique_ptr<spawned_task> self(new spawned_task(where, std::move(body), std::move(stop)));
        if (!self->hop_.begin()) {
            return false;
        }
        static_cast<void>(self.release());
        return true;
    }

private:
    spawned_task(engine_thread where, task<void> body, std::stop_token stop)
        : task_end(&on_end),
          body_(std::move(body)), context_{where.engine().handle(), std::move(stop)}, hop_{where.engine().handle(),
                                                                                           &body_.promise(),
                                                                                           where.number()}
    {
        execution_engine_inc_ref(context_.engine);
        body_.promise().prepare(&context_, *this);
    }
    ~spawned_task()
    {
        body_ = {};
        execution_engine_dec_ref(context_.engine);
    }
    friend std::default_delete<spawned_task>;

    static void on_end(task_end& end) noexcept
    {
        auto& self = static_cast<spawned_task&>(end);
        if (self.body_.promise().exception() != nullptr) {
            end_program_with(self.body_.promise().exception()); // SRS_CPP_01_024
        }
        delete &self; // SRS_CPP_01_023
    }

    task<void> body_;
    task_context context_;
    hop hop_;
};

} // namespace impl

/// Starts a task and detaches it: the task frees itself when it ends, and holds a reference to the engine until then.
/// It never begins inside this call, but on a thread of the engine: if the calling thread is one, on that thread, when
/// the coroutine that runs there waits. What the task throws ends the program, as with a std::thread: std::terminate is
/// called with the exception, and the default handlers of GCC and Clang print its type and what().
///
/// \param engine  the engine whose threads run the task
/// \param body    the task
/// \param stop    what the task inherits
///
/// Throws std::system_error (no_resources), and destroys the task, when it cannot be started; std::invalid_argument for
/// a task that is empty or has begun. May be called from any thread.
/// Requirements: SRS_CPP_01_022 .. SRS_CPP_01_024, SRS_CPP_01_076
inline void spawn(engine_ref engine, task<void> body, std::stop_token stop = {})
{
    impl::require_not_begun(body, "spawn");
    if (!impl::spawned_task::start(engine_thread(engine), std::move(body), std::move(stop))) { // SRS_CPP_01_022
        throw std::system_error(make_error_code(ASYNC_STATUS_NO_RESOURCES), "spawn");
    }
}

/// The same for a function object that returns a task, such as a lambda with captures: `spawn(engine, [name]() ->
/// task<> { ... })`, with nothing behind the lambda's body. It is kept until the task has ended (task.hpp says why that
/// matters).
/// Requirements: SRS_CPP_01_022, SRS_CPP_01_077
template <task_function Body>
void spawn(engine_ref engine, Body body, std::stop_token stop = {})
{
    spawn(engine, impl::call_and_keep(std::move(body)), std::move(stop));
}

/// The same, for a task that is to begin on one thread of the engine: where the operations of a socket resume, for one
/// (`spawn(peer.thread(), serve(std::move(peer)))`). Throws no_resources also where there is no such thread.
/// Requirements: SRS_CPP_01_113
inline void spawn(engine_thread where, task<void> body, std::stop_token stop = {})
{
    impl::require_not_begun(body, "spawn");
    if (!impl::spawned_task::start(where, std::move(body), std::move(stop))) { // SRS_CPP_01_113
        throw std::system_error(make_error_code(ASYNC_STATUS_NO_RESOURCES), "spawn");
    }
}

/// The same for a function object.
/// Requirements: SRS_CPP_01_113, SRS_CPP_01_077
template <task_function Body>
void spawn(engine_thread where, Body body, std::stop_token stop = {})
{
    spawn(where, impl::call_and_keep(std::move(body)), std::move(stop));
}

} // namespace async_socket

#endif

/// \}
