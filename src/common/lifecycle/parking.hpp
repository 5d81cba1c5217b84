// SPDX-License-Identifier: MIT
//
// Sleeping until an atomic word has changed, and waking those who sleep. Done here rather than by std::atomic::wait: in
// libstdc++ 12 that loses wake-ups on systems without futexes, Windows among them, and it is called on an object that
// may be gone by then. Here a wake needs the address only, not the object behind it.

#ifndef ASYNC_SOCKET_COMMON_LIFECYCLE_PARKING_HPP
#define ASYNC_SOCKET_COMMON_LIFECYCLE_PARKING_HPP

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace async_socket::detail {

// The addresses are spread over a few of these, so a sleeper may be woken for another's sake and look again.
struct parking_place {
    std::mutex mutex;
    std::condition_variable changed;
};

[[nodiscard]] parking_place& parking_place_of(const void* address) noexcept;

// Sleeps until `done()` holds, which depends on the word at the address.
template <typename predicate>
void park_until(const void* address, predicate done) noexcept
{
    parking_place& place = parking_place_of(address);
    std::unique_lock lock(place.mutex);
    while (!done()) {
        place.changed.wait(lock);
    }
}

// The same for at most `limit`. False when `done()` does not hold then.
template <typename predicate>
[[nodiscard]] bool park_for(const void* address, std::chrono::milliseconds limit, predicate done) noexcept
{
    parking_place& place = parking_place_of(address);
    std::unique_lock lock(place.mutex);
    return place.changed.wait_for(lock, limit, done);
}

// To be called after the word at the address has been changed. A sleeper either saw the change under the mutex or is
// waiting by the time that the mutex is taken here.
void unpark(const void* address) noexcept;

} // namespace async_socket::detail

#endif
