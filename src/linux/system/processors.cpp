// SPDX-License-Identifier: MIT

#include "linux/system/processors.hpp"

#include <pthread.h>

namespace async_socket::detail {

namespace {

thread_local constinit bool stays = false;
thread_local constinit cpu_set_t before_staying{};

// None where the system does not say, or has more processors than a cpu_set_t has room for.
cpu_set_t affinity() noexcept
{
    // SRS_EXECUTION_ENGINE_LINUX_01_032
    if (stays) {
        return before_staying;
    }
    cpu_set_t usable;
    CPU_ZERO(&usable);
    if (sched_getaffinity(0, sizeof usable, &usable) != 0) {
        CPU_ZERO(&usable);
    }
    return usable;
}

} // namespace

int stay_on(int processor) noexcept
{
    const cpu_set_t before = affinity();
    cpu_set_t only;
    CPU_ZERO(&only);
    CPU_SET(static_cast<unsigned>(processor), &only);
    const int error = pthread_setaffinity_np(pthread_self(), sizeof only, &only);
    if (error == 0 && CPU_COUNT(&before) != 0) {
        before_staying = before;
        stays = true;
    }
    return error;
}

const cpu_set_t* processors_before_staying() noexcept
{
    return stays ? &before_staying : nullptr;
}

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
