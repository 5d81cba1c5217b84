// SPDX-License-Identifier: MIT

#include "common/lifecycle/parking.hpp"

#include <cstddef>
#include <cstdint>

namespace async_socket::detail {

namespace {

constexpr std::size_t place_count = 64;

// Never destroyed: a thread may still be on its way out of a wait when the program ends.
union parking_places {
    parking_places() noexcept : places{} {}
    ~parking_places() {} // NOLINT(modernize-use-equals-default): a defaulted one would be deleted

    parking_place places[place_count];
};

} // namespace

parking_place& parking_place_of(const void* address) noexcept
{
    static parking_places all;
    // Objects of one kind lie a fixed distance apart, which a multiplication by an odd number spreads.
    const auto number = static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(address) >> 4);
    return all.places[(number * 0x9E3779B97F4A7C15U) >> 58];
}

void unpark(const void* address) noexcept
{
    parking_place& place = parking_place_of(address);
    {
        const std::lock_guard lock(place.mutex);
    }
    place.changed.notify_all();
}

} // namespace async_socket::detail
