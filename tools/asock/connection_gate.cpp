// SPDX-License-Identifier: MIT

#include "connection_gate.hpp"

#include <algorithm>

namespace asock {

std::uint32_t connections_for(std::uint64_t descriptors)
{
    constexpr std::uint64_t most = 32768;
    if (descriptors == 0) {
        return most;
    }
    // A connection has two; a connect that tries several addresses has more for a moment; the program has some itself.
    const std::uint64_t reserve = std::min<std::uint64_t>(100, descriptors / 2);
    return static_cast<std::uint32_t>(std::clamp<std::uint64_t>((descriptors - reserve) / 2, 1, most));
}

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
