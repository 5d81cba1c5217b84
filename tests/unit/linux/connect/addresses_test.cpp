// SPDX-License-Identifier: MIT
//
// Connecting to a name: which addresses are tried, in which order and when, and that a resolver that takes its time
// holds nobody up. The names are the test's own.

#include <chrono>
#include <mutex>
#include <string>
#include <vector>

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>

#include <gtest/gtest.h>

#include "linux_support/fixture.h"
#include "support/full_listener.h"

namespace linux_tests {
namespace {

using namespace std::chrono_literals;

struct endpoint {
    std::string address;
    std::uint16_t port;
};

// What the replaced calls have to say; one test at a time.
struct network {
    std::mutex mutex;
    std::vector<endpoint> addresses;       // of every name
    std::vector<std::string> attempts;     // under the mutex
    contract::event* may_answer = nullptr; // the resolver waits for it
};

network* current = nullptr;

int resolve_name(addrinfo** result)
{
    if (current->may_answer != nullptr) {
        EXPECT_TRUE(current->may_answer->wait());
    }
    addrinfo** end = result;
    for (const endpoint& each : current->addresses) {
        addrinfo numeric{};
        numeric.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
        numeric.ai_socktype = SOCK_STREAM;
        const int error = getaddrinfo(each.address.c_str(), std::to_string(each.port).c_str(), &numeric, end);
        if (error != 0) {
            return error;
        }
        end = &(*end)->ai_next;
    }
    return current->addresses.empty() ? EAI_NONAME : 0;
}

int resolve(const char* host, const char*, const addrinfo* hints, addrinfo** result)
{
    if ((hints->ai_flags & AI_NUMERICHOST) != 0) {
        return getaddrinfo(host, "1", hints, result);
    }
    return resolve_name(result);
}

int refuse(int, const sockaddr* address, socklen_t length)
{
    char host[NI_MAXHOST];
    getnameinfo(address, length, host, sizeof host, nullptr, 0, NI_NUMERICHOST);
    const std::lock_guard lock(current->mutex);
    current->attempts.emplace_back(host);
    errno = ECONNREFUSED;
    return -1;
}

// Counted before there is an engine: a sanitizer may have threads of its own.
struct threads_at_first {
    const std::size_t count = threads_of_process();
};

class connect_addresses : private threads_at_first, public contract::with_engine {
protected:
    // The threads of the engine and those of the resolver are through.
    [[nodiscard]] bool wait_for_threads() const
    {
        return wait_until([this] { return threads_of_process() <= count; });
    }

    connect_addresses() : with_engine(1, 1), socket(async_socket_create(engine.get()))
    {
        linux_faults::reset();
        current = &network_;
        linux_faults::replace_getaddrinfo(resolve);
    }
    ~connect_addresses() override
    {
        socket.reset();
        engine.reset();
        linux_faults::reset();
        current = nullptr;
    }

    contract::connect_ex_operation& start(std::uint32_t timeout_ms = ASYNC_NO_TIMEOUT)
    {
        contract::connect_ex_operation& started = make<contract::connect_ex_operation>();
        EXPECT_EQ(started.start(socket.get(), "a.name", 1, timeout_ms), 0);
        return started;
    }

