// SPDX-License-Identifier: MIT
//
// What happens while memory cannot be allocated: a program with an operator new that refuses when it is told to.

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <new>
#include <stop_token>
#include <thread>
#include <utility>

#include <gtest/gtest.h>

#include "support/cpp_fixture.h"
#include "support/event.h"

namespace cpp_layer {
namespace {

using namespace std::chrono_literals;
using async_socket::bytes_of;
using async_socket::io_result;
using async_socket::sleep_for;

std::atomic<bool> is_refused{false};
std::atomic<int> refusals{0};

} // namespace
} // namespace cpp_layer

namespace {

// Of the kind that operator delete, which is not replaced, takes back.
template <typename... Alignment>
void* allocate_unless_refused(std::size_t size, Alignment... alignment) noexcept
{
    if (cpp_layer::is_refused) {
        ++cpp_layer::refusals;
        return nullptr;
    }
    try {
        return ::operator new(size, alignment...);
    } catch (const std::bad_alloc&) {
        return nullptr;
    }
}

} // namespace

// The library's own, and the only ones that it asks.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept
{
    return allocate_unless_refused(size);
}
void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept
{
    return allocate_unless_refused(size, alignment);
}

namespace cpp_layer {
namespace {

class no_memory : public with_sockets {
protected:
    no_memory() { refusals = 0; }
    ~no_memory() override { is_refused = false; }
};

// SRS_CPP_01_046, SRS_CPP_01_066
TEST_F(no_memory, for_a_handler_loses_no_bytes)
{
    run([&]() -> task<> {
        EXPECT_FALSE((co_await left.send(bytes_of("first\nsecond"))).error);
        EXPECT_EQ((co_await right.receive_until("\n")).text, "first\n");
    });
    // Greater than what the cache keeps, so that the system is asked.
    struct large {
        std::array<char, 1000> unused{};
        void operator()(io_result) {}
    };
    std::array<std::byte, 6> memory{};
    is_refused = true;
    EXPECT_EQ(right.async_receive(memory, large{}), condition::no_resources);
    is_refused = false;
    run([&]() -> task<> {
        EXPECT_EQ((co_await right.receive_exactly(memory)).bytes, 6u);
        EXPECT_EQ(async_socket::text_of(memory), "second");
    });
}

// SRS_CPP_01_033
TEST_F(no_memory, for_an_accept_is_not_told_as_closed)
{
    async_socket::listener server(engine, {"127.0.0.1", 0});
    is_refused = true;
    // Those that find a record that is kept wait; there are only so many.
    std::error_code refused;
    for (int tries = 0; tries != 100'000 && !refused; ++tries) {
        refused = server.async_accept([](async_socket::accept_result) {});
    }
    is_refused = false;
    EXPECT_EQ(refused, condition::no_resources);
    server.close();
    EXPECT_EQ(server.async_accept([](async_socket::accept_result) {}), condition::closed);
}

// SRS_CPP_01_102, SRS_ASYNC_CONNECT_01_022
TEST_F(no_memory, for_a_connect_is_not_told_as_closed)
{
    async_socket::listener server(engine, {"127.0.0.1", 0});
    const async_socket::endpoint there = server.local_endpoint();
    async_socket::socket client(engine);
    run([&]() -> task<> {
        is_refused = true;
        const std::error_code awaited = co_await client.connect(there);
        const std::error_code handled = client.async_connect(there, [](std::error_code) {});
        is_refused = false;
        EXPECT_EQ(awaited, condition::no_resources);
        EXPECT_EQ(handled, condition::no_resources);
        EXPECT_FALSE(co_await client.connect(there));
        EXPECT_FALSE((co_await server.accept()).error);
        client.close();
        EXPECT_EQ(co_await client.connect(there), condition::closed);
    });
}

// SRS_CPP_01_081
TEST_F(no_memory, for_a_cancel_loses_no_stop)
{
    std::stop_source source;
    contract::event ended;
    std::error_code error;
    std::array<std::byte, 6> memory{};
    contract::event begins;
    async_socket::spawn(engine, [&]() -> task<> {
        begins.set();
        const auto received = co_await right.receive(memory, source.get_token());
        error = received.error;
        ended.set();
    });
    ASSERT_TRUE(begins.wait());
    while (right.counters().pending == 0) {
        std::this_thread::yield();
    }
    is_refused = true;
    std::jthread stopping([&] { source.request_stop(); });
    while (refusals == 0) {
        std::this_thread::yield();
    }
    is_refused = false;
    EXPECT_TRUE(ended.wait());
    EXPECT_EQ(error, condition::cancelled);
    right.close();
}

} // namespace
} // namespace cpp_layer
