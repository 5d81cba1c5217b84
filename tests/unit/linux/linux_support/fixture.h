// SPDX-License-Identifier: MIT
//
// What the tests of sockets start from: the contract suite's fixture on an engine of one worker or two, with calls that
// fail on demand. The test's own thread is exempt, so that plans and counts are about the worker.

#ifndef ASYNC_SOCKET_TESTS_UNIT_LINUX_SUPPORT_FIXTURE_H
#define ASYNC_SOCKET_TESTS_UNIT_LINUX_SUPPORT_FIXTURE_H

#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "linux_faults/faults.h"
#include "linux_support/engines.h"
#include "linux_support/notification.h"
#include "support/fixture.h"

namespace linux_tests {

// In a thread of its own, that has no records at hand and leaves none.
template <typename Function>
void in_own_thread(Function function)
{
    std::thread thread(function);
    thread.join();
}

inline void ignore_open(void*, ASYNC_SOCKET_OPEN_RESULT) {}

template <std::uint32_t workers>
class with_socket_on : public contract::with_socket {
protected:
    // Sockets are spread over the workers in turn, so the probe is on the same one as the socket.
    with_socket_on() : with_socket(workers, workers)
    {
        for (std::uint32_t i = 0; i != workers; ++i) {
            probe_link_ = contract::make_connection();
            probe_ = contract::open_socket(engine.get(), probe_link_.local.get());
        }
        linux_faults::reset();
    }
    ~with_socket_on() override { linux_faults::reset(); }

    void TearDown() override { linux_faults::reset(); }

    notification& new_notification(std::function<void()> in_callback = {})
    {
        return *notifications_.emplace_back(std::make_unique<notification>(std::move(in_callback)));
    }
    // Throws std::runtime_error when it is refused.
    notification& start_notification(ASYNC_SOCKET_HANDLE on, ASYNC_SOCKET_NOTIFY_IO_TYPE type,
                                     std::function<void()> in_callback = {})
    {
        notification& started = new_notification(std::move(in_callback));
        if (started.start(on, type) != 0) {
            throw std::runtime_error("a notification was refused");
        }
        return started;
    }
    // Runs it on the worker of the socket, which must not be full, and waits for its end.
    void on_worker_of(ASYNC_SOCKET_HANDLE on, std::function<void()> function)
    {
        if (!start_notification(on, ASYNC_SOCKET_NOTIFY_IO_TYPE_OUT, std::move(function)).wait()) {
            throw std::runtime_error("the worker does not answer");
        }
    }
    // After this the worker of the fixture's socket has taken over all that was started on it before.
    void await_worker()
    {
        on_worker_of(probe_.get(), [] {});
    }

    // A send that fills the connection to the brim: nobody reads, so it is under way until something ends it.
    contract::send_operation& start_endless_send(ASYNC_SOCKET_HANDLE on)
    {
        return start_send(on, contract::pattern(endless));
    }

    // More than any two buffers of the system's hold.
    static constexpr std::size_t endless = std::size_t{64} * 1024 * 1024;

    const linux_faults::exempt ours_;

private:
    std::vector<std::unique_ptr<notification>> notifications_;
    contract::connection probe_link_;
    contract::socket_owner probe_;
};

using with_one_worker = with_socket_on<1>;
using with_two_workers = with_socket_on<2>;

} // namespace linux_tests

#endif
