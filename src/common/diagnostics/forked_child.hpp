// SPDX-License-Identifier: MIT
//
// A process that was forked while threads of the library were running has none of them, but shares the descriptors that
// they work with. So nothing may be done there: every public function asks first.

#ifndef ASYNC_SOCKET_COMMON_DIAGNOSTICS_FORKED_CHILD_HPP
#define ASYNC_SOCKET_COMMON_DIAGNOSTICS_FORKED_CHILD_HPP

#include <atomic>

namespace async_socket::detail {

// Written once, in the child, by its only thread before fork returns there; read by every call. Relaxed: what other
// threads the child has are made later.
inline constinit std::atomic<bool> is_forked_child{false};

[[nodiscard]] inline bool in_forked_child() noexcept
{
    return is_forked_child.load(std::memory_order_relaxed);
}

// Reports it the first time that it is called.
void report_forked_child(const char* function) noexcept;

// What a public function asks first. True: it is to fail, or to return, at once.
[[nodiscard]] inline bool refused_in_child(const char* function) noexcept
{
    if (!in_forked_child()) [[likely]] {
        return false;
    }
    report_forked_child(function);
    return true;
}

} // namespace async_socket::detail

#endif
