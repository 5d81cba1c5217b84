// SPDX-License-Identifier: MIT
//
// A socket that the callback of a failed connect connects again.

#include <atomic>
#include <chrono>
#include <thread>

#include <gtest/gtest.h>
#include <netdb.h>

#include "linux_support/fixture.h"

namespace linux_tests {
namespace {

// What the replaced call needs; one test at a time.
struct second_connect {
    contract::event begins;
    std::atomic<bool> has_other_returned{false};
    bool had_returned = false;
};

second_connect* beginning = nullptr;

// Nobody has any name. The second connect asks while it is being opened, inside the callback of the first.
int resolve_no_name(const char* host, const char*, const addrinfo* hints, addrinfo**)
{
    if (host[0] == '2' && (hints->ai_flags & AI_NUMERICHOST) != 0) {
        beginning->begins.set();
        // (Waiting proves nothing, but would show what is wrong.)
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        beginning->had_returned = beginning->had_returned || beginning->has_other_returned;
    }
    return EAI_NONAME;
}

class opened_again : public contract::with_engine {
protected:
    opened_again() : with_engine(1, 1), socket_(async_socket_create(engine.get()))
    {
        linux_faults::reset();
        beginning = &second_;
        linux_faults::replace_getaddrinfo(resolve_no_name);
    }
    ~opened_again() override
    {
        socket_.reset();
        engine.reset();
        linux_faults::reset();
        beginning = nullptr;
    }

    second_connect second_;
    contract::socket_owner socket_;
};

// SRS_ASYNC_SOCKET_EX_01_014
TEST_F(opened_again, cancel_and_wait_returns_behind_the_callback_of_the_connect_before)
{
    auto& first = make<contract::connect_ex_operation>();
    auto& again = make<contract::connect_ex_operation>();
    first.in_callback = [&] { EXPECT_EQ(again.start(socket_.get(), "2.name", 1), 0); };
    ASSERT_EQ(first.start(socket_.get(), "1.name", 1), 0);
    ASSERT_TRUE(second_.begins.wait());
    EXPECT_EQ(async_socket_cancel_and_wait(socket_.get(), first.id()), 0);
    second_.has_other_returned = true;
    EXPECT_TRUE(first.is_done());
    ASSERT_TRUE(again.wait());
    EXPECT_FALSE(second_.had_returned);
    EXPECT_EQ(again.status(), ASYNC_STATUS_NAME_NOT_RESOLVED);
}

} // namespace
} // namespace linux_tests
