// SPDX-License-Identifier: MIT
//
// What one operation costs: every Win32 call, kernel object and allocation of it, counted and printed.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "async_socket/async_socket_ex.h"
#include "support/both_modes.h"
#include "support/completed.h"
#include "support/fixture.h"
#include "support/open_socket.h"

namespace {

using namespace unit;

constexpr std::size_t repetitions = 100;

// Of one operation, by name; without those that are 0.
using cost = std::map<std::string, double>;

struct counted_operation {
    const char* name;
    std::function<void(open_socket&)> run; // starts it and waits for its callback
};

std::string bytes = "some bytes";
std::string room(16, '\0');

const std::vector<counted_operation> all_operations{
    {"send",
     [](open_socket& on) {
         outcome result;
         EXPECT_EQ(start_send(on.socket.get(), bytes, result), ASYNC_SOCKET_SEND_SYNC_OK);
         EXPECT_EQ(result.sent(), ASYNC_SOCKET_SEND_OK);
         on.peer().receive();
     }},
    {"receive",
     [](open_socket& on) {
         outcome result;
         EXPECT_EQ(start_receive(on.socket.get(), room, result), 0);
         on.peer().send(bytes);
         EXPECT_EQ(result.received(), ASYNC_SOCKET_RECEIVE_OK);
     }},
    {"send_ex",
     [](open_socket& on) {
         completed result;
         EXPECT_EQ(send_ex(on.socket.get(), bytes, result), ASYNC_SOCKET_SEND_SYNC_OK);
         EXPECT_EQ(result.status(), ASYNC_STATUS_OK);
         on.peer().receive();
     }},
    {"receive_ex",
     [](open_socket& on) {
         completed result;
         EXPECT_EQ(receive_ex(on.socket.get(), room, result), 0);
         on.peer().send(bytes);
         EXPECT_EQ(result.status(), ASYNC_STATUS_OK);
     }},
};

bool makes_kernel_object(api function)
{
    switch (function) {
    case api::CreateEventA:
    case api::CreateEventW:
    case api::CreateThreadpool:
    case api::CreateThreadpoolIo:
    case api::CreateThreadpoolTimer:
    case api::WSASocketW:
    case api::WSADuplicateSocketW:
    case api::accept:
        return true;
    default:
        return false;
    }
}

cost cost_of(const counted_operation& operation)
{
    open_socket opened;
    // What is made once only: what is kept, the engine's timer.
    operation.run(opened);
    const live_objects before = live();
    const std::size_t allocations = fake_win32::allocations_made();
    fake_win32::forget_calls();
    for (std::size_t i = 0; i != repetitions; i++) {
        operation.run(opened);
    }
    EXPECT_EQ(live(), before);

    cost result;
    const auto note = [&result](const std::string& name, std::size_t count) {
        if (count != 0) {
            result[name] += static_cast<double>(count) / static_cast<double>(repetitions);
        }
    };
    for (std::size_t i = 0; i != static_cast<std::size_t>(api::count); i++) {
        const auto function = static_cast<api>(i);
        note(fake_win32::name_of(function), count_of(function));
        note("(kernel objects)", makes_kernel_object(function) ? count_of(function) : 0);
    }
    note("(allocations)", fake_win32::allocations_made() - allocations);
    return result;
}

void print(const char* mode, const std::map<std::string, cost>& costs)
{
    cost rows;
    std::printf("%-8s %-20s", mode, "of one operation");
    for (const counted_operation& operation : all_operations) {
        std::printf(" %10s", operation.name);
        rows.insert(costs.at(operation.name).begin(), costs.at(operation.name).end());
    }
    std::printf("\n");
    for (const auto& [row, ignored] : rows) {
        std::printf("%-8s %-20s", mode, row.c_str());
        for (const counted_operation& operation : all_operations) {
            const cost& column = costs.at(operation.name);
            const auto found = column.find(row);
            std::printf(" %10.2f", found == column.end() ? 0.0 : found->second);
        }
        std::printf("\n");
    }
}

class operation_cost_test : public both_modes_test {
protected:
    operation_cost_test()
    {
        for (const counted_operation& operation : all_operations) {
            costs[operation.name] = cost_of(operation);
        }
        print(GetParam() == engine_mode::reuse ? "reuse" : "default", costs);
    }

    std::map<std::string, cost> costs;
};

// SRS_ASYNC_SOCKET_WIN32_01_057, SRS_ASYNC_SOCKET_WIN32_01_060, SRS_ASYNC_SOCKET_WIN32_01_061,
// SRS_ASYNC_SOCKET_WIN32_01_068, SRS_ASYNC_SOCKET_WIN32_01_080, SRS_EXECUTION_ENGINE_WIN32_01_008,
// SRS_EXECUTION_ENGINE_WIN32_01_009, SRS_EXECUTION_ENGINE_WIN32_01_012
TEST_P(operation_cost_test, an_operation_makes_these_calls_and_no_others)
{
    cost of_any{{"StartThreadpoolIo", 1}};
    if (GetParam() == engine_mode::by_default) {
        of_any.insert({{"CreateEventW", 1}, {"CloseHandle", 1}, {"(kernel objects)", 1}, {"(allocations)", 1}});
    }
    cost of_send = of_any;
    of_send["WSASend"] = 1;
    cost of_receive = of_any;
    of_receive["WSARecv"] = 1;
    EXPECT_EQ(costs["send"], of_send);
    EXPECT_EQ(costs["receive"], of_receive);
    EXPECT_EQ(costs["send_ex"], of_send);
    EXPECT_EQ(costs["receive_ex"], of_receive);
}

IN_BOTH_MODES(operation_cost_test);

} // namespace