    const linux_faults::exempt ours_; // what the test does for itself resolves as ever
    network network_;
    contract::socket_owner socket;
};

// SRS_ASYNC_CONNECT_01_008, SRS_ASYNC_CONNECT_01_009, SRS_ASYNC_CONNECT_01_013
TEST_F(connect_addresses, are_tried_by_turns_of_the_families)
{
    network_.addresses = {{"::1", 1}, {"::2", 1}, {"::3", 1}, {"127.0.0.1", 1}, {"127.0.0.2", 1}};
    linux_faults::replace_connect(refuse);
    contract::connect_ex_operation& connecting = start();
    ASSERT_TRUE(connecting.wait());
    EXPECT_EQ(connecting.status(), ASYNC_STATUS_REFUSED);
    EXPECT_EQ(connecting.system_error(), ECONNREFUSED);
    EXPECT_EQ(network_.attempts, (std::vector<std::string>{"::1", "127.0.0.1", "::2", "127.0.0.2", "::3"}));
}

// SRS_ASYNC_CONNECT_01_009: so many turns would take longer than the test waits for anything.
TEST_F(connect_addresses, that_fail_do_not_wait_for_the_next_turn)
{
    const auto turns = static_cast<std::size_t>(contract::generous_limit() / 250ms) + 10;
    for (std::size_t i = 1; i <= turns; ++i) {
        network_.addresses.push_back({"127.0." + std::to_string(i / 200) + "." + std::to_string(i % 200 + 1), 1});
    }
    linux_faults::replace_connect(refuse);
    contract::connect_ex_operation& connecting = start();
    ASSERT_TRUE(connecting.wait());
    EXPECT_EQ(network_.attempts.size(), turns);
}

// SRS_ASYNC_CONNECT_01_009, SRS_ASYNC_CONNECT_01_010: the first one never answers.
TEST_F(connect_addresses, that_do_not_answer_are_overtaken_after_250_ms)
{
    const contract::full_listener silent;
    const contract::listener server;
    network_.addresses = {{"127.0.0.1", silent.port()}, {"127.0.0.1", server.port()}};
    const std::size_t before = linux_faults::open_descriptors();
    contract::connect_ex_operation& connecting = start();
    ASSERT_TRUE(connecting.wait());
    EXPECT_EQ(connecting.status(), ASYNC_STATUS_OK);
    EXPECT_GE(connecting.took(), 250ms);
    EXPECT_TRUE(wait_until([&] { return linux_faults::open_descriptors() == before + 1; })) << "one is the socket's";
    const contract::transport_owner peer = server.accept();
    expect_works(socket.get(), peer.get());
}

// SRS_ASYNC_CONNECT_01_010, SRS_ASYNC_CONNECT_01_011: none of several under way is left behind.
TEST_F(connect_addresses, under_way_are_all_closed_with_the_socket)
{
    const contract::full_listener first;
    const contract::full_listener second;
    network_.addresses = {{"127.0.0.1", first.port()}, {"127.0.0.1", second.port()}};
    const std::size_t before = linux_faults::open_descriptors();
    contract::connect_ex_operation& connecting = start();
    ASSERT_TRUE(wait_until([&] { return linux_faults::open_descriptors() == before + 2; })) << "both are tried";
    async_socket_close(socket.get());
    ASSERT_TRUE(connecting.is_done());
    EXPECT_EQ(connecting.status(), ASYNC_STATUS_CLOSED);
    EXPECT_TRUE(wait_until([&] { return linux_faults::open_descriptors() == before; }));
    EXPECT_EQ(linux_faults::calls_on_bad_descriptors(), 0U);
}

// SRS_ASYNC_CONNECT_01_013
TEST_F(connect_addresses, that_are_none_are_a_name_that_is_not_resolved)
{
    contract::connect_ex_operation& connecting = start();
    ASSERT_TRUE(connecting.wait());
    EXPECT_EQ(connecting.status(), ASYNC_STATUS_NAME_NOT_RESOLVED);
}

// SRS_ASYNC_CONNECT_01_012: neither the caller nor the one thread that there is.
TEST_F(connect_addresses, that_take_their_time_hold_nobody_up)
{
    contract::event may_answer;
    network_.may_answer = &may_answer;
    const contract::listener server;
    network_.addresses = {{"127.0.0.1", server.port()}};
    contract::connect_ex_operation& connecting = start();
    const contract::connection link = contract::make_connection();
    const contract::socket_owner other = contract::open_socket(engine.get(), link.local.get());
    expect_works(other.get(), link.peer.get());
    EXPECT_FALSE(connecting.is_done());
    may_answer.set();
    ASSERT_TRUE(connecting.wait());
    EXPECT_EQ(connecting.status(), ASYNC_STATUS_OK);
}

// SRS_ASYNC_CONNECT_01_007, SRS_ASYNC_CONNECT_01_011, SRS_ASYNC_CONNECT_01_014: the end does not wait for the resolver,
// whose answer finds nobody.
TEST_F(connect_addresses, that_take_their_time_end_at_once_when_they_are_to)
{
    contract::event may_answer;
    network_.may_answer = &may_answer;
    const contract::listener server;
    network_.addresses = {{"127.0.0.1", server.port()}};
    contract::connect_ex_operation& limited = start(30);
    ASSERT_TRUE(limited.wait());
    EXPECT_EQ(limited.status(), ASYNC_STATUS_TIMED_OUT);
    EXPECT_GE(limited.took(), 30ms);
    contract::connect_ex_operation& cancelled = start();
    EXPECT_EQ(async_socket_cancel_and_wait(socket.get(), cancelled.id()), 0);
    EXPECT_EQ(cancelled.status(), ASYNC_STATUS_CANCELLED);
    contract::connect_ex_operation& closed = start();
    async_socket_close(socket.get());
    ASSERT_TRUE(closed.is_done());
    EXPECT_EQ(closed.status(), ASYNC_STATUS_CLOSED);
    socket.reset();
    may_answer.set();
    engine.reset();
    EXPECT_TRUE(wait_for_threads());
}

} // namespace
} // namespace linux_tests
