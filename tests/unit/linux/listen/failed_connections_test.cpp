// SPDX-License-Identifier: MIT
//
// A listener whose next connection has failed before it was accepted: once, or for ever.

#include <cerrno>

#include <gtest/gtest.h>

#include "linux_support/fixture.h"
#include "support/raw_peer.h"

namespace linux_tests {
namespace {

using linux_faults::api;

class failed_connections : public with_one_worker {
protected:
    failed_connections() : listening_(async_listener_create(engine.get()))
    {
        if (async_listener_open(listening_.get(), server_.get()) != 0) {
            throw std::runtime_error("no listener");
        }
    }

    const contract::listener server_;
    contract::listener_owner listening_;
};

// SRS_ASYNC_LISTENER_01_012
TEST_F(failed_connections, count_as_none)
{
    for (const int error : {ECONNABORTED, ECONNRESET, EPERM, ETIMEDOUT, ENOSR, ESOCKTNOSUPPORT, EPROTONOSUPPORT,
                            ENETDOWN, EPROTO, ENOPROTOOPT, EHOSTDOWN, ENONET, EHOSTUNREACH, EOPNOTSUPP, ENETUNREACH}) {
        SCOPED_TRACE(error);
        linux_faults::fail_nth(api::accept4, 1, error);
        const contract::raw_peer peer(server_.port());
        contract::accept_operation& accepted = make<contract::accept_operation>();
        ASSERT_EQ(accepted.start(listening_.get()), 0);
        ASSERT_TRUE(accepted.wait());
        EXPECT_EQ(accepted.status(), ASYNC_STATUS_OK);
        EXPECT_EQ(linux_faults::failures(api::accept4), 1u);
    }
}

// SRS_ASYNC_LISTENER_01_017
TEST_F(failed_connections, without_end_leave_the_worker_to_others)
{
    linux_faults::fail_from(api::accept4, 1, EOPNOTSUPP);
    const contract::raw_peer peer(server_.port());
    contract::accept_operation& accepted = make<contract::accept_operation>();
    ASSERT_EQ(accepted.start(listening_.get()), 0);
    ASSERT_TRUE(wait_until([] { return linux_faults::failures(api::accept4) > 100; }));
    expect_works(socket.get(), link.peer.get());
    async_listener_close(listening_.get());
    ASSERT_TRUE(accepted.is_done());
    EXPECT_EQ(accepted.status(), ASYNC_STATUS_CLOSED);
}

// SRS_ASYNC_LISTENER_01_011: it has looked, and there is no telling how long the next look would take.
TEST_F(failed_connections, without_end_end_an_accept_that_does_not_wait)
{
    linux_faults::fail_from(api::accept4, 1, EPERM);
    const contract::raw_peer peer(server_.port());
    contract::accept_operation& patient = make<contract::accept_operation>();
    ASSERT_EQ(patient.start(listening_.get()), 0);
    contract::accept_operation& hurried = make<contract::accept_operation>();
    ASSERT_EQ(hurried.start(listening_.get(), 0), 0);
    ASSERT_TRUE(hurried.wait());
    EXPECT_EQ(hurried.status(), ASYNC_STATUS_TIMED_OUT);
    EXPECT_FALSE(patient.is_done());
    async_listener_close(listening_.get());
}

// SRS_ASYNC_LISTENER_01_011
TEST_F(failed_connections, without_end_end_the_only_accept_where_it_does_not_wait)
{
    linux_faults::fail_from(api::accept4, 1, EPERM);
    const contract::raw_peer peer(server_.port());
    contract::accept_operation& hurried = make<contract::accept_operation>();
    ASSERT_EQ(hurried.start(listening_.get(), 0), 0);
    ASSERT_TRUE(hurried.wait());
    EXPECT_EQ(hurried.status(), ASYNC_STATUS_TIMED_OUT);
}

} // namespace
} // namespace linux_tests
