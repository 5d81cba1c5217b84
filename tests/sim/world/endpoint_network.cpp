// SPDX-License-Identifier: MIT
//
// What the network does to one end of a connection.

#include <algorithm>
#include <cerrno>

#include <sys/epoll.h>

#include "world/endpoint.h"

namespace sim {

time_point endpoint::delay()
{
    random& chance = world_.chance();
    constexpr time_point longest[] = {2 * microsecond, 40 * microsecond, 2 * millisecond};
    return chance.below(static_cast<std::uint32_t>(longest[chance.below(3)]));
}

void endpoint::connect(const std::shared_ptr<endpoint>& left, const std::shared_ptr<endpoint>& right)
{
    left->peer_ = right;
    right->peer_ = left;
    left->now_is = state::connected;
    right->now_is = state::connected;
}

// The handshake: where the backlog is full, what asks for a connection is dropped, and asks again after a second.
void endpoint::connect_to(const std::shared_ptr<endpoint>& listener)
{
    now_is = state::connecting;
    const std::shared_ptr<endpoint> self = shared_from_this();
    world_.at(world_.now() + delay(), [self, listener] {
        if (self->now_is != state::connecting) {
            return;
        }
        if (listener == nullptr || listener->now_is != state::listening) {
            self->end_connection(ECONNREFUSED);
        } else if (listener->accepted_.size() > listener->backlog_) {
            self->world_.at(self->world_.now() + second, [self, listener] { self->connect_to(listener); });
        } else {
            const auto accepted = std::make_shared<endpoint>(self->world_);
            accepted->receive_limit = self->send_limit;
            accepted->send_limit = self->receive_limit;
            accepted->port = listener->port;
            accepted->peer_port = self->port;
            connect(self, accepted);
            self->wake(0);
            listener->accepted_.push_back(accepted);
            listener->wake(EPOLLIN);
        }
    });
}

void endpoint::transmit_later()
{
    const bool can_go = peer_ != nullptr && (peer_->is_orphan_ || peer_->received_.size() < peer_->receive_limit);
    if (is_transmitting_ || unsent_.empty() || !can_go || now_is == state::over) {
        return;
    }
    is_transmitting_ = true;
    world_.at(world_.now() + delay(), [self = shared_from_this()] {
        self->is_transmitting_ = false;
        self->transmit();
    });
}

void endpoint::transmit()
{
    if (now_is == state::over || peer_ == nullptr || peer_->now_is == state::over) {
        return;
    }
    if (peer_->is_orphan_ || (peer_->reading_is_over_ && peer_->writing_is_over_)) {
        // Nobody is there to take it.
        peer_->end_connection(ECONNRESET);
        take_reset(ECONNRESET);
        return;
    }
    endpoint& to = *peer_;
    const std::size_t room = to.receive_limit - std::min(to.receive_limit, to.received_.size());
    const std::size_t most = std::min(room, unsent_.size());
    if (most != 0) {
        const std::size_t moved =
            world_.chance().one_in(2) ? most : world_.chance().size(static_cast<std::uint32_t>(most));
        to.received_.append(unsent_, 0, moved);
        unsent_.erase(0, moved);
        to.past.arrived += moved;
        to.past.arrivals.emplace_back(to.past.arrived, world_.now());
        to.wake(EPOLLIN);
        acknowledge();
        transmit_later();
    }
    finish_if_drained();
}

void endpoint::acknowledge()
{
    if (lacks_room_ && room() * 2 >= unsent_.size()) {
        lacks_room_ = false;
        wake(EPOLLOUT);
    }
}

void endpoint::finish_if_drained()
{
    if (!writing_is_over_ || end_is_sent_ || !unsent_.empty() || peer_ == nullptr) {
        return;
    }
    end_is_sent_ = true;
    world_.at(world_.now() + delay(), [self = shared_from_this()] {
        endpoint& to = *self->peer_;
        if (self->now_is == state::over || to.now_is == state::over) {
            return;
        }
        to.peer_has_finished_ = true;
        to.past.finished_at = self->world_.now();
        to.wake(0);
    });
}

void endpoint::send_reset()
{
    unsent_.clear();
    if (peer_ == nullptr) {
        return;
    }
    world_.at(world_.now() + delay(), [to = peer_] { to->take_reset(ECONNRESET); });
}

void endpoint::take_reset(int error)
{
    if (now_is != state::connected) {
        return;
    }
    // A peer that has said that it sends no more breaks what is left.
    end_connection(peer_has_finished_ && !writing_is_over_ ? EPIPE : error);
}

void endpoint::fail(int error)
{
    if (now_is == state::connected || now_is == state::connecting) {
        end_connection(error);
        if (peer_ != nullptr) {
            peer_->now_is = state::over;
        }
    }
}

void endpoint::end_connection(int error)
{
    now_is = state::over;
    error_ = error;
    unsent_.clear();
    if (past.failed_at == forever) {
        past.failed_at = world_.now();
        past.error = error;
    }
    wake(0);
}

} // namespace sim
