// SPDX-License-Identifier: MIT
//
// Every call of the system that a conversation needs fails once, at each of its turns, with each of its errors: from
// the making of the engine to the end of its threads. Each operation ends once, with a result that the contract has for
// it, nothing is left behind, and nobody waits for ever.

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "linux_support/fixture.h"

namespace linux_tests {
namespace {

using linux_faults::api;

constexpr std::size_t most_conversation_turns = 400;
constexpr std::size_t conversation_length = 40;

// What came of a conversation.
struct outcome {
    bool has_engine = false;
    bool is_open = false;
    unsigned sends_failed = 0;
    unsigned receives_failed = 0;
    unsigned notifications_failed = 0;
    bool is_whole = false;

    [[nodiscard]] bool is_perfect() const
    {
        return has_engine && is_open && is_whole && sends_failed + receives_failed + notifications_failed == 0;
    }
};

class conversation : public contract::with_connection {
public:
    void TestBody() override {}

    // Only calls of the library and of its workers can fail; the peer is the test's own.
    outcome hold()
    {
        outcome result;
        const engine_owner own_engine = make_engine(2);
        result.has_engine = static_cast<bool>(own_engine);
        if (!result.has_engine) {
            return result;
        }
        contract::socket_owner socket(async_socket_create(own_engine.get()));
        if (!socket) {
            return result;
        }
        result.is_open = async_socket_open_async(socket.get(), link.local.get(), ignore_open, nullptr) == 0;
        EXPECT_TRUE(socket_transport_is_valid_socket(link.local.get()));
        if (!result.is_open) {
            return result;
        }
        talk(socket.get(), result);
        async_socket_close(socket.get());
        return result;
    }

private:
    void talk(ASYNC_SOCKET_HANDLE socket, outcome& result)
    {
        contract::bytes arrived;
        for (int turn = 0; turn != 3; ++turn) {
            // One of one buffer, one of several; more than a record has room for by itself.
            const std::vector<std::size_t> pieces =
                turn == 0 ? std::vector<std::size_t>{conversation_length} : std::vector<std::size_t>{10, 10, 10, 10};
            notification& told = *(notifications_.emplace_back(std::make_unique<notification>()));
            if (told.start(socket) == 0) {
                EXPECT_TRUE(told.wait());
                EXPECT_EQ(told.calls(), 1u);
                result.notifications_failed += told.result() != ASYNC_SOCKET_NOTIFY_IO_RESULT_OUT ? 1 : 0;
            } else {
                ++result.notifications_failed;
            }
            send(socket, turn, pieces, result);
            receive(socket, pieces, arrived, result);
        }
        result.is_whole = arrived == contract::pattern(3 * conversation_length);
    }

    void send(ASYNC_SOCKET_HANDLE socket, int turn, const std::vector<std::size_t>& pieces, outcome& result)
    {
        contract::send_operation& sent = new_send(
            contract::pattern(conversation_length, static_cast<std::uint64_t>(turn) * conversation_length), pieces);
        const ASYNC_SOCKET_SEND_SYNC_RESULT started = sent.start(socket);
        if (started != ASYNC_SOCKET_SEND_SYNC_OK) {
            EXPECT_EQ(sent.calls(), 0u);
            ++result.sends_failed;
            return;
        }
        EXPECT_TRUE(sent.wait());
        EXPECT_EQ(sent.calls(), 1u);
        result.sends_failed += sent.result() != ASYNC_SOCKET_SEND_OK ? 1 : 0;
        const linux_faults::exempt peer;
        if (sent.result() == ASYNC_SOCKET_SEND_OK) {
            const contract::bytes data = contract::receive_exactly(link.peer.get(), conversation_length);
            EXPECT_EQ(data,
                      contract::pattern(conversation_length, static_cast<std::uint64_t>(turn) * conversation_length));
            EXPECT_TRUE(contract::send_all(link.peer.get(), data));
            echoed_ += data.size();
        }
    }

