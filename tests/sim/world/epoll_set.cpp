// SPDX-License-Identifier: MIT

#include "world/epoll_set.h"

#include <algorithm>
#include <cerrno>

namespace sim {

namespace {

constexpr std::uint32_t always = EPOLLERR | EPOLLHUP;
constexpr std::uint32_t kinds_of_event = 0xffff;

} // namespace

void object::wake(std::uint32_t kinds)
{
    ++news;
    for (epoll_set* const each : watchers) {
        each->happened(*this, kinds);
    }
    if (on_wake) {
        on_wake();
    }
}

epoll_set::~epoll_set()
{
    for (auto& [descriptor, each] : items_) {
        std::erase(each.watched->watchers, this);
    }
}

int epoll_set::add(int descriptor, object& watched, const epoll_event& wanted)
{
    const auto [place, is_new] = items_.try_emplace(descriptor, item{&watched, wanted, false});
    if (!is_new) {
        return EEXIST;
    }
    watched.watchers.push_back(this);
    if (events_of(place->second) != 0) {
        list(descriptor, place->second);
    }
    return 0;
}

int epoll_set::change(int descriptor, const epoll_event& wanted)
{
    const auto place = items_.find(descriptor);
    if (place == items_.end()) {
        return ENOENT;
    }
    place->second.wanted = wanted;
    if (events_of(place->second) != 0) {
        list(descriptor, place->second);
    }
    return 0;
}

int epoll_set::remove(int descriptor)
{
    const auto place = items_.find(descriptor);
    if (place == items_.end()) {
        return ENOENT;
    }
    std::erase(place->second.watched->watchers, this);
    std::erase(listed_, descriptor);
    items_.erase(place);
    return 0;
}

void epoll_set::forget(const object& gone)
{
    const auto place =
        std::find_if(items_.begin(), items_.end(), [&gone](const auto& each) { return each.second.watched == &gone; });
    if (place != items_.end()) {
        std::erase(listed_, place->first);
        items_.erase(place);
    }
}

void epoll_set::happened(const object& where, std::uint32_t kinds)
{
    for (auto& [descriptor, each] : items_) {
        if (each.watched == &where && (kinds == 0 || (kinds & (each.wanted.events | always)) != 0)) {
            list(descriptor, each);
        }
    }
}

void epoll_set::list(int descriptor, item& listed)
{
    if (!listed.is_listed) {
        listed.is_listed = true;
        listed_.push_back(descriptor);
    }
}

std::uint32_t epoll_set::events_of(const item& asked)
{
    const std::uint32_t wanted = asked.wanted.events & kinds_of_event;
    // EPOLLONESHOT has taken all it wanted away.
    return wanted == 0 ? 0 : asked.watched->events() & (wanted | always);
}

bool epoll_set::has_events()
{
    return std::any_of(listed_.begin(), listed_.end(),
                       [this](int descriptor) { return events_of(items_.at(descriptor)) != 0; });
}

int epoll_set::take(epoll_event* events, int size)
{
    int count = 0;
    last_taken.clear();
    std::deque<int> left;
    while (!listed_.empty() && count < size) {
        const int descriptor = listed_.front();
        listed_.pop_front();
        item& first = items_.at(descriptor);
        first.is_listed = false;
        const std::uint32_t held = events_of(first);
        if (held == 0) {
            continue;
        }
        events[count].events = held;
        events[count].data = first.wanted.data;
        ++count;
        last_taken.push_back(descriptor);
        if ((first.wanted.events & EPOLLONESHOT) != 0) {
            first.wanted.events &= ~kinds_of_event;
        } else if ((first.wanted.events & EPOLLET) == 0) {
            first.is_listed = true;
            left.push_back(descriptor);
        }
    }
    listed_.insert(listed_.end(), left.begin(), left.end());
    return count;
}

} // namespace sim
