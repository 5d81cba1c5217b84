// SPDX-License-Identifier: MIT
//
// What a program can do to one end of a connection.

#include "world/endpoint.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <sys/epoll.h>

namespace sim {

std::size_t endpoint::room() const
{
    const bool is_up = now_is == state::connected && !writing_is_over_;
    return is_up && unsent_.size() < send_limit ? send_limit - unsent_.size() : 0;
}

std::int64_t endpoint::send(const char* data, std::size_t length)
{
    if (const int error = take_error(); error != 0) {
        return -error;
    }
    if (now_is == state::connecting) {
        return -EAGAIN;
    }
    if (now_is != state::connected || writing_is_over_) {
        return -EPIPE;
    }
    const std::size_t taken = std::min(length, room());
    lacks_room_ = lacks_room_ || taken < length;
    if (taken == 0) {
        return -EAGAIN;
    }
    unsent_.append(data, taken);
    past.sent.append(data, taken);
    transmit_later();
    return static_cast<std::int64_t>(taken);
}

// What arrived comes first; then the end of the stream where the peer has told it; only then an error.
std::int64_t endpoint::receive(char* data, std::size_t length)
{
    if (!received_.empty()) {
        const std::size_t taken = std::min(length, received_.size());
        received_.copy(data, taken);
        received_.erase(0, taken);
        if (peer_ != nullptr) {
            peer_->transmit_later();
        }
        return static_cast<std::int64_t>(taken);
    }
    if (peer_has_finished_) {
        return 0;
    }
    if (const int error = take_error(); error != 0) {
        return -error;
    }
    if (reading_is_over_) {
        return 0;
    }
    return now_is == state::connected || now_is == state::connecting ? -EAGAIN : -ENOTCONN;
}

int endpoint::take_error()
{
    return std::exchange(error_, 0);
}

int endpoint::shut_down(bool reading, bool writing)
{
    if (now_is == state::listening && reading) {
        // Whoever waits for a connection is told so.
        now_is = state::over;
        for (const std::shared_ptr<endpoint>& each : accepted_) {
            each->reset();
        }
        accepted_.clear();
        wake(0);
        return 0;
    }
    if (now_is != state::connected) {
        return ENOTCONN;
    }
    reading_is_over_ = reading_is_over_ || reading;
    if (writing && !writing_is_over_) {
        writing_is_over_ = true;
        finish_if_drained();
    }
    wake(0);
    return 0;
}

void endpoint::reset()
{
    if (now_is == state::connecting) {
        now_is = state::over;
        return;
    }
    if (now_is == state::connected) {
        send_reset();
        end_connection(ECONNRESET);
    }
}

void endpoint::released()
{
    is_orphan_ = true;
    on_wake = nullptr;
    if (now_is == state::listening) {
        shut_down(true, true);
    } else if (now_is == state::connecting) {
        now_is = state::over;
    } else if (now_is == state::connected) {
        // Bytes that nobody will read are an error to the peer.
        if (!received_.empty() || lingers_never) {
            send_reset();
            now_is = state::over;
            return;
        }
        reading_is_over_ = true;
        writing_is_over_ = true;
        finish_if_drained();
    }
}

std::uint32_t endpoint::events()
{
    if (now_is == state::listening) {
        return accepted_.empty() ? 0 : std::uint32_t{EPOLLIN};
    }
    std::uint32_t held = 0;
    const bool is_over = now_is == state::over || now_is == state::made;
    if (is_over || reading_is_over_ || peer_has_finished_) {
        held |= is_over || writing_is_over_ ? std::uint32_t{EPOLLHUP} : 0U;
        held |= is_over && now_is == state::made ? 0U : std::uint32_t{EPOLLIN | EPOLLRDHUP};
    }
    if (now_is != state::connecting) {
        held |= received_.empty() ? 0U : std::uint32_t{EPOLLIN};
        if (is_over || writing_is_over_ || room() * 2 >= unsent_.size()) {
            held |= is_over || writing_is_over_ || room() > 0 ? std::uint32_t{EPOLLOUT} : 0U;
        } else {
            lacks_room_ = true;
        }
    }
    return held | (error_ != 0 ? std::uint32_t{EPOLLERR} : 0U);
}

std::shared_ptr<endpoint> endpoint::accept()
{
    if (accepted_.empty()) {
        return nullptr;
    }
    std::shared_ptr<endpoint> first = std::move(accepted_.front());
    accepted_.pop_front();
    return first;
}

void endpoint::listen(std::size_t backlog)
{
    now_is = state::listening;
    backlog_ = backlog;
}

} // namespace sim
