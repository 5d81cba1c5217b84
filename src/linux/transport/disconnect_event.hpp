// SPDX-License-Identifier: MIT
//
// What wakes a thread that waits in connect or accept when another one disconnects the transport.

#ifndef ASYNC_SOCKET_LINUX_TRANSPORT_DISCONNECT_EVENT_HPP
#define ASYNC_SOCKET_LINUX_TRANSPORT_DISCONNECT_EVENT_HPP

#include <mutex>

namespace async_socket::detail {

// An eventfd that is signalled once and for good: everyone who polls it, now or later, finds it readable.
//
// The mutex keeps a signal away from a descriptor that is being given back and may be somebody else's by then. Those
// who wait read the descriptor without it: it is made before they can come and retired after the last of them has left.
class disconnect_event {
public:
    disconnect_event() noexcept = default;
    ~disconnect_event() { retire(); }
    disconnect_event(const disconnect_event&) = delete;
    disconnect_event& operator=(const disconnect_event&) = delete;

    // False, and errno, on failure.
    [[nodiscard]] bool make() noexcept;
    void signal() noexcept;
    // Gives the descriptor back: nobody waits any more, and a signal from now on is for nobody.
    void retire() noexcept;

    // For poll, which passes over the -1 of an event that was not made.
    [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

private:
    std::mutex mutex_;
    int descriptor_ = -1;
};

} // namespace async_socket::detail

#endif
