// SPDX-License-Identifier: MIT
//
// The check of a payload, against the same rules in numbers that cannot overflow.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>

#include "common/arguments/payload.hpp"
#include "expect.h"

namespace {

// Takes its input apart into numbers; 0 when it is used up.
class numbers {
public:
    numbers(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}

    std::uint32_t next()
    {
        std::uint32_t value = 0;
        const std::size_t taken = size_ < sizeof value ? size_ : sizeof value;
        std::memcpy(&value, data_, taken);
        data_ += taken;
        size_ -= taken;
        return value;
    }

    [[nodiscard]] std::size_t left() const { return size_ / sizeof(std::uint32_t); }

private:
    const std::uint8_t* data_;
    std::size_t size_;
};

std::optional<std::uint32_t> by_hand(const ASYNC_SOCKET_BUFFER* payload, std::size_t there, std::uint64_t buffer_count,
                                     std::uint64_t record_size)
{
    if (buffer_count == 0 || record_size + buffer_count * sizeof(SOCKET_BUFFER) > UINT32_MAX) {
        return std::nullopt;
    }
    std::uint64_t total = 0;
    for (std::uint64_t i = 0; i < buffer_count; ++i) {
        // An array that is shorter than it claims ends in one that is refused.
        if (i >= there || payload[i].buffer == nullptr || payload[i].length == 0) {
            return std::nullopt;
        }
        total += payload[i].length;
        if (total > UINT32_MAX) {
            return std::nullopt;
        }
    }
    return static_cast<std::uint32_t>(total);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    numbers input(data, size);
    std::uint32_t buffer_count = input.next();
    const std::uint32_t record_size = input.next();
    const std::size_t there = input.left();

    // One more than is there, and that one is refused; unless the count itself is, and nothing may be read.
    const bool count_is_refused = record_size + std::uint64_t{buffer_count} * sizeof(SOCKET_BUFFER) > UINT32_MAX;
    const auto payload = std::make_unique<ASYNC_SOCKET_BUFFER[]>(count_is_refused ? 1 : there + 1);
    const ASYNC_SOCKET_BUFFER* checked = payload.get();
    if (count_is_refused) {
        checked += 1;
    } else {
        if (buffer_count > there) {
            buffer_count %= static_cast<std::uint32_t>(there + 2);
        }
        unsigned char byte = 0;
        for (std::size_t i = 0; i < there; ++i) {
            const std::uint32_t length = input.next();
            // One bit of chance for a NULL.
            payload[i] = {length % 64 == 63 ? nullptr : &byte, length};
        }
    }
    const auto total = async_socket::detail::check_payload("fuzz", checked, buffer_count, record_size);
    expect(total == by_hand(payload.get(), count_is_refused ? 0 : there, buffer_count, record_size));
    return 0;
}
