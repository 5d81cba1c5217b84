// SPDX-License-Identifier: MIT

#include "world/world.h"

#include <cerrno>

#include "world/epoll_set.h"

namespace sim {

namespace {

world* only_world = nullptr;

} // namespace

world::world(std::uint64_t seed, bool is_printed) : events(is_printed), time(seed, events)
{
    if (time.chance().one_in(3)) {
        interrupts_one_in_ = 2 + time.chance().below(20);
    }
    only_world = this;
}

world::~world()
{
    only_world = nullptr;
}

world* world::current()
{
    return scheduler::current() == nullptr ? nullptr : only_world;
}

int world::open(std::shared_ptr<object> opened)
{
    int descriptor = first_descriptor;
    while (descriptors_.count(descriptor) != 0) {
        ++descriptor;
    }
    ++opened->descriptors;
    descriptors_.emplace(descriptor, std::move(opened));
    return descriptor;
}

int world::duplicate(int descriptor)
{
    return find_any(descriptor) == nullptr ? -1 : open(descriptors_.at(descriptor));
}

int world::close(int descriptor)
{
    if (find_any(descriptor) == nullptr) {
        return EBADF;
    }
    const std::shared_ptr<object> closed = std::move(descriptors_.at(descriptor));
    descriptors_.erase(descriptor);
    if (--closed->descriptors == 0) {
        for (epoll_set* const each : closed->watchers) {
            each->forget(*closed);
        }
        closed->watchers.clear();
        closed->released();
    }
    return 0;
}

object* world::find_any(int descriptor)
{
    const auto place = descriptors_.find(descriptor);
    if (place == descriptors_.end()) {
        time.on_failure("a call is made on a descriptor that is not open");
        return nullptr;
    }
    return place->second.get();
}

std::shared_ptr<endpoint> world::make_endpoint()
{
    auto made = std::make_shared<endpoint>(time);
    random& chance = time.chance();
    constexpr std::uint32_t largest[] = {64, 4096, 1 << 16};
    made->receive_limit = chance.size(largest[chance.below(3)]);
    made->send_limit = chance.size(largest[chance.below(3)]);
    return made;
}

std::shared_ptr<endpoint> world::listener_at(std::uint16_t port)
{
    const auto place = ports_.find(port);
    return place == ports_.end() ? nullptr : place->second.lock();
}

bool world::bind(const std::shared_ptr<endpoint>& bound, std::uint16_t port)
{
    bound->port = port != 0 ? port : take_port();
    const std::shared_ptr<endpoint> before = listener_at(bound->port);
    if (before != nullptr && before->now_is == endpoint::state::listening) {
        return false;
    }
    ports_[bound->port] = bound;
    return true;
}

bool world::refuses_allocation()
{
    if (time.now() >= lacks.allocations_until || !time.chance().one_in(4)) {
        return false;
    }
    ++past.failed_allocations;
    events.line(time.now(), scheduler::thread_number(), "an allocation fails");
    return true;
}

bool world::interrupts()
{
    return interrupts_one_in_ != 0 && time.chance().one_in(interrupts_one_in_);
}

} // namespace sim
