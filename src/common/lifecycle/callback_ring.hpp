// SPDX-License-Identifier: MIT
//
// The waits that sleep, with the callbacks that they hold up, and the search for the ring that a new one closes
// (callback_wait.hpp says what a ring is).

#ifndef ASYNC_SOCKET_COMMON_LIFECYCLE_CALLBACK_RING_HPP
#define ASYNC_SOCKET_COMMON_LIFECYCLE_CALLBACK_RING_HPP

#include <cstddef>
#include <cstdint>
#include <mutex>

#include "common/lifecycle/callback_scope.hpp"
#include "common/lifecycle/callback_wait.hpp"

namespace async_socket::detail {

// The sockets of a ring, for the log.
struct ring_text {
    char text[256] = "";
    std::size_t length = 0;

    void add(ASYNC_SOCKET_HANDLE socket) noexcept;
};

// One search. Everything, the static functions included, is to be called under the lock.
class callback_ring {
public:
    explicit callback_ring(callback_wait& last) noexcept : last_(last) {}

    [[nodiscard]] static std::unique_lock<std::mutex> lock();

    static void list(callback_wait& added) noexcept;
    static void take_out(callback_wait& removed) noexcept;
    static void take_out_scope(callback_scope& removed) noexcept;
    [[nodiscard]] static bool is_left_out(const callback_scope& scope) noexcept;

    // False: there is none.
    [[nodiscard]] bool find() noexcept;
    // Lets each wait of the ring leave out the callbacks that the ring holds up, and look again.
    void leave_out(ring_text& names) noexcept;
    void forget() noexcept;

private:
    [[nodiscard]] static std::uint32_t height_of(const callback_wait& wait) noexcept;
    template <typename visitor>
    static void for_each_awaited(const callback_wait& wait, visitor visit) noexcept;
    template <typename visitor>
    static void for_each_on_top(const callback_scope& scope, visitor visit) noexcept;
    template <typename visitor>
    static void for_each_ahead(const callback_wait& wait, visitor visit) noexcept;

    void find_what_is_ahead() noexcept;
    void find_members() noexcept;

    [[nodiscard]] static bool is_held_up(const callback_scope& scope) noexcept;
    static void leave_out_of(callback_wait& wait, callback_scope& scope) noexcept;
    static void wake(const callback_wait& wait) noexcept;

    callback_wait& last_;
    callback_wait* first_found_ = nullptr;
    bool has_members_ = false; // besides the last one
};

} // namespace async_socket::detail

#endif
