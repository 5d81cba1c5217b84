// SPDX-License-Identifier: MIT
//
// What a descriptor stands for, and who watches it.

#ifndef ASYNC_SOCKET_TESTS_SIM_OBJECT_H
#define ASYNC_SOCKET_TESTS_SIM_OBJECT_H

#include <cstdint>
#include <functional>
#include <vector>

namespace sim {

class epoll_set;

class object {
public:
    object() = default;
    virtual ~object() = default;
    object(const object&) = delete;
    object& operator=(const object&) = delete;

    // What poll would say of it now, in the words of epoll.
    [[nodiscard]] virtual std::uint32_t events() = 0;
    // The last descriptor of it has been closed.
    virtual void released() {}

    // Something has happened to it: an edge, whether or not what holds now held before. 0: of any kind.
    void wake(std::uint32_t kinds);
    // How often that was.
    std::uint64_t news = 0;

    std::vector<epoll_set*> watchers;
    // In place of watchers: a peer that is played by the world.
    std::function<void()> on_wake;
    std::uint32_t descriptors = 0;
};

} // namespace sim

#endif
