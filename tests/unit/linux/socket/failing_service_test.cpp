// SPDX-License-Identifier: MIT
//
// As failing_conversation_test.cpp, for what goes around a conversation: a listener that accepts, a connect by name,
// operations with time limits, a cancel, a delay, a half close. Every call of the system that it needs fails once, at
// each of its turns, with each of its errors. Whatever fails: each accepted operation calls back once, with a status
// that the contract has for it, nothing is left behind, and nobody waits for ever.

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "linux/transport/accept_error.hpp"
#include "linux_support/fixture.h"
#include "support/ex_operation.h"

namespace linux_tests {
namespace {

using linux_faults::api;

constexpr std::size_t most_turns = 400;
constexpr std::size_t stream_length = 40;
// Far more than anything here takes; an operation that nothing ends ends so, and fails the test.
constexpr std::uint32_t generous_ms = 60'000;

class listener_owner {
public:
    explicit listener_owner(ASYNC_LISTENER_HANDLE listener) : listener_(listener) {}
    ~listener_owner()
    {
        if (listener_ != nullptr) {
            async_listener_destroy(listener_);
        }
    }
    listener_owner(const listener_owner&) = delete;
    listener_owner& operator=(const listener_owner&) = delete;

    [[nodiscard]] ASYNC_LISTENER_HANDLE get() const { return listener_; }

private:
    ASYNC_LISTENER_HANDLE listener_;
};

class service {
public:
    service()
    {
        const linux_faults::exempt ours;
        server_.reset(socket_transport_create_server());
        char host[SOCKET_TRANSPORT_ADDRESS_SIZE];
        if (socket_transport_listen_at(server_.get(), "127.0.0.1", 0) != 0 ||
            socket_transport_get_local_endpoint(server_.get(), host, sizeof host, &port_) != 0) {
            throw std::runtime_error("no port to listen at");
        }
    }

    // True: nothing has failed.
    bool run()
    {
        const engine_owner engine = make_engine(2);
        if (!engine) {
            return false;
        }
        const listener_owner listener(async_listener_create(engine.get()));
        if (listener.get() == nullptr || async_listener_open(listener.get(), server_.get()) != 0) {
            return false;
        }
        contract::accept_operation accepting;
        if (accepting.start(listener.get()) != 0) {
            EXPECT_EQ(accepting.calls(), 0U);
            return false;
        }
        const contract::socket_owner client(async_socket_create(engine.get()));
        const bool is_connected = client && connect(client.get());
        if (!is_connected) {
            async_listener_close(listener.get());
            EXPECT_EQ(accepting.calls(), 1U);
            return false;
        }
        EXPECT_TRUE(accepting.wait());
        EXPECT_EQ(accepting.calls(), 1U);
        bool is_perfect = accepting.status() == ASYNC_STATUS_OK;
        if (is_perfect) {
            const contract::transport_owner accepted = accepting.take_accepted();
            const contract::socket_owner peer(async_socket_create(engine.get()));
            is_perfect = peer && async_socket_open_async(peer.get(), accepted.get(), ignore_open, nullptr) == 0 &&
                         talk(client.get(), peer.get());
        }
        return wait_a_moment(engine.get()) && is_perfect;
    }

private:
    // Of its own, that is; the system may have said so, too.
    static bool has_run_out_of_time(const contract::ex_operation& operation)
    {
        return operation.status() == ASYNC_STATUS_TIMED_OUT && operation.system_error() == 0;
    }

    bool connect(ASYNC_SOCKET_HANDLE client) const
    {
        contract::connect_ex_operation connecting;
        if (connecting.start(client, "localhost", port_, generous_ms) != 0) {
            EXPECT_EQ(connecting.calls(), 0U);
            return false;
        }
        EXPECT_TRUE(connecting.wait());
        EXPECT_EQ(connecting.calls(), 1U);
        EXPECT_FALSE(has_run_out_of_time(connecting));
        EXPECT_NE(connecting.status(), ASYNC_STATUS_CLOSED);
        return connecting.status() == ASYNC_STATUS_OK;
    }

    // An operation that was started has to end by itself, and not by its time.
    static bool ends_well(contract::ex_operation& operation, bool started, ASYNC_STATUS expected)
    {
        if (!started) {
            EXPECT_EQ(operation.calls(), 0U);
            return false;
        }
        EXPECT_TRUE(operation.wait());
        EXPECT_EQ(operation.calls(), 1U);
        EXPECT_FALSE(has_run_out_of_time(operation));
        return operation.status() == expected;
    }