    // Until all that was echoed has come, or a receive has failed.
    void receive(ASYNC_SOCKET_HANDLE socket, const std::vector<std::size_t>& pieces, contract::bytes& arrived,
                 outcome& result)
    {
        while (arrived.size() != echoed_) {
            contract::receive_operation& received = new_receive(conversation_length, pieces);
            if (received.start(socket) != 0) {
                EXPECT_EQ(received.calls(), 0u);
                ++result.receives_failed;
                return;
            }
            ASSERT_TRUE(received.wait());
            EXPECT_EQ(received.calls(), 1u);
            if (received.result() != ASYNC_SOCKET_RECEIVE_OK) {
                EXPECT_EQ(received.received(), 0u);
                ++result.receives_failed;
                return;
            }
            arrived.insert(arrived.end(), received.memory(), received.memory() + received.received());
        }
    }

    std::size_t echoed_ = 0;
    std::vector<std::unique_ptr<notification>> notifications_;
};

class failing_conversation : public ::testing::TestWithParam<api> {
protected:
    linux_faults::clean_scope clean_;
};

// Errors that the caller of the library must not notice.
bool is_hidden(api which, std::size_t turn, int error)
{
    switch (which) {
    case api::epoll_ctl:
        // Two eventfds and the socket are added; then the socket is removed.
        return turn > 3;
    case api::epoll_wait:
    case api::io_uring_submit_and_wait:
    case api::io_uring_submit_and_get_events:
    case api::io_uring_submit:
    case api::sched_getaffinity:
    case api::shutdown:
    case api::close:
        return true;
    default:
        return error == EINTR;
    }
}

std::vector<int> errors_of_conversation(api which)
{
    switch (which) {
    case api::epoll_wait:
        return {EINTR};
    case api::io_uring_submit_and_wait:
    case api::io_uring_submit_and_get_events:
        return {EINTR, EAGAIN, EBUSY};
    case api::send:
    case api::recv:
    case api::sendmsg:
    case api::recvmsg:
    case api::poll: {
        std::vector<int> result = linux_faults::errors_of(which);
        result.push_back(EINTR);
        return result;
    }
    default:
        return linux_faults::errors_of(which);
    }
}

// SRS_ASYNC_SOCKET_LINUX_01_002, SRS_ASYNC_SOCKET_LINUX_01_006, SRS_ASYNC_SOCKET_LINUX_01_020
// SRS_EXECUTION_ENGINE_01_006, SRS_ASYNC_SOCKET_LINUX_01_025
TEST_P(failing_conversation, ends_every_operation_once_and_leaves_nothing)
{
    const api which = GetParam();
    std::size_t turns = 0;
    for (const int error : errors_of_conversation(which)) {
        bool failed = true;
        for (std::size_t nth = 1; failed; ++nth) {
            SCOPED_TRACE(::testing::Message()
                         << linux_faults::name_of(which) << ", turn " << nth << ", error " << error);
            ASSERT_LT(nth, most_conversation_turns);
            const footprint before = footprint_now();
            in_own_thread([&] {
                conversation held_once;
                linux_faults::reset();
                linux_faults::fail_nth(which, nth, error);
                const outcome result = held_once.hold();
                failed = linux_faults::failures(which) != 0;
                linux_faults::reset();
                if (!failed || is_hidden(which, nth, error)) {
                    EXPECT_TRUE(result.is_perfect());
                } else {
                    EXPECT_FALSE(result.is_perfect()) << "a failure that was not told";
                }
                EXPECT_EQ(linux_faults::calls_on_bad_descriptors(), 0u);
            });
            turns += failed ? 1 : 0;
            ASSERT_TRUE(returns_to(before)) << ::testing::PrintToString(footprint_now());
            ASSERT_FALSE(HasFailure());
        }
    }
    RecordProperty("turns", static_cast<int>(turns));
}

INSTANTIATE_TEST_SUITE_P(all, failing_conversation,
                         ::testing::Values(api::epoll_create1, api::epoll_ctl, api::epoll_wait, api::eventfd,
                                           api::pthread_create, api::io_uring_queue_init_params,
                                           api::io_uring_submit_and_wait, api::io_uring_submit_and_get_events,
                                           api::operator_new, api::send, api::sendmsg, api::recv, api::recvmsg,
                                           api::poll, api::shutdown, api::close, api::sched_getaffinity),
                         [](const auto& parameter) { return linux_faults::name_of(parameter.param); });

} // namespace
} // namespace linux_tests
