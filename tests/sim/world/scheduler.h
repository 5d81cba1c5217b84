// SPDX-License-Identifier: MIT
//
// Who runs, and what time it is. Threads are real, but one of them runs at a time: the one that has the baton. It may
// lose it wherever it calls the system or touches an atomic object, and who has it next is drawn. The clock moves a
// little with each call; when nobody can run, it jumps to what happens next.

#ifndef ASYNC_SOCKET_TESTS_SIM_SCHEDULER_H
#define ASYNC_SOCKET_TESTS_SIM_SCHEDULER_H

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <pthread.h>

#include "world/random.h"
#include "world/trace.h"

namespace sim {

// Nanoseconds since a moment before the run.
using time_point = std::int64_t;
inline constexpr time_point forever = INT64_MAX;
inline constexpr time_point microsecond = 1'000;
inline constexpr time_point millisecond = 1'000'000;
inline constexpr time_point second = 1'000'000'000;

struct thread;

class scheduler {
public:
    using predicate = std::function<bool()>;

    scheduler(std::uint64_t seed, trace& events);
    ~scheduler();
    scheduler(const scheduler&) = delete;
    scheduler& operator=(const scheduler&) = delete;

    // The world that the calling thread lives in; nullptr where it lives in the real one.
    static scheduler* current();
    // The number of the calling thread; 0 is the one that runs the program.
    static int thread_number();

    // The calling thread becomes the first one of the world, and has the baton.
    void enter();
    void leave();

    [[nodiscard]] time_point now() const { return now_; }
    // As a thread of the world sees it, whom that takes a little time.
    time_point read_clock() { return now_ += clock_time; }
    // How long the calling thread has had something to do.
    [[nodiscard]] time_point time_worked() const;
    trace& events() { return events_; }
    void be_slow() { call_time_ = 20 * microsecond; }
    [[nodiscard]] time_point call_time() const { return call_time_; }
    // What the system decides by chance.
    random& chance() { return chance_; }

    // A call of the system: takes its time, and another thread may come in between.
    void call(const char* name);
    // An atomic step, which takes no time.
    void step();
    // The calling thread has nothing to do just now.
    void yield();

    // Sleeps until the condition holds or it is `until`; whether it holds.
    bool sleep(const char* why, const predicate& condition, time_point until = forever);
    // Sleeps until nothing can happen any more before `until`.
    void rest(time_point until);

    // Makes something happen later on.
    void at(time_point when, std::function<void()> what);

    int start_thread(pthread_t* started, const pthread_attr_t* attributes, void* (*main)(void*), void* argument);
    int join_thread(pthread_t joined);
    // Whether all other threads have ended.
    [[nodiscard]] bool is_alone() const;

    // Whether no other thread has anything to do.
    [[nodiscard]] bool is_at_rest() const;

    // Every thread and what it waits for.
    [[nodiscard]] std::string describe() const;

    // Nobody can run and nothing will happen; or the run does not come to rest.
    std::function<void(const char* what)> on_failure;

private:
    static constexpr time_point clock_time = 60;

    struct event {
        std::uint64_t number;
        std::function<void()> what;
    };

    static void* thread_main(void* self);
    void note(const char* format, const char* text);
    void run_due_events();
    [[nodiscard]] bool can_run(const thread& candidate) const;
    // Somebody who can run, having let the time pass where nobody could.
    thread& next_thread(bool leaves_current);
    thread& draw(const std::vector<thread*>& candidates, bool leaves_current);
    void let_time_pass();
    void switch_to(thread& next);

    trace& events_;
    random order_;
    random chance_;
    time_point now_ = 1'000 * second;
    std::uint64_t steps_ = 0;
    std::uint64_t next_event_number_ = 0;
    std::multimap<time_point, event> later_;
    std::vector<std::unique_ptr<thread>> threads_;
    thread* running_ = nullptr;
    // How long a call of the system takes.
    time_point call_time_ = 700;
    // How this run is scheduled.
    std::uint32_t switches_one_in_ = 4;
    std::uint32_t steps_between_changes_ = 0; // 0: the order is random; else by priority, which changes now and then
    int lowest_priority_ = 0;
};

} // namespace sim

#endif
