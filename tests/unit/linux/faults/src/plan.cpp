// SPDX-License-Identifier: MIT

#include "plan.h"

#include <array>
#include <atomic>
#include <cstdint>

#include "memory.h"
#include "replacements.h"

namespace linux_faults {

namespace {

// The limit of a transfer that moves no byte.
constexpr std::size_t nothing = SIZE_MAX;

constexpr auto relaxed = std::memory_order_relaxed;

// Written by the test's thread, read by every thread; the counts are written by every thread. See faults.h for the
// order.
struct plan {
    std::atomic<std::size_t> calls{0};
    std::atomic<std::size_t> failures{0};
    std::atomic<std::size_t> interruptions{0};
    std::atomic<std::size_t> first_to_fail{0}; // 0: none
    std::atomic<bool> goes_on_failing{false};
    std::atomic<int> error{0};
    std::atomic<decision::kind> interruption{decision::kind::pass};
    std::atomic<std::size_t> limit{0}; // 0: none
};

std::array<plan, api_count> plans;
std::atomic<std::size_t> bad_descriptors{0};
// Counts the resets, so that every thread knows that what it remembers of interruptions is out of date.
std::atomic<std::uint32_t> generation{0};

thread_local int exemptions = 0;

struct interrupted_calls {
    std::uint32_t of_generation = 0;
    std::array<bool, api_count> just_now{};
};
thread_local interrupted_calls interrupted;

plan& plan_of(api which)
{
    return plans[static_cast<std::size_t>(which)];
}

void set_failure(api which, std::size_t nth, int error, bool goes_on)
{
    plan& changed = plan_of(which);
    changed.calls.store(0, relaxed);
    changed.failures.store(0, relaxed);
    changed.error.store(error, relaxed);
    changed.goes_on_failing.store(goes_on, relaxed);
    changed.first_to_fail.store(nth, relaxed);
}

bool was_interrupted_just_now(api which)
{
    const std::uint32_t now = generation.load(relaxed);
    if (interrupted.of_generation != now) {
        interrupted = {};
        interrupted.of_generation = now;
    }
    bool& just_now = interrupted.just_now[static_cast<std::size_t>(which)];
    just_now = !just_now;
    return !just_now;
}

} // namespace

void fail_nth(api which, std::size_t nth, int error)
{
    set_failure(which, nth, error, false);
}

void fail_from(api which, std::size_t nth, int error)
{
    set_failure(which, nth, error, true);
}

void interrupt(api which)
{
    plan_of(which).interruption.store(decision::kind::interrupt, relaxed);
}

void interrupt_after(api which)
{
    plan_of(which).interruption.store(decision::kind::interrupt_after, relaxed);
}

void interrupt_everything()
{
    for (const api which :
         {api::connect, api::accept4, api::send, api::recv, api::sendmsg, api::recvmsg, api::poll, api::read,
          api::write, api::getaddrinfo, api::epoll_wait, api::io_uring_submit, api::io_uring_submit_and_wait,
          api::io_uring_submit_and_wait_timeout, api::io_uring_submit_and_get_events, api::io_uring_get_events}) {
        interrupt(which);
    }
    interrupt_after(api::close);
}

void cut_short(api which, std::size_t bytes)
{
    plan_of(which).limit.store(bytes, relaxed);
}

void take_nothing(api which)
{
    plan_of(which).limit.store(nothing, relaxed);
}

void reset()
{
    for (plan& each : plans) {
        each.calls.store(0, relaxed);
        each.failures.store(0, relaxed);
        each.interruptions.store(0, relaxed);
        each.first_to_fail.store(0, relaxed);
        each.interruption.store(decision::kind::pass, relaxed);
        each.limit.store(0, relaxed);
    }
    bad_descriptors.store(0, relaxed);
    generation.fetch_add(1, relaxed);
    forget_replacements();
}

std::size_t calls(api which)
{
    return plan_of(which).calls.load(relaxed);
}

std::size_t failures(api which)
{
    return plan_of(which).failures.load(relaxed);
}

std::size_t interruptions(api which)
{
    return plan_of(which).interruptions.load(relaxed);
}

std::size_t calls_on_bad_descriptors()
{
    return bad_descriptors.load(relaxed);
}

exempt::exempt()
{
    ++exemptions;
}

exempt::~exempt()
{
    --exemptions;
}

bool is_exempt()
{
    return exemptions != 0;
}

decision decide(api which)
{
    if (is_exempt()) {
        return {};
    }
    plan& asked = plan_of(which);
    const decision::kind interruption = asked.interruption.load(relaxed);
    if (interruption != decision::kind::pass && !was_interrupted_just_now(which)) {
        asked.interruptions.fetch_add(1, relaxed);
        return {interruption, EINTR};
    }
    const std::size_t number = asked.calls.fetch_add(1, relaxed) + 1;
    const std::size_t first = asked.first_to_fail.load(relaxed);
    if (first != 0 && (number == first || (number > first && asked.goes_on_failing.load(relaxed)))) {
        asked.failures.fetch_add(1, relaxed);
        return {decision::kind::fail, asked.error.load(relaxed)};
    }
    return {};
}

std::size_t allowed(api which, std::size_t wanted)
{
    const std::size_t limit = is_exempt() ? 0 : plan_of(which).limit.load(relaxed);
    if (limit == nothing) {
        return 0;
    }
    return limit != 0 && limit < wanted ? limit : wanted;
}

bool is_cut(api which)
{
    return !is_exempt() && plan_of(which).limit.load(relaxed) != 0;
}

void note_bad_descriptor()
{
    bad_descriptors.fetch_add(1, relaxed);
}

} // namespace linux_faults
