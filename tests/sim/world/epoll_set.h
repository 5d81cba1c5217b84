// SPDX-License-Identifier: MIT
//
// What epoll_create1 makes. Edges are made as Linux makes them: something that happens to an object lists it, whatever
// holds; a wait looks at what is listed, tells what holds by then, and forgets it.

#ifndef ASYNC_SOCKET_TESTS_SIM_EPOLL_SET_H
#define ASYNC_SOCKET_TESTS_SIM_EPOLL_SET_H

#include <deque>
#include <map>

#include <sys/epoll.h>

#include "world/object.h"

namespace sim {

class epoll_set final : public object {
public:
    ~epoll_set() override;

    // Each 0, or the error.
    int add(int descriptor, object& watched, const epoll_event& wanted);
    int change(int descriptor, const epoll_event& wanted);
    int remove(int descriptor);
    // The object is gone, or this is.
    void forget(const object& gone);

    void happened(const object& where, std::uint32_t kinds);
    [[nodiscard]] bool has_events();
    int take(epoll_event* events, int size);

    [[nodiscard]] std::uint32_t events() override { return has_events() ? std::uint32_t{EPOLLIN} : 0U; }

    // The descriptors of what was taken last, for the trace.
    std::vector<int> last_taken;

private:
    struct item {
        object* watched;
        epoll_event wanted;
        bool is_listed;
    };

    void list(int descriptor, item& listed);
    [[nodiscard]] static std::uint32_t events_of(const item& asked);

    std::map<int, item> items_;
    std::deque<int> listed_;
};

} // namespace sim

#endif
