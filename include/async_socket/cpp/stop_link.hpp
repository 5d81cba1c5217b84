// SPDX-License-Identifier: MIT
//
// Not part of the interface: a stop source of its own for a task or several, beneath the one that was inherited.

#ifndef ASYNC_SOCKET_CPP_STOP_LINK_HPP
#define ASYNC_SOCKET_CPP_STOP_LINK_HPP

#include <stop_token>

#include "async_socket/cpp/promise.hpp"
#include "async_socket/cpp/stop_subscription.hpp"

namespace async_socket::impl {

// What the tasks beneath inherit; it passes on what was inherited. This is the one thing that is allocated: a stop
// token has a state of its own. Operations register with that state, so tasks that run on several threads need one
// each.
class stop_link {
public:
    void connect(const task_context* outer) noexcept
    {
        context_.engine = outer == nullptr ? nullptr : outer->engine;
        context_.stop = source_.get_token();
        if (outer != nullptr && outer->stop.stop_possible()) {
            outer_.emplace(outer->stop, pass_on{&source_}); // SRS_CPP_01_030, SRS_CPP_01_062
        }
    }

    [[nodiscard]] const task_context& context() const noexcept { return context_; }
    [[nodiscard]] std::stop_source& source() noexcept { return source_; }

private:
    struct pass_on {
        std::stop_source* to;
        void operator()() const noexcept { request_stop_of(*to); }
    };

    std::stop_source source_;
    task_context context_;
    stop_subscription<pass_on> outer_;
};

} // namespace async_socket::impl

#endif
