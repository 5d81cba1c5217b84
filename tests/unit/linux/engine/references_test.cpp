// SPDX-License-Identifier: MIT
//
// How long an engine lives.

#include <cstddef>
#include <functional>

#include <gtest/gtest.h>

#include "linux/engine/worker.hpp"
#include "linux_faults/faults.h"
#include "linux_support/engines.h"
#include "linux_support/notification.h"
#include "support/fixture.h"
#include "support/refusal.h"

namespace linux_tests {
namespace {

using contract::connection;
using contract::make_connection;
using contract::open_socket;
using contract::socket_owner;

class references : public ::testing::Test {
protected:
    // Records that this thread has at hand are not the engine's.
    static bool has_ended(const footprint& before)
    {
        return wait_until([&] {
            const footprint now = footprint_now();
            return now.descriptors == before.descriptors && now.threads == before.threads;
        });
    }

    linux_faults::clean_scope clean_;
};

// SRS_EXECUTION_ENGINE_01_007, SRS_EXECUTION_ENGINE_01_009
TEST_F(references, of_no_engine_are_none)
{
    const contract::log_capture log;
    execution_engine_inc_ref(nullptr);
    execution_engine_dec_ref(nullptr);
    EXPECT_TRUE(log.messages().empty()) << log.text();
}

// SRS_EXECUTION_ENGINE_01_002, SRS_EXECUTION_ENGINE_01_008, SRS_EXECUTION_ENGINE_01_010
TEST_F(references, keep_the_threads_and_the_last_one_ends_them)
{
    const footprint before = footprint_now();
    engine_owner engine = make_engine(3);
    ASSERT_TRUE(engine);
    EXECUTION_ENGINE_HANDLE const handle = engine.get();
    execution_engine_inc_ref(handle);
    execution_engine_inc_ref(handle);
    engine.reset();
    EXPECT_EQ(threads_of_process(), before.threads + 3);
    execution_engine_dec_ref(handle);
    EXPECT_EQ(threads_of_process(), before.threads + 3);
    execution_engine_dec_ref(handle);
    EXPECT_TRUE(returns_to(before)) << ::testing::PrintToString(footprint_now());
}

// SRS_ASYNC_SOCKET_LINUX_01_002, SRS_EXECUTION_ENGINE_01_010
TEST_F(references, of_sockets_keep_the_engine)
{
    const footprint before = footprint_now();
    {
        const connection link = make_connection();
        engine_owner engine = make_engine(2);
        ASSERT_TRUE(engine);
        const socket_owner socket = open_socket(engine.get(), link.local.get());
        engine.reset();
        notification still_there;
        ASSERT_EQ(still_there.start(socket.get()), 0);
        ASSERT_TRUE(still_there.wait());
    }
    EXPECT_TRUE(has_ended(before)) << ::testing::PrintToString(footprint_now());
}

// SRS_EXECUTION_ENGINE_01_010
TEST_F(references, may_end_inside_a_callback_that_the_engine_runs)
{
    for (int round = 0; round != 20; ++round) {
        const footprint before = footprint_now();
        {
            const connection link = make_connection();
            engine_owner engine = make_engine(3);
            ASSERT_TRUE(engine);
            socket_owner socket = open_socket(engine.get(), link.local.get());
            contract::event ready;
            // The socket's reference is the last one, and it goes with the socket when the callback returns.
            notification last([&] {
                ASSERT_TRUE(ready.wait());
                socket.reset();
            });
            ASSERT_EQ(last.start(socket.get()), 0);
            engine.reset();
            ready.set();
            ASSERT_TRUE(last.wait());
        }
        ASSERT_TRUE(has_ended(before)) << ::testing::PrintToString(footprint_now());
    }
}

// SRS_EXECUTION_ENGINE_01_010
TEST_F(references, may_be_dropped_as_the_last_in_so_many_words_inside_a_callback)
{
    const footprint before = footprint_now();
    {
        const connection link = make_connection();
        engine_owner engine = make_engine(2);
        ASSERT_TRUE(engine);
        EXECUTION_ENGINE_HANDLE const handle = engine.release();
        socket_owner socket = open_socket(handle, link.local.get());
        notification last([&] {
            socket.reset();
            execution_engine_dec_ref(handle);
        });
        ASSERT_EQ(last.start(socket.get()), 0);
        ASSERT_TRUE(last.wait());
    }
    EXPECT_TRUE(has_ended(before)) << ::testing::PrintToString(footprint_now());
}

// SRS_EXECUTION_ENGINE_01_010
TEST_F(references, to_one_engine_may_end_inside_a_callback_of_another)
{
    const footprint before = footprint_now();
    {
        const connection link = make_connection();
        const engine_owner running = make_engine(1);
        engine_owner ended = make_engine(2);
        ASSERT_TRUE(running);
        ASSERT_TRUE(ended);
        const socket_owner socket = open_socket(running.get(), link.local.get());
        notification ending([&] { ended.reset(); });
        ASSERT_EQ(ending.start(socket.get()), 0);
        ASSERT_TRUE(ending.wait());
        EXPECT_TRUE(wait_until([&] { return threads_of_process() == before.threads + 1; }));
    }
    EXPECT_TRUE(has_ended(before)) << ::testing::PrintToString(footprint_now());
}

// What a thread-local object of the program does when its worker has ended.
struct last_words {
    std::function<void()> say;

    ~last_words()
    {
        if (say) {
            say();
        }
    }
};
thread_local last_words of_this_thread;

// SRS_EXECUTION_ENGINE_LINUX_01_034
TEST_F(references, may_end_on_a_worker_whose_last_objects_use_another_engine)
{
    const footprint before = footprint_now();
    {
        const connection link = make_connection();
        const engine_owner running = make_engine(1);
        ASSERT_TRUE(running);
        socket_owner socket = open_socket(running.get(), link.local.get());
        contract::receive_operation received(10);
        ASSERT_EQ(received.start(socket.get()), 0);
        EXECUTION_ENGINE_HANDLE const ended = make_engine(1).release();
        bool is_worker = true;
        contract::event is_over;
        contract::delay_operation dropping;
        dropping.in_callback = [&] {
            of_this_thread.say = [&] {
                is_worker = async_socket::detail::worker::current() != nullptr;
                socket.reset();
                is_over.set();
            };
            execution_engine_dec_ref(ended);
        };
        ASSERT_EQ(dropping.start(ended, 0), 0);
        ASSERT_TRUE(is_over.wait());
        EXPECT_FALSE(is_worker);
        EXPECT_TRUE(received.is_done());
    }
    EXPECT_TRUE(has_ended(before)) << ::testing::PrintToString(footprint_now());
}

} // namespace
} // namespace linux_tests
