// SPDX-License-Identifier: MIT

/// \defgroup cpp_spawn Spawn
/// \ingroup cpp
///
/// spawn: begins a task that nobody waits for.
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
#include "async_socket/cpp/task.hpp"
#include "async_socket/execution_engine.h"

namespace async_socket {

namespace impl {

class spawned_task final : private task_end {
public:
    // Owns itself from a successful call on.
    static bool start(engine_ref engine, task<void> body, std::stop_token stop)
    {
        std::unique_ptr<spawned_task> self(new spawned_task(engine, std::move(body), std::move(stop)));
        work& first = self->body_.promise();
        if (!run_queue::schedule_on_engine(engine.handle(), first) && !self->hop_.start()) {
            return false;
        }
        static_cast<void>(self.release());
        return true;
    }

private:
    spawned_task(engine_ref engine, task<void> body, std::stop_token stop)
        : task_end(&on_end),
          body_(std::move(body)), context_{engine.handle(), std::move(stop)}, hop_{engine.handle(), &body_.promise()}
    {
        execution_engine_inc_ref(engine.handle());
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
            std::terminate(); // SRS_CPP_01_024
        }
        delete &self; // SRS_CPP_01_023
    }

    task<void> body_;
    task_context context_;
    hop hop_;
};

} // namespace impl

/// Begins a task and lets it go: it frees itself at its end, and holds a reference to the engine until then. It never
/// begins inside this call but on a thread of the engine: on the calling one, when the coroutine that runs on it waits,
/// if that is a thread of the engine. What the task throws ends the program, as for a std::thread.
///
/// \param engine  whose threads run the task
/// \param body    the task
/// \param stop    what the task inherits
///
/// Throws std::system_error (no_resources), and destroys the task, when it cannot be begun. May be called from any
/// thread.
/// Requirements: SRS_CPP_01_022 .. SRS_CPP_01_024
inline void spawn(engine_ref engine, task<void> body, std::stop_token stop = {})
{
    if (!impl::spawned_task::start(engine, std::move(body), std::move(stop))) { // SRS_CPP_01_022
        throw std::system_error(make_error_code(ASYNC_STATUS_NO_RESOURCES), "spawn");
    }
}

} // namespace async_socket

#endif

/// \}