    static bool talk(ASYNC_SOCKET_HANDLE client, ASYNC_SOCKET_HANDLE peer)
    {
        bool is_perfect = give_up_a_receive(client);
        contract::send_ex_operation sending(contract::pattern(stream_length), {10, 10, 10, 10});
        const bool sends = sending.start(client, generous_ms) == ASYNC_SOCKET_SEND_SYNC_OK;
        if (!ends_well(sending, sends, ASYNC_STATUS_OK)) {
            return false;
        }
        contract::bytes arrived;
        while (arrived.size() < stream_length) {
            contract::receive_ex_operation receiving(stream_length);
            if (!ends_well(receiving, receiving.start(peer, generous_ms) == 0, ASYNC_STATUS_OK)) {
                return false;
            }
            arrived.insert(arrived.end(), receiving.memory(), receiving.memory() + receiving.transferred());
        }
        EXPECT_EQ(arrived, contract::pattern(stream_length));
        contract::shutdown_operation shutting;
        if (!ends_well(shutting, shutting.start(client) == 0, ASYNC_STATUS_OK)) {
            return false;
        }
        contract::receive_ex_operation last(stream_length);
        return ends_well(last, last.start(peer, generous_ms) == 0, ASYNC_STATUS_END_OF_STREAM) && is_perfect;
    }

    // A cancel needs memory; where there is none, the one that waits needs none.
    static bool give_up_a_receive(ASYNC_SOCKET_HANDLE client)
    {
        contract::receive_ex_operation pending(stream_length);
        if (pending.start(client) != 0) {
            EXPECT_EQ(pending.calls(), 0U);
            return false;
        }
        const bool asked = async_socket_cancel(client, pending.id()) == 0;
        EXPECT_EQ(async_socket_cancel_and_wait(client, pending.id()), 0);
        EXPECT_EQ(pending.calls(), 1U);
        return asked && pending.status() == ASYNC_STATUS_CANCELLED;
    }

    static bool wait_a_moment(EXECUTION_ENGINE_HANDLE engine)
    {
        contract::delay_operation delay;
        return ends_well(delay, delay.start(engine, 1) == 0, ASYNC_STATUS_OK);
    }

    contract::transport_owner server_;
    std::uint16_t port_ = 0;
};

// Errors that the caller of the library must not notice.
bool is_hidden(api which, int error)
{
    switch (which) {
    case api::accept4:
        return error == EINTR || async_socket::detail::is_shortage(error) || async_socket::detail::peer_gave_up(error);
    case api::epoll_wait:
    case api::io_uring_submit_and_wait:
    case api::io_uring_submit_and_wait_timeout:
    case api::io_uring_submit_and_get_events:
    case api::io_uring_submit:
    case api::close:
        return true;
    default:
        return error == EINTR;
    }
}

std::vector<int> errors_to_try(api which)
{
    switch (which) {
    case api::epoll_wait:
        return {EINTR};
    case api::io_uring_submit_and_wait:
    case api::io_uring_submit_and_wait_timeout:
    case api::io_uring_submit_and_get_events:
        return {EINTR, EAGAIN, EBUSY};
    case api::accept4: {
        std::vector<int> result = linux_faults::errors_of(which);
        result.push_back(EINTR);
        return result;
    }
    default:
        return linux_faults::errors_of(which);
    }
}

class failing_service : public ::testing::TestWithParam<api> {
protected:
    linux_faults::clean_scope clean_;
};

// SRS_ASYNC_CONNECT_01_006, SRS_ASYNC_CONNECT_01_010, SRS_ASYNC_CONNECT_01_012, SRS_ASYNC_LISTENER_01_002
// SRS_ASYNC_LISTENER_01_012, SRS_ASYNC_LISTENER_01_013, SRS_ASYNC_DELAY_01_004, SRS_ASYNC_SOCKET_EX_01_014
TEST_P(failing_service, ends_every_operation_once_and_leaves_nothing)
{
    const api which = GetParam();
    for (const int error : errors_to_try(which)) {
        bool failed = true;
        for (std::size_t nth = 1; failed; ++nth) {
            SCOPED_TRACE(::testing::Message()
                         << linux_faults::name_of(which) << ", turn " << nth << ", error " << error);
            ASSERT_LT(nth, most_turns);
            const footprint before = footprint_now();
            in_own_thread([&] {
                service once;
                linux_faults::reset();
                linux_faults::fail_nth(which, nth, error);
                const bool is_perfect = once.run();
                failed = linux_faults::failures(which) != 0;
                linux_faults::reset();
                if (!failed || is_hidden(which, error)) {
                    EXPECT_TRUE(is_perfect);
                }
                EXPECT_EQ(linux_faults::calls_on_bad_descriptors(), 0U);
            });
            ASSERT_TRUE(returns_to(before)) << ::testing::PrintToString(footprint_now());
            ASSERT_FALSE(HasFailure());
        }
    }
}

INSTANTIATE_TEST_SUITE_P(all, failing_service,
                         ::testing::Values(api::socket, api::connect, api::accept4, api::getsockopt, api::getsockname,
                                           api::getpeername, api::getaddrinfo, api::pthread_create, api::epoll_ctl,
                                           api::epoll_wait, api::eventfd, api::shutdown, api::close, api::operator_new,
                                           api::send, api::sendmsg, api::recv, api::io_uring_submit_and_wait,
                                           api::io_uring_submit_and_wait_timeout, api::io_uring_submit_and_get_events),
                         [](const auto& parameter) { return linux_faults::name_of(parameter.param); });

} // namespace
} // namespace linux_tests
