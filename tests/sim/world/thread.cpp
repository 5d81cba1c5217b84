// SPDX-License-Identifier: MIT
//
// How threads of the world begin and end.

#include "world/thread.h"

#include <algorithm>

extern "C" {
// NOLINTNEXTLINE(bugprone-reserved-identifier): the linker makes the name
int __real_pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*start)(void*), void* argument);
// NOLINTNEXTLINE(bugprone-reserved-identifier): the linker makes the name
int __real_pthread_join(pthread_t thread, void** result);
}

namespace sim {

namespace {

thread_local thread* current_thread = nullptr;

} // namespace

scheduler* scheduler::current()
{
    return current_thread == nullptr ? nullptr : &current_thread->owner;
}

int scheduler::thread_number()
{
    return current_thread == nullptr ? 0 : current_thread->number;
}

void scheduler::enter()
{
    threads_.push_back(std::make_unique<thread>(*this, 0));
    running_ = threads_.back().get();
    current_thread = running_;
}

void scheduler::leave()
{
    current_thread = nullptr;
}

int scheduler::start_thread(pthread_t* started, const pthread_attr_t* attributes, void* (*main)(void*), void* argument)
{
    threads_.push_back(std::make_unique<thread>(*this, static_cast<int>(threads_.size())));
    thread& made = *threads_.back();
    made.main = main;
    made.argument = argument;
    made.priority = static_cast<int>(order_.below(1000));
    const int error = __real_pthread_create(started, attributes, thread_main, &made);
    if (error != 0) {
        threads_.pop_back();
        return error;
    }
    made.handle = *started;
    call("pthread_create");
    return 0;
}

void* scheduler::thread_main(void* self)
{
    auto& own = *static_cast<thread*>(self);
    own.take_baton();
    current_thread = &own;
    own.main(own.argument);
    // What the destructors of its thread-local objects do, they do beside the others: it is no thread of the world now.
    current_thread = nullptr;
    own.has_ended = true;
    own.owner.switch_to(own.owner.next_thread(false));
    return nullptr;
}

bool scheduler::is_alone() const
{
    return std::all_of(threads_.begin(), threads_.end(),
                       [](const auto& each) { return each->number == 0 || each->has_ended; });
}

int scheduler::join_thread(pthread_t joined)
{
    call("pthread_join");
    for (const auto& each : threads_) {
        if (each->number != 0 && pthread_equal(each->handle, joined) != 0) {
            thread* const awaited = each.get();
            sleep("the end of a thread", [awaited] { return awaited->has_ended; });
            awaited->handle = pthread_t{};
            return __real_pthread_join(joined, nullptr);
        }
    }
    on_failure("a thread is joined that is not there");
    return ESRCH;
}

} // namespace sim
