// SPDX-License-Identifier: MIT
//
// What the tests of the C++ layer start from: an engine, connections, and coroutines that are run on it.

#ifndef ASYNC_SOCKET_TESTS_CPP_SUPPORT_CPP_FIXTURE_H
#define ASYNC_SOCKET_TESTS_CPP_SUPPORT_CPP_FIXTURE_H

#include <cstdint>
#include <span>
#include <stdexcept>
#include <stop_token>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include "async_socket/async_socket.hpp"
#include "support/connection.h"
#include "support/engine_under_test.h"
#include "support/owners.h"

namespace cpp_layer {

using async_socket::condition;
using async_socket::task;

inline async_socket::socket adopt(async_socket::engine_ref engine, contract::transport_owner transport)
{
    async_socket::socket result = async_socket::socket::adopt(engine, transport.get());
    if (!result) {
        throw std::runtime_error("cannot make a socket of a transport");
    }
    transport.release();
    return result;
}

inline std::span<std::byte> writable(contract::bytes& memory)
{
    return std::as_writable_bytes(std::span(memory));
}

inline std::span<const std::byte> readable(const contract::bytes& memory)
{
    return std::as_bytes(std::span(memory));
}

inline contract::bytes as_bytes(std::string_view text)
{
    return {text.begin(), text.end()};
}

class with_engine : public ::testing::Test {
protected:
    explicit with_engine(std::uint32_t threads = 4)
        : engine(contract::create_engine_under_test(threads, threads == 4 ? 0 : threads))
    {
    }

    // Runs a coroutine function and returns what it returns.
    template <typename Body>
    auto run(Body body, std::stop_token stop = {})
    {
        return engine.run(body(), std::move(stop));
    }

    async_socket::engine engine;
};

// A socket, and a plain blocking peer.
class with_peer : public with_engine {
protected:
    explicit with_peer(std::uint32_t threads = 4) : with_engine(threads)
    {
        contract::connection link = contract::make_connection();
        local = adopt(engine, std::move(link.local));
        peer = std::move(link.peer);
    }

    void peer_sends(std::string_view text) { ASSERT_TRUE(contract::send_all(peer.get(), as_bytes(text))); }

    async_socket::socket local;
    contract::transport_owner peer;
};

// Two sockets that are connected to one another.
class with_sockets : public with_engine {
protected:
    explicit with_sockets(std::uint32_t threads = 4) : with_engine(threads)
    {
        contract::connection link = contract::make_connection();
        left = adopt(engine, std::move(link.local));
        right = adopt(engine, std::move(link.peer));
    }

    async_socket::socket left;
    async_socket::socket right;
};

} // namespace cpp_layer

#endif
