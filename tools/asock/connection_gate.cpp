// SPDX-License-Identifier: MIT

#include "connection_gate.hpp"

namespace asock {

std::optional<connection_gate::place> connection_gate::enter(const std::stop_token& stop)
{
    std::unique_lock lock(mutex_);
    const bool has_room = somebody_left_.wait(lock, stop, [this] { return taken_ < most_; });
    if (!has_room || stop.stop_requested()) {
        return std::nullopt;
    }
    ++taken_;
    return std::make_optional<place>(*this);
}

bool connection_gate::wait_until_empty(std::chrono::milliseconds limit)
{
    std::unique_lock lock(mutex_);
    return somebody_left_.wait_for(lock, limit, [this] { return taken_ == 0; });
}

std::uint32_t connection_gate::taken() const
{
    const std::lock_guard lock(mutex_);
    return taken_;
}

void connection_gate::leave()
{
    // Notifies with the mutex held: once it is released, the gate may be gone.
    const std::lock_guard lock(mutex_);
    --taken_;
    somebody_left_.notify_all();
}

} // namespace asock
