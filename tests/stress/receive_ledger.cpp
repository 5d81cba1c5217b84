// SPDX-License-Identifier: MIT

#include "receive_ledger.h"

#include <algorithm>
#include <string>

namespace stress {

void receive_ledger::check()
{
    const std::lock_guard<std::mutex> lock(mutex_);
    while (checked_ != order_.size() && order_[checked_]->done) {
        operation& one = *order_[checked_];
        const std::size_t received = one.received;
        if (received > one.memory.size()) {
            report_.violation("a receive reports more bytes than its buffers hold");
        } else if (contract::first_wrong_byte(one.memory.data(), received, position_) != received) {
            report_.violation("received bytes at " + std::to_string(position_) + " are wrong");
        }
        position_ += received;
        report_.bytes_checked += received;
        std::fill(one.memory.begin(), one.memory.end(), poison);
        ++checked_;
    }
}

void receive_ledger::check_poison() const
{
    const std::lock_guard<std::mutex> lock(mutex_);
    for (std::size_t i = 0; i != checked_; ++i) {
        const contract::bytes& memory = order_[i]->memory;
        if (std::count(memory.begin(), memory.end(), poison) != static_cast<std::ptrdiff_t>(memory.size())) {
            report_.violation("the memory of a receive was written after its callback");
        }
    }
}

} // namespace stress
