// SPDX-License-Identifier: MIT
//
// Which back end an engine gets.

#include <cerrno>
#include <cstddef>
#include <cstdint>

#include <gtest/gtest.h>

#include "linux_faults/faults.h"
#include "linux_support/engines.h"
#include "support/fixture.h"
#include "support/refusal.h"

namespace linux_tests {
namespace {

using linux_faults::api;

engine_owner engine_on(EXECUTION_ENGINE_LINUX_BACKEND backend, std::uint32_t worker_count = 2)
{
    const EXECUTION_ENGINE_LINUX_PARAMETERS parameters{backend, worker_count, false};
    return engine_owner(execution_engine_linux_create(&parameters));
}

bool machine_has_io_uring()
{
    return static_cast<bool>(engine_on(EXECUTION_ENGINE_LINUX_BACKEND_IO_URING, 1));
}

class choice_of_backend : public contract::with_engine {
protected:
    void TearDown() override { linux_faults::reset(); }

    // Everything that goes over the engine of the fixture goes over this one.
    void expect_engine_works(EXECUTION_ENGINE_HANDLE chosen)
    {
        const contract::connection link = contract::make_connection();
        const contract::socket_owner socket = contract::open_socket(chosen, link.local.get());
        expect_works(socket.get(), link.peer.get());
    }
};

// SRS_EXECUTION_ENGINE_LINUX_01_003, SRS_EXECUTION_ENGINE_LINUX_01_005
TEST_F(choice_of_backend, is_the_one_that_was_asked_for)
{
    const engine_owner epoll = engine_on(EXECUTION_ENGINE_LINUX_BACKEND_EPOLL);
    ASSERT_TRUE(epoll);
    EXPECT_EQ(execution_engine_linux_get_backend(epoll.get()), EXECUTION_ENGINE_LINUX_BACKEND_EPOLL);
    expect_engine_works(epoll.get());
    if (!machine_has_io_uring()) {
        GTEST_SKIP() << "the kernel does not let this process use io_uring";
    }
    const engine_owner io_uring = engine_on(EXECUTION_ENGINE_LINUX_BACKEND_IO_URING);
    EXPECT_EQ(execution_engine_linux_get_backend(io_uring.get()), EXECUTION_ENGINE_LINUX_BACKEND_IO_URING);
    expect_engine_works(io_uring.get());
}

// SRS_EXECUTION_ENGINE_LINUX_01_003
TEST_F(choice_of_backend, that_is_epoll_asks_for_no_ring)
{
    linux_faults::reset();
    EXPECT_TRUE(engine_on(EXECUTION_ENGINE_LINUX_BACKEND_EPOLL));
    EXPECT_EQ(linux_faults::calls(api::io_uring_queue_init_params), 0u);
}

// SRS_EXECUTION_ENGINE_LINUX_01_002
TEST_F(choice_of_backend, left_open_is_io_uring_where_it_is_to_be_had)
{
    if (!machine_has_io_uring()) {
        GTEST_SKIP() << "the kernel does not let this process use io_uring";
    }
    EXPECT_EQ(execution_engine_linux_get_backend(engine_on(EXECUTION_ENGINE_LINUX_BACKEND_ANY).get()),
              EXECUTION_ENGINE_LINUX_BACKEND_IO_URING);
    const engine_owner by_default(execution_engine_create(nullptr));
    EXPECT_EQ(execution_engine_linux_get_backend(by_default.get()), EXECUTION_ENGINE_LINUX_BACKEND_IO_URING);
}

// SRS_EXECUTION_ENGINE_LINUX_01_002
TEST_F(choice_of_backend, left_open_is_epoll_where_the_kernel_refuses_io_uring_for_whatever_reason)
{
    for (const int error : {ENOSYS, EPERM, ENOMEM, EMFILE, ENFILE, EACCES, EINVAL}) {
        SCOPED_TRACE(error);
        linux_faults::reset();
        linux_faults::fail_from(api::io_uring_queue_init_params, 1, error);
        const footprint before = footprint_now();
        {
            const engine_owner chosen = engine_on(EXECUTION_ENGINE_LINUX_BACKEND_ANY);
            ASSERT_TRUE(chosen);
            EXPECT_EQ(execution_engine_linux_get_backend(chosen.get()), EXECUTION_ENGINE_LINUX_BACKEND_EPOLL);
            EXPECT_EQ(execution_engine_linux_get_worker_count(chosen.get()), 2u);
        }
        EXPECT_TRUE(returns_to(before)) << ::testing::PrintToString(footprint_now());
    }
    linux_faults::fail_from(api::io_uring_queue_init_params, 1, ENOSYS);
    const engine_owner chosen(execution_engine_create(nullptr));
    ASSERT_TRUE(chosen);
    EXPECT_EQ(execution_engine_linux_get_backend(chosen.get()), EXECUTION_ENGINE_LINUX_BACKEND_EPOLL);
    expect_engine_works(chosen.get());
}

// SRS_EXECUTION_ENGINE_LINUX_01_002
TEST_F(choice_of_backend, left_open_is_epoll_for_all_workers_where_a_later_one_gets_no_ring)
{
    if (!machine_has_io_uring()) {
        GTEST_SKIP() << "the kernel does not let this process use io_uring";
    }
    for (std::size_t nth = 2; nth <= 4; ++nth) {
        SCOPED_TRACE(nth);
        const footprint before = footprint_now();
        linux_faults::fail_nth(api::io_uring_queue_init_params, nth, EMFILE);
        {
            const engine_owner chosen = engine_on(EXECUTION_ENGINE_LINUX_BACKEND_ANY, 4);
            ASSERT_TRUE(chosen);
            EXPECT_EQ(linux_faults::failures(api::io_uring_queue_init_params), 1u);
            EXPECT_EQ(execution_engine_linux_get_backend(chosen.get()), EXECUTION_ENGINE_LINUX_BACKEND_EPOLL);
            EXPECT_EQ(execution_engine_linux_get_worker_count(chosen.get()), 4u);
            expect_engine_works(chosen.get());
        }
        EXPECT_TRUE(wait_until([&] { return footprint_now().threads == before.threads; }));
    }
}

// An unknown flag is EINVAL: the next attempt asks for less.
// SRS_EXECUTION_ENGINE_LINUX_01_002
TEST_F(choice_of_backend, is_io_uring_also_on_a_kernel_that_does_not_know_the_newest_flags)
{
    if (!machine_has_io_uring()) {
        GTEST_SKIP() << "the kernel does not let this process use io_uring";
    }
    linux_faults::fail_nth(api::io_uring_queue_init_params, 1, EINVAL);
    const engine_owner chosen = engine_on(EXECUTION_ENGINE_LINUX_BACKEND_ANY, 1);
    EXPECT_EQ(linux_faults::failures(api::io_uring_queue_init_params), 1u);
    EXPECT_EQ(execution_engine_linux_get_backend(chosen.get()), EXECUTION_ENGINE_LINUX_BACKEND_IO_URING);
    expect_engine_works(chosen.get());
}

// SRS_EXECUTION_ENGINE_LINUX_01_003, SRS_EXECUTION_ENGINE_01_006
TEST_F(choice_of_backend, that_is_io_uring_or_nothing_is_nothing_where_the_kernel_refuses)
{
    for (const int error : {ENOSYS, EPERM, ENOMEM, EMFILE, ENFILE, EACCES, EINVAL}) {
        SCOPED_TRACE(error);
        linux_faults::reset();
        const footprint before = footprint_now();
        linux_faults::fail_from(api::io_uring_queue_init_params, 1, error);
        const contract::log_capture log;
        EXPECT_FALSE(engine_on(EXECUTION_ENGINE_LINUX_BACKEND_IO_URING));
        EXPECT_TRUE(log.has_error_with({"execution_engine_linux_create", "io_uring"})) << log.text();
        EXPECT_TRUE(returns_to(before)) << ::testing::PrintToString(footprint_now());
    }
}

// SRS_EXECUTION_ENGINE_LINUX_01_003
TEST_F(choice_of_backend, refuses_no_parameters_and_values_that_the_enum_does_not_have)
{
    constexpr auto nothing = static_cast<EXECUTION_ENGINE_HANDLE>(nullptr);
    contract::expect_refused(nothing, "execution_engine_linux_create", "parameters",
                             [] { return execution_engine_linux_create(nullptr); });
    // A structure that nobody has filled in.
    EXECUTION_ENGINE_LINUX_PARAMETERS parameters{};
    parameters.worker_count = 1;
    contract::expect_refused(nothing, "execution_engine_linux_create", "backend",
                             [&] { return execution_engine_linux_create(&parameters); });
}

// SRS_EXECUTION_ENGINE_LINUX_01_005
TEST_F(choice_of_backend, of_no_engine_is_any)
{
    contract::expect_refused(EXECUTION_ENGINE_LINUX_BACKEND_ANY, "execution_engine_linux_get_backend",
                             "execution_engine", [] { return execution_engine_linux_get_backend(nullptr); });
}

// SRS_EXECUTION_ENGINE_LINUX_01_010
TEST_F(choice_of_backend, has_a_name)
{
    EXPECT_STREQ(execution_engine_linux_backend_to_string(EXECUTION_ENGINE_LINUX_BACKEND_ANY),
                 "EXECUTION_ENGINE_LINUX_BACKEND_ANY");
    EXPECT_STREQ(execution_engine_linux_backend_to_string(EXECUTION_ENGINE_LINUX_BACKEND_IO_URING),
                 "EXECUTION_ENGINE_LINUX_BACKEND_IO_URING");
    EXPECT_STREQ(execution_engine_linux_backend_to_string(EXECUTION_ENGINE_LINUX_BACKEND_EPOLL),
                 "EXECUTION_ENGINE_LINUX_BACKEND_EPOLL");
    EXPECT_STREQ(execution_engine_linux_backend_to_string(EXECUTION_ENGINE_LINUX_BACKEND{}), "?");
}

} // namespace
} // namespace linux_tests
