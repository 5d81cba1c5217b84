// SPDX-License-Identifier: MIT

#include "linux/processors.hpp"

#include <sched.h>

namespace async_socket::detail {

namespace {

// None where the system does not say, or has more processors than a cpu_set_t has room for.
cpu_set_t affinity() noexcept
{
    cpu_set_t usable;
    CPU_ZERO(&usable);
    if (sched_getaffinity(0, sizeof usable, &usable) != 0) {
        CPU_ZERO(&usable);
    }
    return usable;
}

} // namespace

std::uint32_t usable_processors() noexcept
{
    const cpu_set_t usable = affinity();
    const int count = CPU_COUNT(&usable);
    return count > 0 ? static_cast<std::uint32_t>(count) : 1;
}

int usable_processor(std::uint32_t n) noexcept
{
    const cpu_set_t usable = affinity();
    std::uint32_t left = n % usable_processors();
    for (int processor = 0; processor < CPU_SETSIZE; ++processor) {
        if (CPU_ISSET(static_cast<unsigned>(processor), &usable) && left-- == 0) {
            return processor;
        }
    }
    return -1;
}

} // namespace async_socket::detail
