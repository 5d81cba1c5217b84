// SPDX-License-Identifier: MIT

/// \addtogroup cpp_placement
/// \{

#ifndef ASYNC_SOCKET_CPP_RESUME_ON_HPP
#define ASYNC_SOCKET_CPP_RESUME_ON_HPP

#include <cstdint>
#include <stop_token>
#include <system_error>
#include <utility>

#include "async_socket/cpp/engine_thread.hpp"
#include "async_socket/cpp/operation.hpp"
#include "async_socket/cpp/sleep.hpp"
#include "async_socket/cpp/socket.hpp"

namespace async_socket {

namespace impl {

class [[nodiscard]] resume_operation final : public operation<resume_operation, delay_target> {
public:
    resume_operation(engine_thread there, std::stop_token&& stop) noexcept
        : operation(there.engine().handle(), there.engine().handle(), operation_options(std::move(stop))),
          thread_(there.number())
    {
    }
    ~resume_operation() { abandon(); }

    std::error_code await_resume() const noexcept { return error_; }

private:
    friend operation<resume_operation, delay_target>;

    bool begin(const task_context*) noexcept
    {
        if (handle_ == nullptr) {
            error_ = make_error_code(ASYNC_STATUS_CLOSED);
            return false;
        }
        // SRS_CPP_01_112
        if (!is_on_thread(handle_, thread_)) {
            return true;
        }
        // Where threads are not told apart, every number is here.
        if (thread_ != EXECUTION_ENGINE_ANY_THREAD && thread_ >= execution_engine_get_thread_count(handle_)) {
            error_ = make_error_code(ASYNC_STATUS_NO_RESOURCES);
        }
        return false;
    }

    bool start(ASYNC_OPERATION_ID* id) noexcept
    {
        if (async_delay_start_on(handle_, thread_, 0, id, &on_complete, this) != 0) {
            error_ = make_error_code(ASYNC_STATUS_NO_RESOURCES);
            return false;
        }
        return true;
    }

    static bool advance(const ASYNC_COMPLETION&) noexcept { return false; }

    const std::uint32_t thread_;
};

} // namespace impl

/// `co_await resume_on(thread)`: goes on on that thread of its engine, which the caller keeps alive; at once where the
/// coroutine is there already. Returns std::error_code: none; cancelled when a stop was requested, through `stop` or
/// the inherited token; no_resources when memory cannot be allocated or there is no such thread; closed for the thread
/// of an empty socket. With an error it may be on any thread.
///
/// An operation of a socket resumes on the thread of the socket by itself; this is for what comes before the first, or
/// touches what belongs to another thread.
/// Requirements: SRS_CPP_01_112
inline auto resume_on(engine_thread thread, std::stop_token stop = {}) noexcept
{
    return impl::resume_operation(thread, std::move(stop));
}

/// The same for the thread on which the operations of the socket resume. One that was not opened yet and is not placed
/// has none: any thread of its engine will do.
inline auto resume_on(const socket& there, std::stop_token stop = {}) noexcept
{
    return impl::resume_operation(there.thread(), std::move(stop));
}

} // namespace async_socket

#endif

/// \}
