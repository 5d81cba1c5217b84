// SPDX-License-Identifier: MIT

/// \defgroup cpp_scope Scope
/// \ingroup cpp
///
/// scope: tasks that are begun one by one and waited for together.
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
#include <exception>
#include <memory>
#include <optional>
#include <stop_token>
#include <system_error>
#include <utility>

#include "async_socket/cpp/engine.hpp"
#include "async_socket/cpp/promise.hpp"
#include "async_socket/cpp/stop_subscription.hpp"
#include "async_socket/cpp/task.hpp"

namespace async_socket {

/// Not movable: its tasks refer to it. The tasks inherit its engine and its stop token.
///
/// spawn and request_stop may be called from any thread as long as join has not been awaited, by tasks of the scope at
/// any time; everything else is for the one who owns the scope.
///
/// Destroying a scope requests a stop and waits for its tasks. A thread that is running coroutines cannot wait so,
/// because they may need it: there a scope must have been joined, and if tasks are still under way the program is ended
/// (std::terminate), as with a std::thread.
/// Requirements: SRS_CPP_01_060 .. SRS_CPP_01_063
class scope {
public:
    /// Without tasks; those to come run on this engine.
    explicit scope(engine_ref engine) : context_{engine.handle(), source_.get_token()} {}
    scope(const scope&) = delete;
    scope& operator=(const scope&) = delete;
    ~scope()
    {
        // The scope's own share, if it is not joined.
        if (joined_ || left_.load(std::memory_order_acquire) == 1) {
            return;
        }
        if (impl::run_queue::is_running()) {
            std::terminate(); // SRS_CPP_01_063
        }
        source_.request_stop(); // SRS_CPP_01_063
        const auto end = std::make_shared<impl::blocking_end>();
        blocking_ = end.get();
        if (left_.fetch_sub(1, std::memory_order_acq_rel) != 1) {
            end->wait();
        }
    }

    /// Begins a task as async_socket::spawn does. If it throws, a stop is requested of all others, and join throws what
    /// the first one threw. Throws std::system_error (no_resources), and destroys the task, when it cannot be begun.
    /// Requirements: SRS_CPP_01_060, SRS_CPP_01_061
    void spawn(task<void> body) { member::start(*this, std::move(body)); }

    /// Asks all tasks to end, those to come included.
    /// Requirements: SRS_CPP_01_062
    void request_stop() noexcept { source_.request_stop(); } // SRS_CPP_01_062

    /// The token that the tasks inherit.
    [[nodiscard]] std::stop_token stop_token() const noexcept { return context_.stop; }

    /// `co_await clients.join()`, once: waits until every task has ended, those that these have begun included, and
    /// goes on on the thread on which the last one ended. While it waits, a stop that is requested of the awaiting task
    /// is passed on to the scope's.
    /// Requirements: SRS_CPP_01_060 .. SRS_CPP_01_062
    [[nodiscard]] auto join() noexcept { return join_awaiter(*this); }

private:
    class member final : private impl::task_end {
    public:
        static void start(scope& owner, task<void> body)
        {
            std::unique_ptr<member> self(new member(owner, std::move(body)));
            impl::work& first = self->body_.promise();
            owner.left_.fetch_add(1, std::memory_order_relaxed);
            if (!impl::run_queue::schedule_on_engine(owner.context_.engine, first) && !self->hop_.start()) {
                owner.left_.fetch_sub(1, std::memory_order_relaxed);
                throw std::system_error(make_error_code(ASYNC_STATUS_NO_RESOURCES), "scope::spawn");
            }
            static_cast<void>(self.release()); // it frees itself at its end
        }

    private:
        member(scope& owner, task<void> body)
            : task_end(&on_end), owner_(owner), body_(std::move(body)), hop_{owner.context_.engine, &body_.promise()}
        {
            body_.promise().prepare(&owner.context_, *this);
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
            void operator()() const noexcept { to->request_stop(); }
        };

        scope& scope_;
        impl::waiter waiter_;
        bool waiting_ = false;
        impl::stop_subscription<pass_on> outer_stop_;
    };

    void keep(std::exception_ptr exception) noexcept
    {
        if (!has_exception_.exchange(true)) {
            exception_ = std::move(exception);
        }
        source_.request_stop(); // SRS_CPP_01_061
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
