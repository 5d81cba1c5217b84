// SPDX-License-Identifier: MIT
//
// A listener without descriptors: it says so once, waits, goes on by itself, and can be closed meanwhile.

#include <algorithm>
#include <chrono>
#include <deque>
#include <stdexcept>
#include <vector>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "linux_support/fixture.h"
#include "support/log_capture.h"
#include "support/raw_peer.h"

namespace linux_tests {
namespace {

// For as long as it lives the process gets no new descriptor: the limit is the lowest free one.
#ifdef SANITIZER_NEEDS_DESCRIPTORS
class no_descriptors {
public:
    no_descriptors() { linux_faults::fail_from(linux_faults::api::accept4, 1, EMFILE); }
    ~no_descriptors() { lift(); }
    no_descriptors(const no_descriptors&) = delete;
    no_descriptors& operator=(const no_descriptors&) = delete;

    static void lift() { linux_faults::reset(); }
};
#else
class no_descriptors {
public:
    no_descriptors()
    {
        const int lowest_free = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
        if (lowest_free == -1 || ::getrlimit(RLIMIT_NOFILE, &before_) != 0) {
            throw std::runtime_error("no descriptor to begin with");
        }
        ::close(lowest_free);
        const rlimit none{static_cast<rlim_t>(lowest_free), before_.rlim_max};
        if (::setrlimit(RLIMIT_NOFILE, &none) != 0) {
            throw std::runtime_error("the limit cannot be set");
        }
    }
    ~no_descriptors() { lift(); }
    no_descriptors(const no_descriptors&) = delete;
    no_descriptors& operator=(const no_descriptors&) = delete;

    void lift() { ::setrlimit(RLIMIT_NOFILE, &before_); }

private:
    rlimit before_{};
};
#endif

class listener_shortage : public contract::with_engine {
protected:
    listener_shortage() : with_engine(1, 1), listening_(async_listener_create(engine.get()))
    {
        if (async_listener_open(listening_.get(), server_.get()) != 0) {
            throw std::runtime_error("no listener");
        }
    }

    contract::accept_operation& start_accept(std::uint32_t timeout_ms = ASYNC_NO_TIMEOUT)
    {
        contract::accept_operation& started = make<contract::accept_operation>();
        EXPECT_EQ(started.start(listening_.get(), timeout_ms), 0);
        return started;
    }

    [[nodiscard]] std::size_t warnings() const
    {
        const std::vector<contract::log_message> all = log_.messages();
        return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [](const auto& message) {
            return message.level == ASYNC_SOCKET_LOG_LEVEL_WARNING;
        }));
    }

    // The listener has tried, and tried again.
    [[nodiscard]] bool wait_for_tries()
    {
        return wait_until([this] { return warnings() != 0; }) &&
               wait_until([] { return linux_faults::calls(linux_faults::api::accept4) >= 3; });
    }

    linux_faults::clean_scope clean_;
    contract::log_capture log_;
    const contract::listener server_;
    contract::listener_owner listening_;
};

// SRS_ASYNC_LISTENER_01_013
TEST_F(listener_shortage, is_reported_once_and_over_when_it_is_over)
{
    std::deque<contract::raw_peer> peers;
    for (int i = 0; i != 3; ++i) {
        peers.emplace_back(server_.port());
    }
    linux_faults::reset();
    no_descriptors shortage;
    std::vector<contract::accept_operation*> accepts;
    for (int i = 0; i != 3; ++i) {
        accepts.push_back(&start_accept());
    }
    ASSERT_TRUE(wait_for_tries());
    for (contract::accept_operation* const each : accepts) {
        EXPECT_FALSE(each->is_done());
    }
    shortage.lift();
    for (contract::accept_operation* const each : accepts) {
        ASSERT_TRUE(each->wait());
        EXPECT_EQ(each->status(), ASYNC_STATUS_OK);
        EXPECT_EQ(each->calls(), 1U);
    }
    EXPECT_EQ(warnings(), 1U) << log_.text();
}

// SRS_ASYNC_LISTENER_01_013: a second shortage is another one.
TEST_F(listener_shortage, is_reported_again_when_it_comes_again)
{
    for (std::size_t time = 1; time != 3; ++time) {
        const contract::raw_peer peer(server_.port());
        linux_faults::reset();
        no_descriptors shortage;
        contract::accept_operation& accepting = start_accept();
        ASSERT_TRUE(wait_until([&] { return warnings() == time; })) << log_.text();
        shortage.lift();
        ASSERT_TRUE(accepting.wait());
        EXPECT_EQ(accepting.status(), ASYNC_STATUS_OK);
    }
}

// SRS_ASYNC_LISTENER_01_013, SRS_ASYNC_LISTENER_01_007
TEST_F(listener_shortage, does_not_hold_up_a_close)
{
    const contract::raw_peer peer(server_.port());
    linux_faults::reset();
    no_descriptors shortage;
    contract::accept_operation& accepting = start_accept();
    ASSERT_TRUE(wait_for_tries());
    async_listener_close(listening_.get());
    ASSERT_TRUE(accepting.is_done());
    EXPECT_EQ(accepting.status(), ASYNC_STATUS_CLOSED);
}

// SRS_ASYNC_LISTENER_01_013, SRS_ASYNC_LISTENER_01_011, SRS_ASYNC_LISTENER_01_016
TEST_F(listener_shortage, does_not_hold_up_a_deadline_or_a_cancel)
{
    const contract::raw_peer peer(server_.port());
    linux_faults::reset();
    no_descriptors shortage;
    contract::accept_operation& limited = start_accept(200);
    contract::accept_operation& cancelled = start_accept();
    contract::accept_operation& last = start_accept();
    ASSERT_TRUE(wait_until([this] { return warnings() != 0; }));
    EXPECT_EQ(async_listener_cancel_and_wait(listening_.get(), cancelled.id()), 0);
    EXPECT_EQ(cancelled.status(), ASYNC_STATUS_CANCELLED);
    ASSERT_TRUE(limited.wait());
    EXPECT_EQ(limited.status(), ASYNC_STATUS_TIMED_OUT);
    shortage.lift();
    ASSERT_TRUE(last.wait());
    EXPECT_EQ(last.status(), ASYNC_STATUS_OK);
}

// The pause that another accept has left is not over.
// SRS_ASYNC_LISTENER_01_011, SRS_ASYNC_LISTENER_01_013
TEST_F(listener_shortage, that_is_over_keeps_nobody_from_an_accept_without_time)
{
    const contract::raw_peer peer(server_.port());
    linux_faults::reset();
    {
        const no_descriptors shortage;
        contract::accept_operation& during = start_accept(1);
        ASSERT_TRUE(during.wait());
        EXPECT_EQ(during.status(), ASYNC_STATUS_TIMED_OUT);
    }
    contract::accept_operation& after = start_accept(0);
    ASSERT_TRUE(after.wait());
    EXPECT_EQ(after.status(), ASYNC_STATUS_OK);
}

} // namespace
} // namespace linux_tests
