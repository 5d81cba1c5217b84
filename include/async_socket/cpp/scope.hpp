// SPDX-License-Identifier: MIT

/// \defgroup cpp_scope Scope
/// \ingroup cpp
///
/// scope: tasks that are started one by one and waited for together.
///
///     scope clients(server_engine);
///     while (...) { clients.spawn(serve(std::move(peer))); }
///     co_await clients.join();
///
/// \{

#ifndef ASYNC_SOCKET_CPP_SCOPE_HPP
#define ASYNC_SOCKET_CPP_SCOPE_HPP

#include <atomic>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <memory>
#include <stop_token>
#include <system_error>
#include <utility>

#include "async_socket/cpp/engine.hpp"
#include "async_socket/cpp/engine_thread.hpp"
#include "async_socket/cpp/promise.hpp"
#include "async_socket/cpp/stop_link.hpp"
#include "async_socket/cpp/stop_subscription.hpp"
#include "async_socket/cpp/task.hpp"

namespace async_socket {

/// Not movable: its tasks refer to it. The tasks inherit its engine; each has a stop token that follows the scope's.
///
/// spawn and request_stop may be called from any thread until join has been awaited, and by tasks of the scope at any
/// time; everything else is for the owner of the scope.
///
/// In a coroutine, prefer with_scope (with_scope.hpp), which joins in any case. Destroying a scope requests a stop and
/// waits for its tasks. A thread that is running coroutines cannot wait this way, because the tasks may need it: there
/// a scope must have been joined, and if tasks are still running the program is ended (std::terminate), as with a
/// std::thread, with the reason on stderr. An exception of a task that no join has thrown ends the program as well
/// (unless the scope is destroyed by another exception: then it is told on stderr). Requirements: SRS_CPP_01_060 ..
/// SRS_CPP_01_063, SRS_CPP_01_078
class scope {
public:
    /// Without tasks; tasks spawned later run on this engine.
    explicit scope(engine_ref engine) : context_{engine.handle(), source_.get_token()} {}
    scope(const scope&) = delete;
    scope& operator=(const scope&) = delete;
    ~scope()
    {
        // The scope's own count, if it is not joined.
        if (!joined_ && left_.load(std::memory_order_acquire) != 1) {
            request_stop(); // SRS_CPP_01_063
            wait_for_tasks();
        }
        if (exception_ != nullptr) {
            end_with_exception();
        }
    }

    /// Starts a task as async_socket::spawn does. If it throws, a stop is requested of all others, and join throws what
    /// the first one threw. Throws std::system_error (no_resources), and destroys the task, when it cannot be started;
    /// std::invalid_argument for a task that is empty or has begun.
    /// Requirements: SRS_CPP_01_060, SRS_CPP_01_061, SRS_CPP_01_076, SRS_CPP_01_077
    void spawn(task<void> body) { spawn_on(EXECUTION_ENGINE_ANY_THREAD, std::move(body)); }
    /// The same for a function object that returns a task, such as a lambda with captures, which is kept until the task
    /// has ended, as async_socket::spawn does.
    template <task_function Body>
    void spawn(Body body)
    {
        spawn(impl::call_and_keep(std::move(body)));
    }

    /// The same, for a task that is to begin on one thread of the scope's engine, as async_socket::spawn does.
    /// Requirements: SRS_CPP_01_113
    void spawn(engine_thread where, task<void> body) { spawn_on(where.number(), std::move(body)); } // SRS_CPP_01_113
    /// The same for a function object.
    template <task_function Body>
    void spawn(engine_thread where, Body body)
    {
        spawn(where, impl::call_and_keep(std::move(body)));
    }

    /// Asks all tasks to end, including those spawned later.
    /// Requirements: SRS_CPP_01_062
    void request_stop() noexcept { impl::request_stop_of(source_); } // SRS_CPP_01_062

    /// Whether the tasks were asked to end; what they inherit follows it.
    [[nodiscard]] std::stop_token stop_token() const noexcept { return context_.stop; }

    /// `co_await clients.join()`, once: waits until every task has ended, including those that these have started, and
    /// resumes on the thread on which the last one ended. While it waits, a stop that is requested of the awaiting task
    /// is passed on to the scope's.
    /// Requirements: SRS_CPP_01_060 .. SRS_CPP_01_062
    [[nodiscard]] auto join() noexcept { return join_awaiter(*this); }

private:
    class member final : private impl::task_end {
    public:
        static void start(scope& owner, std::uint32_t thread, task<void> body)
        {
            std::unique_ptr<member> self(new member(owner, thread, std::move(body)));
            owner.left_.fetch_add(1, std::memory_order_relaxed);
            if (!self->hop_.begin()) {
                owner.left_.fetch_sub(1, std::memory_order_relaxed);
                throw std::system_error(make_error_code(ASYNC_STATUS_NO_RESOURCES), "scope::spawn");
            }
            static_cast<void>(self.release()); // it frees itself when it ends
        }

