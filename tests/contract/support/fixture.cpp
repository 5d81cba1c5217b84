// SPDX-License-Identifier: MIT

#include "support/fixture.h"

#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace contract {

namespace {

void ignore(void*, ASYNC_SOCKET_OPEN_RESULT) {}

} // namespace

socket_owner open_socket(EXECUTION_ENGINE_HANDLE engine, SOCKET_TRANSPORT_HANDLE transport)
{
    socket_owner socket(async_socket_create(engine));
    if (!socket || async_socket_open_async(socket.get(), transport, ignore, nullptr) != 0) {
        throw std::runtime_error("cannot open an async socket");
    }
    return socket;
}

with_engine::with_engine(std::uint32_t min_thread_count, std::uint32_t max_thread_count)
    : engine(create_engine_under_test(min_thread_count, max_thread_count))
{
    if (!engine) {
        throw std::runtime_error("cannot create an engine");
    }
}

send_operation& with_engine::new_send(bytes memory, const std::vector<std::size_t>& pieces)
{
    return *sends_.emplace_back(std::make_unique<send_operation>(std::move(memory), pieces));
}

receive_operation& with_engine::new_receive(std::size_t size, const std::vector<std::size_t>& pieces)
{
    return *receives_.emplace_back(std::make_unique<receive_operation>(size, pieces));
}

send_operation& with_engine::start_send(ASYNC_SOCKET_HANDLE on, bytes memory, const std::vector<std::size_t>& pieces)
{
    send_operation& operation = new_send(std::move(memory), pieces);
    const ASYNC_SOCKET_SEND_SYNC_RESULT result = operation.start(on);
    if (result != ASYNC_SOCKET_SEND_SYNC_OK) {
        throw std::runtime_error(std::string("a send was refused: ") + async_socket_send_sync_result_to_string(result));
    }
    return operation;
}

receive_operation& with_engine::start_receive(ASYNC_SOCKET_HANDLE on, std::size_t size,
                                              const std::vector<std::size_t>& pieces)
{
    receive_operation& operation = new_receive(size, pieces);
    if (operation.start(on) != 0) {
        throw std::runtime_error("a receive was refused");
    }
    return operation;
}

send_ex_operation& with_engine::start_send_ex(ASYNC_SOCKET_HANDLE on, bytes memory, std::uint32_t timeout_ms)
{
    send_ex_operation& operation = make<send_ex_operation>(std::move(memory));
    if (operation.start(on, timeout_ms) != ASYNC_SOCKET_SEND_SYNC_OK) {
        throw std::runtime_error("a send was refused");
    }
    return operation;
}

receive_ex_operation& with_engine::start_receive_ex(ASYNC_SOCKET_HANDLE on, std::size_t size, std::uint32_t timeout_ms)
{
    receive_ex_operation& operation = make<receive_ex_operation>(size);
    if (operation.start(on, timeout_ms) != 0) {
        throw std::runtime_error("a receive was refused");
    }
    return operation;
}

send_ex_operation& with_engine::start_blocked_send(ASYNC_SOCKET_HANDLE on)
{
    // More than any system buffers of one connection on the loopback.
    constexpr std::size_t too_much = std::size_t{32} * 1024 * 1024;
    return start_send_ex(on, pattern(too_much));
}

void with_engine::wait_until_it_is_being_closed(ASYNC_SOCKET_HANDLE on)
{
    const auto deadline = std::chrono::steady_clock::now() + generous_limit();
    while (new_receive(1).start(on) == 0) {
        if (std::chrono::steady_clock::now() > deadline) {
            throw std::runtime_error("no close has begun");
        }
        std::this_thread::yield();
    }
}

void with_engine::expect_works(ASYNC_SOCKET_HANDLE on, SOCKET_TRANSPORT_HANDLE peer)
{
    constexpr std::size_t length = 100;
    send_operation& sending = start_send(on, pattern(length));
    EXPECT_EQ(receive_exactly(peer, length), pattern(length));
    ASSERT_TRUE(sending.wait());
    EXPECT_EQ(sending.result(), ASYNC_SOCKET_SEND_OK);

    ASSERT_TRUE(send_all(peer, pattern(length)));
    std::size_t received = 0;
    while (received != length) {
        receive_operation& receiving = start_receive(on, length - received);
        ASSERT_TRUE(receiving.wait());
        ASSERT_EQ(receiving.result(), ASYNC_SOCKET_RECEIVE_OK);
        EXPECT_EQ(first_wrong_byte(receiving.memory(), receiving.received(), received), receiving.received());
        received += receiving.received();
    }
}

with_connection::with_connection(std::uint32_t min_thread_count, std::uint32_t max_thread_count)
    : with_engine(min_thread_count, max_thread_count), link(make_connection())
{
}

with_socket::with_socket(std::uint32_t min_thread_count, std::uint32_t max_thread_count)
    : with_connection(min_thread_count, max_thread_count), socket(open_socket(engine.get(), link.local.get()))
{
}

} // namespace contract
