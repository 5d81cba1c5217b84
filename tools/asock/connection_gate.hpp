// SPDX-License-Identifier: MIT
//
// Bounds how many connections there are at a time: whoever wants to accept one enters first, and waits while it is
// full.

#ifndef ASOCK_CONNECTION_GATE_HPP
#define ASOCK_CONNECTION_GATE_HPP

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

namespace asock {

// How many relayed connections so many descriptors are enough for; 0 descriptors: they are not bounded.
std::uint32_t connections_for(std::uint64_t descriptors);

// Outlives its places. Everything may be called from any thread.
class connection_gate {
public:
    // The right to have one connection, given back when it is destroyed.
    class place {
    public:
        explicit place(connection_gate& owner) noexcept : owner_(&owner) {}
        place(place&& other) noexcept : owner_(std::exchange(other.owner_, nullptr)) {}
        place& operator=(place&&) = delete;
        ~place()
        {
            if (owner_ != nullptr) {
                owner_->leave();
            }
        }

    private:
        connection_gate* owner_;
    };

    explicit connection_gate(std::uint32_t most) : most_(most) {}

    // Waits until there is room. Empty when a stop is requested.
    std::optional<place> enter(const std::stop_token& stop);

    // Waits until everybody has left. False when somebody is left after `limit`.
    bool wait_until_empty(std::chrono::milliseconds limit);

    std::uint32_t taken() const;

private:
    void leave();

    const std::uint32_t most_;
    mutable std::mutex mutex_;
    std::condition_variable_any somebody_left_;
    std::uint32_t taken_ = 0;
};

} // namespace asock

#endif
