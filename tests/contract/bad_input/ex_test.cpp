// SPDX-License-Identifier: MIT
//
// What the newer functions refuse; each refusal is reported, and everything goes on.

#include <string>

#include <gtest/gtest.h>

#include "support/fixture.h"
#include "support/refusal.h"

namespace contract {
namespace {

void never(void*, const ASYNC_COMPLETION*)
{
    ADD_FAILURE() << "the callback of what was refused was called";
}

void never_opened(void*, ASYNC_SOCKET_OPEN_RESULT)
{
    ADD_FAILURE() << "the callback of a refused connect was called";
}

void never_accepted(void*, const ASYNC_COMPLETION*, SOCKET_TRANSPORT_HANDLE)
{
    ADD_FAILURE() << "the callback of a refused accept was called";
}

class bad_input_ex : public with_socket {
protected:
    void TearDown() override { expect_works(socket.get(), link.peer.get()); }

    unsigned char data[8] = {};
    ASYNC_SOCKET_BUFFER buffer{data, 8};
    ASYNC_OPERATION_ID id = 0;
};

// SRS_ASYNC_SOCKET_EX_01_005
TEST_F(bad_input_ex, of_a_send)
{
    const auto refused = [&](const char* argument, ASYNC_SOCKET_HANDLE on, const ASYNC_SOCKET_BUFFER* payload,
                             std::uint32_t count, ON_ASYNC_COMPLETE callback) {
        expect_refused(ASYNC_SOCKET_SEND_SYNC_ERROR, "async_socket_send_ex_async", argument, [&] {
            return async_socket_send_ex_async(on, payload, count, ASYNC_NO_TIMEOUT, &id, callback, nullptr);
        });
    };
    refused("async_socket", nullptr, &buffer, 1, never);
    refused("on_complete", socket.get(), &buffer, 1, nullptr);
    refused("payload", socket.get(), nullptr, 1, never);
    refused("buffer_count", socket.get(), &buffer, 0, never);
    refused("buffer_count", socket.get(), &buffer, UINT32_MAX, never);
    const ASYNC_SOCKET_BUFFER null{nullptr, 8};
    const ASYNC_SOCKET_BUFFER empty{data, 0};
    const ASYNC_SOCKET_BUFFER too_much[2] = {{data, UINT32_MAX}, {data, 1}};
    refused("payload[0].buffer", socket.get(), &null, 1, never);
    refused("payload[0].length", socket.get(), &empty, 1, never);
    refused("payload", socket.get(), too_much, 2, never);
}

// SRS_ASYNC_SOCKET_EX_01_010
TEST_F(bad_input_ex, of_a_receive)
{
    const auto refused = [&](const char* argument, ASYNC_SOCKET_HANDLE on, ASYNC_SOCKET_BUFFER* payload,
                             std::uint32_t count, ON_ASYNC_COMPLETE callback) {
        expect_refused("async_socket_receive_ex_async", argument, [&] {
            return async_socket_receive_ex_async(on, payload, count, ASYNC_NO_TIMEOUT, &id, callback, nullptr);
        });
    };
    refused("async_socket", nullptr, &buffer, 1, never);
    refused("on_complete", socket.get(), &buffer, 1, nullptr);
    refused("payload", socket.get(), nullptr, 1, never);
    refused("buffer_count", socket.get(), &buffer, 0, never);
    refused("buffer_count", socket.get(), &buffer, UINT32_MAX, never);
    ASYNC_SOCKET_BUFFER null{nullptr, 8};
    ASYNC_SOCKET_BUFFER empty{data, 0};
    refused("payload[0].buffer", socket.get(), &null, 1, never);
    refused("payload[0].length", socket.get(), &empty, 1, never);
}

// SRS_ASYNC_SOCKET_EX_01_013, SRS_ASYNC_SOCKET_EX_01_015
TEST_F(bad_input_ex, of_a_cancel)
{
    expect_refused("async_socket_cancel", "async_socket", [&] { return async_socket_cancel(nullptr, 1); });
    expect_refused("async_socket_cancel", "id", [&] { return async_socket_cancel(socket.get(), 0); });
    expect_refused("async_socket_cancel_and_wait", "async_socket",
                   [&] { return async_socket_cancel_and_wait(nullptr, 1); });
    expect_refused("async_socket_cancel_and_wait", "id", [&] { return async_socket_cancel_and_wait(socket.get(), 0); });
    const socket_owner fresh(async_socket_create(engine.get()));
    expect_refused("async_socket_cancel", "async_socket", [&] { return async_socket_cancel(fresh.get(), 1); });
}

// SRS_ASYNC_SOCKET_EX_01_018
TEST_F(bad_input_ex, of_a_half_close)
{
    expect_refused("async_socket_shutdown_send_async", "async_socket",
                   [&] { return async_socket_shutdown_send_async(nullptr, never, nullptr); });
    expect_refused("async_socket_shutdown_send_async", "on_complete",
                   [&] { return async_socket_shutdown_send_async(socket.get(), nullptr, nullptr); });
}

// SRS_ASYNC_SOCKET_EX_01_021
TEST_F(bad_input_ex, of_a_release)
{
    SOCKET_HANDLE released{};
    expect_refused("async_socket_release", "async_socket", [&] { return async_socket_release(nullptr, &released); });
    expect_refused("async_socket_release", "released", [&] { return async_socket_release(socket.get(), nullptr); });
}

// SRS_ASYNC_CONNECT_01_001, SRS_ASYNC_CONNECT_01_002
TEST_F(bad_input_ex, of_a_connect)
{
    const socket_owner fresh(async_socket_create(engine.get()));
    const std::string too_long(254, 'a');
    const struct {
        const char* argument;
        ASYNC_SOCKET_HANDLE on;
        const char* host;
        std::uint16_t port;
    } all[] = {
        {"async_socket", nullptr, "127.0.0.1", 1},  {"host", fresh.get(), nullptr, 1},     {"host", fresh.get(), "", 1},
        {"host", fresh.get(), too_long.c_str(), 1}, {"port", fresh.get(), "127.0.0.1", 0},
    };
    for (const auto& each : all) {
        expect_refused("async_socket_connect_async", each.argument, [&] {
            return async_socket_connect_async(each.on, each.host, each.port, ASYNC_NO_TIMEOUT, never_opened, nullptr);
        });
        expect_refused("async_socket_connect_ex_async", each.argument, [&] {
            return async_socket_connect_ex_async(each.on, each.host, each.port, ASYNC_NO_TIMEOUT, &id, never, nullptr);
        });
    }
    expect_refused("async_socket_connect_async", "on_open_complete", [&] {
        return async_socket_connect_async(fresh.get(), "127.0.0.1", 1, ASYNC_NO_TIMEOUT, nullptr, nullptr);
    });
    expect_refused("async_socket_connect_ex_async", "on_complete", [&] {
        return async_socket_connect_ex_async(fresh.get(), "127.0.0.1", 1, ASYNC_NO_TIMEOUT, &id, nullptr, nullptr);
    });
    // It is as it was: it can be opened.
    const connection other = make_connection();
    EXPECT_EQ(async_socket_open_async(
                  fresh.get(), other.local.get(), [](void*, ASYNC_SOCKET_OPEN_RESULT) {}, nullptr),
              0);
}

// SRS_ASYNC_LISTENER_01_001, SRS_ASYNC_LISTENER_01_003, SRS_ASYNC_LISTENER_01_006, SRS_ASYNC_LISTENER_01_008,
// SRS_ASYNC_LISTENER_01_014, SRS_ASYNC_LISTENER_01_015, SRS_ASYNC_LISTENER_01_016
TEST_F(bad_input_ex, of_a_listener)
{
    expect_refused("async_listener_create", "execution_engine",
                   [] { return async_listener_create(nullptr) == nullptr; });
    async_listener_destroy(nullptr);
    async_listener_close(nullptr);
    const listener server;
    const listener_owner listening(async_listener_create(engine.get()));
    expect_refused("async_listener_open", "async_listener", [&] { return async_listener_open(nullptr, server.get()); });
    expect_refused("async_listener_open", "socket_transport",
                   [&] { return async_listener_open(listening.get(), nullptr); });
    const auto accept = [&](ASYNC_LISTENER_HANDLE on, ON_ASYNC_LISTENER_ACCEPT_COMPLETE callback) {
        return async_listener_accept_async(on, ASYNC_NO_TIMEOUT, &id, callback, nullptr);
    };
    expect_refused("async_listener_accept_async", "async_listener",
                   [&] { return accept(listening.get(), never_accepted); });
    ASSERT_EQ(async_listener_open(listening.get(), server.get()), 0);
    expect_refused("async_listener_accept_async", "async_listener", [&] { return accept(nullptr, never_accepted); });
    expect_refused("async_listener_accept_async", "on_complete", [&] { return accept(listening.get(), nullptr); });
    expect_refused("async_listener_cancel", "async_listener", [] { return async_listener_cancel(nullptr, 1); });
    expect_refused("async_listener_cancel", "id", [&] { return async_listener_cancel(listening.get(), 0); });
    expect_refused("async_listener_cancel_and_wait", "async_listener",
                   [] { return async_listener_cancel_and_wait(nullptr, 1); });
    expect_refused("async_listener_cancel_and_wait", "id",
                   [&] { return async_listener_cancel_and_wait(listening.get(), 0); });
    async_listener_close(listening.get());
    expect_refused("async_listener_accept_async", "async_listener",
                   [&] { return accept(listening.get(), never_accepted); });
}

// SRS_ASYNC_DELAY_01_005, SRS_ASYNC_DELAY_01_002, SRS_ASYNC_DELAY_01_006, SRS_ASYNC_DELAY_01_007
TEST_F(bad_input_ex, of_a_delay)
{
    expect_refused("async_delay_start", "execution_engine",
                   [&] { return async_delay_start(nullptr, 1, &id, never, nullptr); });
    expect_refused("async_delay_start", "on_complete",
                   [&] { return async_delay_start(engine.get(), 1, &id, nullptr, nullptr); });
    expect_refused("async_delay_start", "delay_ms",
                   [&] { return async_delay_start(engine.get(), UINT32_MAX, &id, never, nullptr); });
    expect_refused("async_delay_cancel", "execution_engine", [] { return async_delay_cancel(nullptr, 1); });
    expect_refused("async_delay_cancel", "id", [&] { return async_delay_cancel(engine.get(), 0); });
    expect_refused("async_delay_cancel_and_wait", "execution_engine",
                   [] { return async_delay_cancel_and_wait(nullptr, 1); });
    expect_refused("async_delay_cancel_and_wait", "id", [&] { return async_delay_cancel_and_wait(engine.get(), 0); });
}

} // namespace
} // namespace contract
