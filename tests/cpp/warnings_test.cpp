// SPDX-License-Identifier: MIT
//
// Each template of the layer once, compiled with more warnings than the rest: those that a strict program has turned on
// are the program's, wherever the code comes from. And so are the macros min and max of a system's header, which stand
// in the way of whoever writes std::min(a, b); the standard library's own headers come before them here.

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <concepts>
#include <condition_variable>
#include <coroutine>
#include <cstdio>
#include <cstring>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <span>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#define min(a, b) ((b) < (a) ? (b) : (a))
#define max(a, b) ((a) < (b) ? (b) : (a))
#include "async_socket/async_socket.hpp"
#undef min
#undef max

namespace cpp_layer {

using namespace std::chrono_literals;
using async_socket::endpoint;
using async_socket::task;

static task<> nothing()
{
    co_return;
}

static task<int> seven()
{
    co_return 7;
}

static std::vector<task<int>> sevens()
{
    std::vector<task<int>> all;
    all.push_back(seven());
    return all;
}

static task<> every_operation(async_socket::engine_ref engine)
{
    async_socket::socket on(engine);
    async_socket::listener server(engine, endpoint("127.0.0.1", 0));
    std::array<std::byte, 8> memory{};
    static_cast<void>(co_await on.receive(memory));
    static_cast<void>(co_await on.receive_exactly(memory));
    static_cast<void>(co_await on.receive_until("x"));
    static_cast<void>(co_await on.receive_until(memory, "x"));
    static_cast<void>(co_await on.send(memory));
    static_cast<void>(co_await on.send_all(memory, 1s));
    static_cast<void>(co_await on.shutdown_send(1s));
    static_cast<void>(co_await on.connect(endpoint("127.0.0.1", 1)));
    static_cast<void>(co_await server.accept());
    static_cast<void>(co_await async_socket::sleep_for(1ms));
    static_cast<void>(on.async_receive(memory, [](async_socket::io_result) {}));
    static_cast<void>(on.async_send(memory, [](async_socket::io_result) {}));
    static_cast<void>(on.async_connect(endpoint("127.0.0.1", 1), [](std::error_code) {}));
    static_cast<void>(server.async_accept([](async_socket::accept_result) {}));
}

static task<> every_way_to_begin(async_socket::engine_ref engine)
{
    const int number = co_await async_socket::with_scope(engine, [](async_socket::scope& all) -> task<int> {
        all.spawn(nothing());
        all.spawn([]() -> task<> { co_return; });
        co_return 3;
    });
    static_cast<void>(co_await async_socket::when_any(nothing(), seven()));
    static_cast<void>(co_await async_socket::when_all(nothing(), seven()));
    static_cast<void>(co_await async_socket::when_any(sevens()));
    static_cast<void>(co_await async_socket::when_all(sevens()));
    async_socket::spawn(engine, [number]() -> task<> {
        static_cast<void>(number);
        co_return;
    });
    async_socket::spawn(engine, nothing());
}

// Refers to both, so that they are compiled.
void compile_all();
void compile_all()
{
    async_socket::engine engine;
    engine.run(every_operation(engine));
    engine.run(every_way_to_begin(engine));
}

} // namespace cpp_layer
