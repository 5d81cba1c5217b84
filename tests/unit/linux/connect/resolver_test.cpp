// SPDX-License-Identifier: MIT
//
// Names whose servers are silent: whose answers nobody waits for any more.

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <netdb.h>

#include "linux_support/fixture.h"

namespace linux_tests {
namespace {

// What the replaced call has to say; one test at a time.
struct silent_names {
    contract::event end_of_silence;
    contract::counter asked; // silent names
};

silent_names* current_names = nullptr;

// Names that begin with "silent" have no answer before the end of the silence; all others are this machine.
int resolve_unless_silent(const char* host, const char* service, const addrinfo* hints, addrinfo** result)
{
    if (std::strncmp(host, "silent", 6) == 0 && (hints->ai_flags & AI_NUMERICHOST) == 0) {
        current_names->asked.add();
        EXPECT_TRUE(current_names->end_of_silence.wait());
        return EAI_AGAIN;
    }
    addrinfo numeric = *hints;
    numeric.ai_flags |= AI_NUMERICHOST;
    return getaddrinfo((hints->ai_flags & AI_NUMERICHOST) != 0 ? host : "127.0.0.1", service, &numeric, result);
}

// Counted before there is an engine: a sanitizer may have threads of its own.
struct threads_before_engine {
    const std::size_t count = threads_of_process();
};

class resolver : private threads_before_engine, public contract::with_engine {
protected:
    resolver() : with_engine(1, 1)
    {
        linux_faults::reset();
        current_names = &names_;
        linux_faults::replace_getaddrinfo(resolve_unless_silent);
    }
    ~resolver() override
    {
        sockets_.clear();
        engine.reset();
        names_.end_of_silence.set();
        EXPECT_TRUE(wait_until([this] { return threads_of_process() <= count; }));
        linux_faults::reset();
        current_names = nullptr;
    }

    contract::connect_ex_operation& start(const std::string& host, std::uint16_t port)
    {
        ASYNC_SOCKET_HANDLE const socket = sockets_.emplace_back(async_socket_create(engine.get())).get();
        contract::connect_ex_operation& started = make<contract::connect_ex_operation>();
        EXPECT_EQ(started.start(socket, host.c_str(), port), 0);
        return started;
    }
    // Connects that will not get an answer, in order.
    std::vector<contract::connect_ex_operation*> start_silent(std::size_t number)
    {
        std::vector<contract::connect_ex_operation*> started;
        for (std::size_t i = 0; i != number; ++i) {
            started.push_back(&start("silent" + std::to_string(i), 1));
        }
        return started;
    }
    // Ends all connects there are, the last one first: what waits in the queue before what is asked for.
    void give_up_all()
    {
        while (!sockets_.empty()) {
            sockets_.pop_back();
        }
    }

    const linux_faults::exempt ours_; // what the test does for itself resolves as ever
    silent_names names_;
    std::vector<contract::socket_owner> sockets_;
};

// SRS_ASYNC_CONNECT_01_020
TEST_F(resolver, is_not_held_up_by_names_that_nobody_waits_for)
{
    start_silent(20);
    ASSERT_TRUE(names_.asked.wait_for(4));
    // One after the other, so that some of those that wait in the queue may be asked for.
    for (const contract::socket_owner& each : sockets_) {
        async_socket_close(each.get());
    }
    const contract::listener server;
    contract::connect_ex_operation& connecting = start("a.name", server.port());
    ASSERT_TRUE(connecting.wait());
    EXPECT_EQ(connecting.status(), ASYNC_STATUS_OK);
}

// SRS_ASYNC_CONNECT_01_020
TEST_F(resolver, does_not_ask_for_names_that_nobody_waits_for)
{
    start_silent(20);
    ASSERT_TRUE(names_.asked.wait_for(4));
    give_up_all();
    const contract::listener server;
    contract::connect_ex_operation& connecting = start("a.name", server.port());
    ASSERT_TRUE(connecting.wait());
    EXPECT_EQ(names_.asked.value(), 4U);
}

// SRS_ASYNC_CONNECT_01_020
TEST_F(resolver, asks_for_a_name_that_waits_as_soon_as_nobody_waits_for_one_that_is_silent)
{
    const contract::listener server;
    start_silent(4);
    ASSERT_TRUE(names_.asked.wait_for(4));
    contract::connect_ex_operation& connecting = start("a.name", server.port());
    async_socket_close(sockets_.front().get());
    ASSERT_TRUE(connecting.wait());
    EXPECT_EQ(connecting.status(), ASYNC_STATUS_OK);
}

// SRS_ASYNC_CONNECT_01_020
TEST_F(resolver, has_a_bound_on_the_threads_that_wait_for_silent_names)
{
    constexpr std::size_t most = 32;
    for (std::size_t i = 0; i != most / 4 + 1; ++i) {
        start_silent(4);
        ASSERT_TRUE(names_.asked.wait_for(std::min(4 * (i + 1), most)));
        give_up_all();
    }
    // The last four have left the queue: there was no thread to ask for them.
    EXPECT_EQ(names_.asked.value(), most);
    const contract::listener server;
    contract::connect_ex_operation& connecting = start("a.name", server.port());
    names_.end_of_silence.set();
    ASSERT_TRUE(connecting.wait());
    EXPECT_EQ(connecting.status(), ASYNC_STATUS_OK);
}

// SRS_ASYNC_CONNECT_01_021
TEST_F(resolver, keeps_no_engine_for_an_answer_that_nobody_waits_for)
{
    const std::size_t threads = threads_of_process();
    start_silent(6);
    ASSERT_TRUE(names_.asked.wait_for(4));
    give_up_all();
    engine.reset();
    // The engine's one thread has ended; the four that are stuck have not.
    EXPECT_EQ(threads_of_process(), threads - 1 + 4);
}

// SRS_ASYNC_CONNECT_01_021: neither an engine, nor the answer and what it was asked with.
TEST(resolved_name, leaves_nothing)
{
    const linux_faults::clean_scope clean;
    linux_faults::replace_getaddrinfo(resolve_unless_silent);
    // By a thread that keeps no record for another time.
    const auto connect_by_name = [] {
        const engine_owner engine = make_engine(1);
        const contract::listener server;
        const contract::socket_owner socket(async_socket_create(engine.get()));
        contract::connect_ex_operation connecting;
        EXPECT_EQ(connecting.start(socket.get(), "a.name", server.port()), 0);
        EXPECT_TRUE(connecting.wait());
        EXPECT_EQ(connecting.status(), ASYNC_STATUS_OK);
    };
    in_own_thread(connect_by_name);
    const footprint before = footprint_now();
    in_own_thread(connect_by_name);
    EXPECT_TRUE(returns_to(before)) << ::testing::PrintToString(footprint_now());
}

} // namespace
} // namespace linux_tests
