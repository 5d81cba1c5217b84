// SPDX-License-Identifier: MIT
//
// Engines of the back end under test, and what the system says of the process that they live in.

#ifndef ASYNC_SOCKET_TESTS_UNIT_LINUX_SUPPORT_ENGINES_H
#define ASYNC_SOCKET_TESTS_UNIT_LINUX_SUPPORT_ENGINES_H

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <vector>

#include "async_socket/execution_engine_linux.h"

#include "support/owners.h"

namespace linux_tests {

using contract::engine_owner;

// What the environment variable ASYNC_SOCKET_TEST_BACKEND names; ..._ANY where it names nothing.
EXECUTION_ENGINE_LINUX_BACKEND backend_under_test();
bool is_io_uring_under_test();

// Empty where the engine is refused.
engine_owner make_engine(std::uint32_t worker_count, bool pin_workers = false);

// The processors that this thread may use.
std::vector<int> usable_processors();
// The number of threads of this process.
std::size_t threads_of_process();

// Waits until it holds, which no notification tells; false when the limit is over first.
bool wait_until(const std::function<bool()>& holds);

// Waits until a connection takes no more bytes: none is on its way any more, and the peer has no room. Under load the
// kernel is late with passing them on, and makes room once more.
bool wait_until_full(SOCKET_TRANSPORT_HANDLE transport);

// What an engine and its sockets must leave as they found it.
struct footprint {
    std::size_t descriptors;
    std::size_t threads;
    std::size_t allocations;

    friend bool operator==(const footprint&, const footprint&) = default;
};
footprint footprint_now();
// Waits for threads that are on their way out.
bool returns_to(const footprint& before);
void PrintTo(const footprint& printed, std::ostream* out);

// How often the back end under test has given its operations to the kernel and taken what has ended.
std::size_t waits_of_workers();

} // namespace linux_tests

#endif