    private:
        member(scope& owner, std::uint32_t thread, task<void> body)
            : task_end(&on_end), owner_(owner),
              body_(std::move(body)), hop_{owner.context_.engine, &body_.promise(), thread}
        {
            link_.connect(&owner.context_);
            body_.promise().prepare(&link_.context(), *this);
        }
        ~member() = default;
        friend std::default_delete<member>;

        static void on_end(impl::task_end& end) noexcept
        {
            auto& self = static_cast<member&>(end);
            scope& owner = self.owner_;
            if (self.body_.promise().exception() != nullptr) {
                owner.keep(self.body_.promise().exception());
            }
            delete &self;
            owner.leave();
        }

        scope& owner_;
        impl::stop_link link_;
        task<void> body_;
        impl::hop hop_;
    };

    class join_awaiter {
    public:
        explicit join_awaiter(scope& joined) noexcept : scope_(joined) {}
        join_awaiter(const join_awaiter&) = delete;
        join_awaiter& operator=(const join_awaiter&) = delete;
        ~join_awaiter()
        {
            if (waiting_) {
                // The coroutine is being destroyed: the scope's destructor, or another join, waits instead.
                scope_.left_.fetch_add(1, std::memory_order_relaxed);
                scope_.joined_ = false;
            }
        }

        static bool await_ready() noexcept { return false; }

        template <typename Promise>
        bool await_suspend(std::coroutine_handle<Promise> coroutine) noexcept
        {
            scope_.continuation_ = &waiter_.set(coroutine);
            if (waiter_.context() != nullptr && waiter_.context()->stop.stop_possible()) {
                outer_stop_.emplace(waiter_.context()->stop, pass_on{&scope_.source_}); // SRS_CPP_01_062
            }
            waiting_ = scope_.joined_ = true;
            return scope_.left_.fetch_sub(1, std::memory_order_acq_rel) != 1; // SRS_CPP_01_060
        }

        void await_resume()
        {
            waiting_ = false;
            if (scope_.exception_ != nullptr) {
                std::rethrow_exception(std::exchange(scope_.exception_, nullptr)); // SRS_CPP_01_061
            }
        }

    private:
        struct pass_on {
            std::stop_source* to;
            void operator()() const noexcept { impl::request_stop_of(*to); }
        };

        scope& scope_;
        impl::waiter waiter_;
        bool waiting_ = false;
        impl::stop_subscription<pass_on> outer_stop_;
    };

    void spawn_on(std::uint32_t thread, task<void> body)
    {
        impl::require_not_begun(body, "scope::spawn");
        member::start(*this, thread, std::move(body));
    }

    void keep(std::exception_ptr exception) noexcept
    {
        if (!has_exception_.exchange(true)) {
            exception_ = std::move(exception);
        }
        request_stop(); // SRS_CPP_01_061
    }

    void wait_for_tasks() noexcept
    {
        if (impl::run_queue::is_running()) {
            // SRS_CPP_01_063
            if (exception_ == nullptr) {
                std::fprintf(stderr,
                             "async_socket: a scope was destroyed on a thread that runs coroutines%s while its tasks "
                             "were still running. Await join first, or use with_scope.\n",
                             std::uncaught_exceptions() != 0 ? ", by an exception on its way out," : "");
                std::terminate();
            }
            impl::end_program_with(exception_);
        }
        const auto end = std::make_shared<impl::blocking_end>();
        blocking_ = end.get();
        if (left_.fetch_sub(1, std::memory_order_acq_rel) != 1) {
            end->wait();
        }
    }

    // Nobody has joined, who would have been thrown it. SRS_CPP_01_078
    void end_with_exception() const noexcept
    {
        if (std::uncaught_exceptions() == 0) {
            impl::end_program_with(exception_);
        }
        std::fprintf(stderr, "async_socket: a task of a scope threw, too: %s\n", impl::what_of(exception_).c_str());
    }

    void leave() noexcept
    {
        if (left_.fetch_sub(1, std::memory_order_acq_rel) != 1) {
            return;
        }
        if (blocking_ != nullptr) {
            (*blocking_)();
        } else {
            continuation_->run();
        }
    }

    std::stop_source source_;
    impl::task_context context_;
    // The tasks, and one for the scope itself until it is joined or destroyed.
    std::atomic<std::size_t> left_{1};
    std::atomic<bool> has_exception_{false};
    std::exception_ptr exception_;
    impl::work* continuation_ = nullptr;
    impl::task_end* blocking_ = nullptr;
    bool joined_ = false;
};

} // namespace async_socket

#endif

/// \}
