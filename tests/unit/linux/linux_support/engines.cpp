// SPDX-License-Identifier: MIT

#include "linux_support/engines.h"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <ostream>
#include <string>
#include <thread>

#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>

#include <linux/sockios.h>

#include "linux_faults/faults.h"
#include "support/limit.h"

namespace linux_tests {

using linux_faults::api;

EXECUTION_ENGINE_LINUX_BACKEND backend_under_test()
{
    const char* const text = std::getenv("ASYNC_SOCKET_TEST_BACKEND");
    const std::string name = text == nullptr ? "" : text;
    if (name == "io_uring") {
        return EXECUTION_ENGINE_LINUX_BACKEND_IO_URING;
    }
    return name == "epoll" ? EXECUTION_ENGINE_LINUX_BACKEND_EPOLL : EXECUTION_ENGINE_LINUX_BACKEND_ANY;
}

bool is_io_uring_under_test()
{
    return backend_under_test() == EXECUTION_ENGINE_LINUX_BACKEND_IO_URING;
}

engine_owner make_engine(std::uint32_t worker_count, bool pin_workers)
{
    const EXECUTION_ENGINE_LINUX_PARAMETERS parameters{backend_under_test(), worker_count, pin_workers};
    return engine_owner(execution_engine_linux_create(&parameters));
}

std::vector<int> usable_processors()
{
    const linux_faults::exempt ours;
    cpu_set_t usable;
    CPU_ZERO(&usable);
    std::vector<int> result;
    if (sched_getaffinity(0, sizeof usable, &usable) == 0) {
        for (int processor = 0; processor < CPU_SETSIZE; ++processor) {
            if (CPU_ISSET(static_cast<unsigned>(processor), &usable)) {
                result.push_back(processor);
            }
        }
    }
    return result;
}

std::size_t threads_of_process()
{
    const std::filesystem::directory_iterator tasks("/proc/self/task");
    return static_cast<std::size_t>(std::distance(begin(tasks), end(tasks)));
}

bool wait_until(const std::function<bool()>& holds)
{
    const auto end = std::chrono::steady_clock::now() + contract::generous_limit();
    while (!holds()) {
        if (std::chrono::steady_clock::now() > end) {
            return false;
        }
        std::this_thread::yield();
    }
    return true;
}

bool wait_until_full(SOCKET_TRANSPORT_HANDLE transport)
{
    const int descriptor = socket_transport_get_underlying_socket(transport);
    return wait_until([descriptor] {
        int unacknowledged = 0;
        int unsent = 0;
        pollfd room{.fd = descriptor, .events = POLLOUT, .revents = 0};
        // In this order: what is acknowledged after the first question makes the two differ.
        return ::ioctl(descriptor, SIOCOUTQ, &unacknowledged) == 0 && ::poll(&room, 1, 0) == 0 &&
               ::ioctl(descriptor, SIOCOUTQNSD, &unsent) == 0 && unsent != 0 && unacknowledged == unsent;
    });
}

footprint footprint_now()
{
    return {linux_faults::open_descriptors(), threads_of_process(), linux_faults::live_allocations()};
}

bool returns_to(const footprint& before)
{
    return wait_until([&] { return footprint_now() == before; });
}

void PrintTo(const footprint& printed, std::ostream* out)
{
    *out << printed.descriptors << " descriptors, " << printed.threads << " threads, " << printed.allocations
         << " allocations";
}

std::size_t waits_of_workers()
{
    return linux_faults::calls(api::epoll_wait) + linux_faults::calls(api::io_uring_submit_and_wait) +
           linux_faults::calls(api::io_uring_submit_and_wait_timeout) +
           linux_faults::calls(api::io_uring_submit_and_get_events) + linux_faults::calls(api::io_uring_submit) +
           linux_faults::calls(api::io_uring_get_events);
}

} // namespace linux_tests
