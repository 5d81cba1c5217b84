// SPDX-License-Identifier: MIT

#include "ping_pong.h"

#include <stdexcept>

namespace cost {

namespace {

void ignore_open(void*, ASYNC_SOCKET_OPEN_RESULT) {}

} // namespace

ping_pong::ping_pong(EXECUTION_ENGINE_HANDLE engine, std::size_t connections)
{
    for (std::size_t i = 0; i != connections; ++i) {
        pair& made = *pairs_.emplace_back(std::make_unique<pair>());
        made.link = contract::make_connection();
        SOCKET_TRANSPORT_HANDLE const transports[2] = {made.link.local.get(), made.link.peer.get()};
        for (std::size_t side = 0; side != 2; ++side) {
            made.sockets[side].reset(async_socket_create(engine));
            end& own = made.ends[side];
            own.owner = this;
            own.socket = made.sockets[side].get();
            if (own.socket == nullptr ||
                async_socket_open_async(own.socket, transports[side], ignore_open, nullptr) != 0) {
                throw std::runtime_error("cannot open an async socket");
            }
        }
    }
}

ping_pong::~ping_pong()
{
    ends_.store(true);
    for (const std::unique_ptr<pair>& each : pairs_) {
        each->sockets[0].reset();
        each->sockets[1].reset();
    }
}

std::size_t ping_pong::exchange_in_callbacks(std::size_t messages)
{
    answers_in_callback_.store(true);
    sent_.store(0);
    left_to_send_.store(static_cast<std::int64_t>(messages));
    done_.expect(static_cast<std::uint32_t>(pairs_.size()));
    for (const std::unique_ptr<pair>& each : pairs_) {
        expect_message(each->ends[0]);
        expect_message(each->ends[1]);
        send(each->ends[0]);
    }
    done_.wait();
    return sent_.load();
}

std::size_t ping_pong::exchange_from_here(std::size_t messages)
{
    answers_in_callback_.store(false);
    sent_.store(0);
    std::size_t from = 0;
    while (sent_.load() < messages) {
        done_.expect(static_cast<std::uint32_t>(pairs_.size()));
        for (const std::unique_ptr<pair>& each : pairs_) {
            expect_message(each->ends[1 - from]);
            send(each->ends[from]);
        }
        done_.wait();
        from = 1 - from;
    }
    return sent_.load();
}

// Something else is expected at this time: the message that this one answers, or is.
void ping_pong::send(end& from)
{
    done_.expect(1);
    sent_.fetch_add(1, std::memory_order_relaxed);
    const ASYNC_SOCKET_BUFFER buffer{from.sent_data, message_length};
    if (async_socket_send_async(from.socket, &buffer, 1, on_sent, &from) != ASYNC_SOCKET_SEND_SYNC_OK) {
        failures_.fetch_add(1);
        done_.tell();
    }
}

void ping_pong::expect_message(end& at)
{
    if (!at.has_receive.exchange(true)) {
        receive(at, 0);
    }
}

void ping_pong::receive(end& at, std::uint32_t from)
{
    ASYNC_SOCKET_BUFFER buffer{at.received_data + from, static_cast<std::uint32_t>(receive_length - from)};
    if (async_socket_receive_async(at.socket, &buffer, 1, on_received, &at) != 0) {
        failures_.fetch_add(1);
    }
}

void ping_pong::on_sent(void* context, ASYNC_SOCKET_SEND_RESULT result)
{
    ping_pong& self = *static_cast<end*>(context)->owner;
    if (self.ends_.load(std::memory_order_relaxed)) {
        return;
    }
    if (result != ASYNC_SOCKET_SEND_OK) {
        self.failures_.fetch_add(1);
    }
    self.done_.tell();
}

void ping_pong::on_received(void* context, ASYNC_SOCKET_RECEIVE_RESULT result, std::uint32_t bytes)
{
    end& at = *static_cast<end*>(context);
    ping_pong& self = *at.owner;
    if (self.ends_.load(std::memory_order_relaxed)) {
        return;
    }
    if (result != ASYNC_SOCKET_RECEIVE_OK) {
        self.failures_.fetch_add(1);
        self.done_.tell();
        return;
    }
    at.received += bytes;
    if (at.received != message_length) {
        self.receive(at, at.received);
        return;
    }
    at.received = 0;
    self.take_message(at);
}

void ping_pong::take_message(end& at)
{
    at.has_receive.store(false);
    if (!answers_in_callback_.load(std::memory_order_relaxed) ||
        left_to_send_.fetch_sub(1, std::memory_order_relaxed) <= 0) {
        done_.tell();
        return;
    }
    expect_message(at);
    send(at);
}

} // namespace cost
