// SPDX-License-Identifier: MIT

#include "linux/transport/disconnect_event.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>
#include <utility>

#include "linux/system/system_error.hpp"

namespace async_socket::detail {

bool disconnect_event::make() noexcept
{
    // SRS_SOCKET_TRANSPORT_LINUX_01_001
    descriptor_ = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    return descriptor_ != -1;
}

void disconnect_event::signal() noexcept
{
    const std::lock_guard lock(mutex_);
    if (descriptor_ != -1) {
        // It can fail in one way only, with a counter that is full, and then the event is signalled already.
        const std::uint64_t once = 1;
        // SRS_SOCKET_TRANSPORT_LINUX_01_003
        static_cast<void>(uninterrupted([&] { return write(descriptor_, &once, sizeof once); }));
    }
}

void disconnect_event::retire() noexcept
{
    const std::lock_guard lock(mutex_);
    const int descriptor = std::exchange(descriptor_, -1);
    if (descriptor != -1) {
        close(descriptor);
    }
}

} // namespace async_socket::detail
