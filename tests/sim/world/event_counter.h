// SPDX-License-Identifier: MIT
//
// What eventfd makes.

#ifndef ASYNC_SOCKET_TESTS_SIM_EVENT_COUNTER_H
#define ASYNC_SOCKET_TESTS_SIM_EVENT_COUNTER_H

#include <cstdint>

#include <sys/epoll.h>

#include "world/object.h"

namespace sim {

class event_counter final : public object {
public:
    [[nodiscard]] std::uint32_t events() override { return EPOLLOUT | (value_ != 0 ? std::uint32_t{EPOLLIN} : 0U); }
    void add(std::uint64_t value)
    {
        value_ += value;
        wake(EPOLLIN);
    }
    std::uint64_t take()
    {
        const std::uint64_t value = value_;
        value_ = 0;
        return value;
    }

private:
    std::uint64_t value_ = 0;
};

} // namespace sim

#endif
