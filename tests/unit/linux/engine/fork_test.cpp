// SPDX-License-Identifier: MIT
//
// A process that is forked while the library has threads: in the child nothing works, and nothing that is the parent's
// is touched.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "async_socket/async_delay.h"
#include "async_socket/async_socket_ex.h"
#include "async_socket/counters.h"
#include "async_socket/listen_options.h"
#include "async_socket/placement.h"
#include "async_socket/socket_options.h"

#include "linux_support/fixture.h"
#include "support/log_capture.h"

namespace linux_tests {
namespace {

using linux_faults::api;

// So many seconds are more than a child needs that does not hang.
constexpr unsigned longest_life = 60;

void on_open(void*, ASYNC_SOCKET_OPEN_RESULT) {}
void on_send(void*, ASYNC_SOCKET_SEND_RESULT) {}
void on_receive(void*, ASYNC_SOCKET_RECEIVE_RESULT, std::uint32_t) {}
void on_notify(void*, ASYNC_SOCKET_NOTIFY_IO_RESULT) {}
void on_complete(void*, const ASYNC_COMPLETION*) {}
void on_closed(void*) {}
void on_accept(void*, const ASYNC_COMPLETION*, SOCKET_TRANSPORT_HANDLE) {}

// Of the calls that a descriptor is given to, or that make one.
std::size_t system_calls()
{
    std::size_t sum = 0;
    for (std::size_t which = 0; which != linux_faults::api_count; ++which) {
        const bool is_call = static_cast<api>(which) != api::operator_new;
        sum += is_call ? linux_faults::calls(static_cast<api>(which)) : 0;
    }
    return sum;
}

// What the child returned; or, beyond all that it may return, the signal that it died of.
int result_of(pid_t child)
{
    int status = 0;
    if (waitpid(child, &status, 0) != child) {
        return -1;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

// Forks on a thread whose calls are counted, and returns the number of the first check that fails in the child, from 1
// on; 0: none.
int first_failure_in_child(const std::vector<std::function<bool()>>& checks)
{
    int result = -1;
    in_own_thread([&] {
        const pid_t child = fork();
        if (child == 0) {
            alarm(longest_life);
            for (std::size_t i = 0; i != checks.size(); ++i) {
                if (!checks[i]()) {
                    _exit(static_cast<int>(i) + 1);
                }
            }
            _exit(0);
        }
        result = result_of(child);
    });
    return result;
}

class forked : public with_one_worker {
protected:
    forked() : listener_socket(async_listener_create(engine.get()))
    {
        EXPECT_EQ(async_listener_open(listener_socket.get(), server.get()), 0);
    }

    static SOCKET_TRANSPORT_HANDLE listening()
    {
        SOCKET_TRANSPORT_HANDLE const made = socket_transport_create_server();
        EXPECT_EQ(socket_transport_listen_at(made, "127.0.0.1", 0), 0);
        return made;
    }

    const contract::transport_owner server{listening()};
    const contract::transport_owner unused_client{socket_transport_create_client()};
    const contract::transport_owner unused_server{socket_transport_create_server()};
    const contract::listener_owner listener_socket;
    const contract::socket_owner closed{async_socket_create(engine.get())};
};

// SRS_EXECUTION_ENGINE_LINUX_01_030, SRS_EXECUTION_ENGINE_LINUX_01_031
TEST_F(forked, child_can_use_no_function_and_touches_nothing)
{
    start_receive(socket.get(), 10);
    await_worker();
    const contract::log_capture log;
    char byte = 0;
    ASYNC_SOCKET_BUFFER payload{&byte, 1};
    SOCKET_BUFFER buffer{1, reinterpret_cast<unsigned char*>(&byte)};
    EXECUTION_ENGINE_HANDLE const e = engine.get();
    ASYNC_SOCKET_HANDLE const s = socket.get();
    ASYNC_LISTENER_HANDLE const l = listener_socket.get();
    SOCKET_TRANSPORT_HANDLE const t = link.local.get();
    ASYNC_SOCKET_COUNTERS counters;
    EXECUTION_ENGINE_COUNTERS engine_counters;
    SOCKET_HANDLE released = -1;
    SOCKET_TRANSPORT_HANDLE accepted = nullptr;
    char host[SOCKET_TRANSPORT_ADDRESS_SIZE];
    std::uint16_t port = 0;
    std::uint32_t size = 0;
    const EXECUTION_ENGINE_LINUX_PARAMETERS parameters{EXECUTION_ENGINE_LINUX_BACKEND_ANY, 1, false};
    const std::vector<std::function<bool()>> checks{
        [&] {
            linux_faults::reset();
            return true;
        },
        [&] { return execution_engine_create(nullptr) == nullptr; },
        [&] { return execution_engine_linux_create(&parameters) == nullptr; },
        [&] { return execution_engine_linux_get_backend(e) == EXECUTION_ENGINE_LINUX_BACKEND_ANY; },
        [&] { return execution_engine_linux_get_worker_count(e) == 0; },
        [&] { return execution_engine_linux_set_spin_limit(e, 1) != 0; },
        [&] { return execution_engine_get_counters(e, &engine_counters) != 0; },
        [&] { return async_delay_start(e, 0, nullptr, on_complete, nullptr) != 0; },
        [&] { return async_delay_start_on(e, 0, 0, nullptr, on_complete, nullptr) != 0; },
        [&] { return async_delay_cancel(e, 1) != 0; },
        [&] { return async_delay_cancel_and_wait(e, 1) != 0; },
        [&] { return execution_engine_get_thread_count(e) == 0; },
        [&] { return execution_engine_get_current_thread(e) == EXECUTION_ENGINE_ANY_THREAD; },
        [&] { return async_socket_get_thread(s) == EXECUTION_ENGINE_ANY_THREAD; },
        [&] { return async_socket_create(e) == nullptr; },
        [&] { return async_socket_create_on(e, 0) == nullptr && async_listener_create_on(e, 0) == nullptr; },
        [&] { return async_socket_open_async(closed.get(), t, on_open, nullptr) != 0; },
        [&] { return async_socket_connect_async(closed.get(), "localhost", 1, 1, on_open, nullptr) != 0; },
        [&] { return async_socket_connect_ex_async(closed.get(), "a", 1, 1, nullptr, on_complete, nullptr) != 0; },
        [&] { return async_socket_send_async(s, &payload, 1, on_send, nullptr) == ASYNC_SOCKET_SEND_SYNC_ERROR; },
        [&] {
            return async_socket_send_ex_async(s, &payload, 1, 1, nullptr, on_complete, nullptr) ==
                   ASYNC_SOCKET_SEND_SYNC_ERROR;
        },
        [&] { return async_socket_receive_async(s, &payload, 1, on_receive, nullptr) != 0; },
        [&] { return async_socket_receive_ex_async(s, &payload, 1, 1, nullptr, on_complete, nullptr) != 0; },
        [&] { return async_socket_notify_io_async(s, ASYNC_SOCKET_NOTIFY_IO_TYPE_OUT, on_notify, nullptr) != 0; },
        [&] { return async_socket_shutdown_send_async(s, on_complete, nullptr) != 0; },
        [&] { return async_socket_delay_async(s, 0, nullptr, on_complete, nullptr) != 0; },
        [&] { return async_socket_close_async(s, on_closed, nullptr) != 0; },
        [&] { return async_listener_close_async(l, on_closed, nullptr) != 0; },
        [&] { return async_socket_cancel(s, 1) != 0; },
        [&] { return async_socket_cancel_and_wait(s, 1) != 0; },
        [&] { return async_socket_get_counters(s, &counters) != 0; },
        [&] { return async_socket_get_transport(s) == nullptr; },
        [&] { return async_socket_release(s, &released) != 0 && released == -1; },
        [&] { return async_listener_create(e) == nullptr; },
        [&] { return async_listener_accept_async(l, 0, nullptr, on_accept, nullptr) != 0; },
        [&] { return async_listener_cancel(l, 1) != 0 && async_listener_cancel_and_wait(l, 1) != 0; },
        [&] { return socket_transport_create_client() == nullptr && socket_transport_create_server() == nullptr; },
        [&] { return socket_transport_create_from_socket(0) == nullptr; },
        [&] { return socket_transport_create_from_listening_socket(0) == nullptr; },
        [&] { return socket_transport_connect(unused_client.get(), "127.0.0.1", 1, 1) != 0; },
        [&] { return socket_transport_listen_at(unused_server.get(), "127.0.0.1", 0) != 0; },
        [&] {
            return socket_transport_listen_with_options(unused_server.get(), "127.0.0.1", 0, nullptr, nullptr) != 0;
        },
        [&] { return socket_transport_accept(server.get(), &accepted, 0) == SOCKET_ACCEPT_ERROR; },
        [&] { return socket_transport_send(t, &buffer, 1, nullptr, 0, nullptr) == SOCKET_SEND_ERROR; },
        [&] { return socket_transport_receive(t, &buffer, 1, nullptr, 0, nullptr) == SOCKET_RECEIVE_ERROR; },
        [&] { return socket_transport_get_underlying_socket(t) == -1 && !socket_transport_is_valid_socket(t); },
        [&] { return socket_transport_get_local_endpoint(t, host, sizeof host, &port) != 0; },
        [&] { return socket_transport_get_peer_endpoint(t, host, sizeof host, &port) != 0; },
        [&] { return socket_transport_set_no_delay(t, true) != 0; },
        [&] { return socket_transport_get_buffer_sizes(t, &size, nullptr) != 0; },
        [&] { return socket_transport_release(t, &released) != 0; },
        [&] { return async_socket_set_log_handler(nullptr, nullptr) != 0; },
        [&] {
            async_socket_close(s);
            async_socket_reset(s);
            async_socket_destroy(s);
            async_listener_close(l);
            async_listener_destroy(l);
            socket_transport_disconnect(t);
            socket_transport_reset(t);
            socket_transport_destroy(t);
            execution_engine_inc_ref(e);
            execution_engine_dec_ref(e);
            execution_engine_dec_ref(e);
            return true;
        },
        [&] { return std::string(async_status_to_string(ASYNC_STATUS_OK)) == "ASYNC_STATUS_OK"; },
        [&] {
            return log.messages().size() == 1 && log.has_error_with({"execution_engine_create", "forked"});
        },
        [&] { return system_calls() == 0; },
    };
    EXPECT_EQ(first_failure_in_child(checks), 0);
    ASSERT_TRUE(contract::send_all(link.peer.get(), contract::pattern(10)));
    await_worker();
    expect_works(socket.get(), link.peer.get());
}

// SRS_EXECUTION_ENGINE_LINUX_01_030
TEST_F(forked, child_of_a_callback_ends_when_that_returns)
{
    constexpr int ended_by_itself = 7;
    pid_t child = -1;
    bool is_child = false;
    // Another one would be called by the same worker, right afterwards.
    notification& second = new_notification([&] {
        if (is_child) {
            _exit(1);
        }
    });
    on_worker_of(socket.get(), [&] {
        EXPECT_EQ(second.start(socket.get()), 0);
        child = fork();
        if (child == 0) {
            alarm(longest_life);
            is_child = true;
            linux_faults::reset();
            std::atexit([] { _exit(system_calls() == 0 ? ended_by_itself : 2); });
        }
    });
    EXPECT_EQ(result_of(child), ended_by_itself);
    EXPECT_TRUE(second.wait());
    expect_works(socket.get(), link.peer.get());
}

// SRS_EXECUTION_ENGINE_LINUX_01_030
TEST(forked_before, there_is_an_engine_a_process_can_use_the_library)
{
#ifdef __SANITIZE_THREAD__
    GTEST_SKIP() << "a child of a process with threads can have none of its own";
#endif
    EXPECT_TRUE(make_engine(1)) << "one that has ended does not count";
    const std::size_t threads = threads_of_process();
    EXPECT_EQ(first_failure_in_child({[] {
                  const engine_owner engine = make_engine(1);
                  contract::delay_operation delay;
                  return engine && delay.start(engine.get(), 0) == 0 && delay.wait();
              }}),
              0);
    EXPECT_EQ(threads_of_process(), threads);
}

} // namespace
} // namespace linux_tests
