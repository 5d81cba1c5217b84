// SPDX-License-Identifier: MIT
//
// The fake's faults come when they are asked for, and its record says what was called.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <new>
#include <thread>

#include "fake_win32/calls.h"
#include "fake_win32/faults.h"
#include "fake_win32/objects.h"

namespace {

using namespace fake_win32;

class fake_faults_test : public testing::Test {
protected:
    fake_faults_test() { begin(7); }
    void TearDown() override { EXPECT_THAT(end(), testing::IsEmpty()); }
};

TEST_F(fake_faults_test, the_nth_call_fails_with_the_error_asked_for)
{
    fail_call(api::CreateEventW, 2, ERROR_ACCESS_DENIED);
    const HANDLE first = CreateEventW(nullptr, TRUE, FALSE, nullptr);
    EXPECT_NE(first, nullptr);
    EXPECT_EQ(CreateEventW(nullptr, TRUE, FALSE, nullptr), nullptr);
    EXPECT_EQ(GetLastError(), static_cast<DWORD>(ERROR_ACCESS_DENIED));
    const HANDLE third = CreateEventW(nullptr, TRUE, FALSE, nullptr);
    EXPECT_NE(third, nullptr);
    EXPECT_TRUE(clear_faults());
    EXPECT_FALSE(clear_faults());
    CloseHandle(first);
    CloseHandle(third);
}

TEST_F(fake_faults_test, the_nth_fallible_call_of_any_kind_fails)
{
    fail_nth_fallible_call(2);
    const HANDLE event = CreateEventW(nullptr, TRUE, FALSE, nullptr);
    SetEvent(event); // not counted
    EXPECT_EQ(CreateThreadpool(nullptr), nullptr);
    EXPECT_TRUE(clear_faults());
    CloseHandle(event);
}

TEST_F(fake_faults_test, the_nth_nothrow_allocation_fails)
{
    const std::size_t before = live().allocations;
    fail_nth_allocation(2);
    std::unique_ptr<int> first(new (std::nothrow) int);
    std::unique_ptr<int> second(new (std::nothrow) int);
    auto third = std::make_unique<int>(); // throws where it fails, so it is not counted
    std::unique_ptr<int[]> fourth(new (std::nothrow) int[4]);
    EXPECT_NE(first, nullptr);
    EXPECT_EQ(second, nullptr);
    EXPECT_NE(third, nullptr);
    EXPECT_NE(fourth, nullptr);
    EXPECT_EQ(live().allocations, before + 2);
    EXPECT_TRUE(clear_faults());
}

TEST_F(fake_faults_test, calls_are_recorded_with_arguments_and_results)
{
    const HANDLE event = CreateEventW(nullptr, TRUE, FALSE, nullptr);
    CloseHandle(event);
    const std::vector<call_record> record = calls();
    ASSERT_EQ(record.size(), 2u);
    EXPECT_EQ(record[0].function, api::CreateEventW);
    EXPECT_EQ(record[0].argument<BOOL>(1), TRUE);
    EXPECT_EQ(record[0].returned_value<HANDLE>(), event);
    EXPECT_EQ(record[1].function, api::CloseHandle);
    EXPECT_EQ(record[1].argument<HANDLE>(0), event);
    EXPECT_EQ(count_of(api::CloseHandle), 1u);
    EXPECT_STREQ(name_of(api::WSASend), "WSASend");
}

TEST_F(fake_faults_test, a_stalled_call_returns_when_it_is_released)
{
    stall_calls(api::CreateEventW);
    HANDLE event = nullptr;
    std::thread creator([&event] { event = CreateEventW(nullptr, TRUE, FALSE, nullptr); });
    EXPECT_TRUE(wait_for_calls(api::CreateEventW, 1));
    EXPECT_EQ(live().events, 0u);
    release_calls();
    creator.join();
    EXPECT_NE(event, nullptr);
    CloseHandle(event);
}

} // namespace
