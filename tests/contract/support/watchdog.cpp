// SPDX-License-Identifier: MIT
//
// Ends the process when one test takes far longer than any of its waits may, and says which: a call of the library
// that never returns cannot be turned into a failure in any other way.

#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "support/limit.h"

namespace {

constexpr int exit_code_of_a_hang = 3;

class watchdog : public ::testing::EmptyTestEventListener {
public:
    watchdog() : thread_([this] { watch(); }) {}

    ~watchdog() override
    {
        {
            const std::lock_guard<std::mutex> lock(mutex_);
            ended_ = true;
            changed_.notify_all();
        }
        thread_.join();
    }

private:
    void OnTestStart(const ::testing::TestInfo& info) override
    {
        tell(std::string(info.test_suite_name()) + "." + info.name());
    }

    void OnTestEnd(const ::testing::TestInfo&) override { tell(""); }

    void tell(const std::string& name)
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        name_ = name;
        ++turn_;
        changed_.notify_all();
    }

    void watch()
    {
        std::unique_lock<std::mutex> lock(mutex_);
        while (!ended_) {
            const unsigned turn = turn_;
            const auto moved_on = [&] { return ended_ || turn_ != turn; };
            if (name_.empty()) {
                changed_.wait(lock, moved_on);
            } else if (!changed_.wait_for(lock, 3 * contract::generous_limit(), moved_on)) {
                std::fprintf(stderr, "watchdog: the test %s hangs\n", name_.c_str());
                std::fflush(nullptr);
                std::_Exit(exit_code_of_a_hang);
            }
        }
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    // Under mutex_; written by the main thread.
    std::string name_;
    unsigned turn_ = 0;
    bool ended_ = false;
    // The last member: it starts when the others are there.
    std::thread thread_;
};

class watchdog_environment : public ::testing::Environment {
public:
    void SetUp() override
    {
        watchdog_ = new watchdog;
        ::testing::UnitTest::GetInstance()->listeners().Append(watchdog_);
    }

    void TearDown() override
    {
        ::testing::UnitTest::GetInstance()->listeners().Release(watchdog_);
        delete watchdog_;
    }

private:
    watchdog* watchdog_ = nullptr;
};

[[maybe_unused]] const ::testing::Environment* const registered =
    ::testing::AddGlobalTestEnvironment(new watchdog_environment);

} // namespace
