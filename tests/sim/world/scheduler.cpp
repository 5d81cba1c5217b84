// SPDX-License-Identifier: MIT

#include "world/scheduler.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "world/thread.h"

namespace sim {

namespace {

constexpr std::uint64_t most_steps = 1'000'000;

} // namespace

scheduler::scheduler(std::uint64_t seed, trace& events)
    : events_(events), order_(seed ^ 0x5c4ed01eU), chance_(seed ^ 0xc4a11ceU)
{
    constexpr std::uint32_t rates[] = {1, 2, 4, 16, 64};
    switches_one_in_ = rates[order_.below(5)];
    // Faults that hide from random orders need few changes at the right places.
    if (order_.one_in(3)) {
        steps_between_changes_ = 50U << order_.below(5);
    }
}

scheduler::~scheduler() = default;

void scheduler::note(const char* format, const char* text)
{
    char line[256];
    std::snprintf(line, sizeof line, format, text);
    events_.line(now_, running_ == nullptr ? 0 : running_->number, line);
}

void scheduler::call(const char* name)
{
    note("%s", name);
    now_ += call_time_;
    run_due_events();
    step();
    // Somebody with a higher priority may have been woken.
    if (steps_between_changes_ != 0) {
        switch_to(next_thread(false));
    }
}

void scheduler::step()
{
    if (++steps_ > most_steps) {
        on_failure("the run does not come to rest");
    }
    if (steps_between_changes_ != 0) {
        if (order_.one_in(steps_between_changes_)) {
            running_->priority = --lowest_priority_;
            switch_to(next_thread(false));
        }
    } else if (switches_one_in_ == 1 || order_.one_in(switches_one_in_)) {
        switch_to(next_thread(false));
    }
}

void scheduler::yield()
{
    now_ += call_time_;
    run_due_events();
    if (++steps_ > most_steps) {
        on_failure("the run does not come to rest");
    }
    running_->priority = --lowest_priority_;
    switch_to(next_thread(true));
}

time_point scheduler::time_worked() const
{
    return now_ - running_->slept;
}

bool scheduler::sleep(const char* why, const predicate& condition, time_point until)
{
    run_due_events();
    if (condition()) {
        return true;
    }
    if (until <= now_) {
        return false;
    }
    note("sleeps: %s", why);
    running_->waits_for = why;
    running_->condition = &condition;
    running_->until = until;
    const time_point before = now_;
    switch_to(next_thread(false));
    running_->slept += now_ - before;
    running_->waits_for = nullptr;
    running_->condition = nullptr;
    running_->until = forever;
    return condition();
}

void scheduler::rest(time_point until)
{
    sleep(
        "time", [] { return false; }, until);
}

void scheduler::at(time_point when, std::function<void()> what)
{
    later_.emplace(std::max(when, now_), event{next_event_number_++, std::move(what)});
}

void scheduler::run_due_events()
{
    while (!later_.empty() && later_.begin()->first <= now_) {
        auto first = later_.extract(later_.begin());
        first.mapped().what();
    }
}

bool scheduler::can_run(const thread& candidate) const
{
    return !candidate.has_ended &&
           (candidate.condition == nullptr || candidate.until <= now_ || (*candidate.condition)());
}

void scheduler::let_time_pass()
{
    time_point next = later_.empty() ? forever : later_.begin()->first;
    for (const auto& each : threads_) {
        if (!each->has_ended && each->condition != nullptr) {
            next = std::min(next, each->until);
        }
    }
    if (next == forever) {
        on_failure("nobody can run, and nothing will happen");
    }
    now_ = std::max(now_, next);
    run_due_events();
}

thread& scheduler::next_thread(bool leaves_current)
{
    std::vector<thread*> candidates;
    for (;;) {
        for (const auto& each : threads_) {
            if (can_run(*each)) {
                candidates.push_back(each.get());
            }
        }
        if (!candidates.empty()) {
            return draw(candidates, leaves_current);
        }
        let_time_pass();
    }
}

thread& scheduler::draw(const std::vector<thread*>& candidates, bool leaves_current)
{
    if (steps_between_changes_ != 0) {
        return **std::max_element(candidates.begin(), candidates.end(), [](const thread* left, const thread* right) {
            return left->priority < right->priority;
        });
    }
    thread* drawn = candidates[order_.below(static_cast<std::uint32_t>(candidates.size()))];
    if (leaves_current && drawn == running_ && candidates.size() > 1) {
        drawn = candidates[0] == running_ ? candidates[1] : candidates[0];
    }
    return *drawn;
}

void scheduler::switch_to(thread& next)
{
    thread& before = *running_;
    if (&before == &next) {
        return;
    }
    running_ = &next;
    sem_post(&next.baton);
    if (!before.has_ended) {
        before.take_baton();
    }
}

bool scheduler::is_at_rest() const
{
    return std::none_of(threads_.begin(), threads_.end(),
                        [this](const auto& each) { return each.get() != running_ && can_run(*each); });
}

std::string scheduler::describe() const
{
    std::string text;
    for (const auto& each : threads_) {
        text += "thread " + std::to_string(each->number) + ": ";
        text += each->has_ended ? "has ended" : each->waits_for != nullptr ? each->waits_for : "can run";
        text += "\n";
    }
    return text;
}

} // namespace sim
