// SPDX-License-Identifier: MIT

#include "support/fixture.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "win32/system/winsock.hpp"

namespace unit {

log_capture::log_capture()
{
    async_socket_set_log_handler(note, this);
}

log_capture::~log_capture()
{
    async_socket_set_log_handler(nullptr, nullptr);
}

std::vector<log_message> log_capture::take()
{
    const std::lock_guard<std::mutex> lock(mutex_);
    return std::exchange(messages_, {});
}

void log_capture::note(ASYNC_SOCKET_LOG_LEVEL level, const char* message, void* context)
{
    auto* const self = static_cast<log_capture*>(context);
    const std::lock_guard<std::mutex> lock(self->mutex_);
    self->messages_.push_back({level, message});
}

void fault_run::arm() const
{
    if (of_allocations_) {
        fake_win32::fail_nth_allocation(nth_);
    } else {
        fake_win32::fail_nth_fallible_call(nth_);
    }
}

bool fault_run::disarm()
{
    fired_ = fake_win32::clear_faults() || fired_;
    return fired_;
}

std::string fault_run::name() const
{
    return std::string(of_allocations_ ? "allocation " : "Win32 call ") + std::to_string(nth_) + " fails";
}

std::size_t for_every_fault(const std::function<void(fault_run&)>& scenario)
{
    constexpr std::size_t most_runs = 200;
    std::size_t failures = 0;
    for (const bool of_allocations : {false, true}) {
        bool ended = false;
        for (std::size_t nth = 1; nth <= most_runs && !ended; nth++) {
            fault_run run(of_allocations, nth);
            const testing::ScopedTrace trace(__FILE__, __LINE__, run.name());
            const live_objects before = live();
            scenario(run);
            run.disarm();
            EXPECT_TRUE(fake_win32::wait_for_live(before)) << live() << "\nbefore: " << before;
            EXPECT_THAT(fake_win32::take_misuses(), testing::IsEmpty());
            ended = !run.fired();
            failures += run.fired() ? 1 : 0;
            if (testing::Test::HasFatalFailure()) {
                return failures;
            }
        }
        EXPECT_TRUE(ended) << "the sweep does not end";
    }
    return failures;
}

std::uint64_t seed()
{
    const char* const text = std::getenv("FAKE_WIN32_SEED");
    return text != nullptr ? std::strtoull(text, nullptr, 10) : 20260731;
}

win32_test::win32_test()
{
    fake_win32::begin(seed());
    // The program's own, which its own sockets need; beside what the library's threads count.
    async_socket::detail::start_winsock();
    fake_win32::forget_calls();
}

// Here and not in TearDown: the members of the tests are given back in between.
win32_test::~win32_test()
{
    async_socket::detail::end_winsock();
    EXPECT_THAT(fake_win32::end(), testing::IsEmpty());
    if (HasFailure()) {
        ADD_FAILURE() << "FAKE_WIN32_SEED=" << seed() << " repeats the order of completions";
    }
}

void win32_test::expect_refusal(const std::string& function, const std::string& argument)
{
    const std::vector<log_message> messages = log.take();
    ASSERT_EQ(messages.size(), 1u);
    EXPECT_EQ(messages[0].level, ASYNC_SOCKET_LOG_LEVEL_ERROR);
    EXPECT_THAT(messages[0].text, testing::StartsWith(function + ": "));
    EXPECT_THAT(messages[0].text, testing::HasSubstr(argument));
}

void win32_test::expect_failure(const std::string& function, const std::string& call, DWORD error)
{
    const std::string number = std::to_string(error);
    const std::vector<log_message> messages = log.take();
    const auto names_it = [&](const log_message& message) {
        return message.text.find(function + ": " + call) == 0 &&
               message.text.find("system error " + number) != std::string::npos &&
               message.text.find("(" + number + ")") != std::string::npos;
    };
    EXPECT_TRUE(std::any_of(messages.begin(), messages.end(), names_it))
        << "no message of " << function << " about " << call << " with error " << number << " among " << messages.size()
        << (messages.empty() ? std::string() : ", the first: " + messages[0].text);
}

std::vector<api> sequence_of(const std::vector<api>& wanted)
{
    std::vector<api> result;
    for (const call_record& call : fake_win32::calls()) {
        if (std::find(wanted.begin(), wanted.end(), call.function) != wanted.end()) {
            result.push_back(call.function);
        }
    }
    return result;
}

} // namespace unit
