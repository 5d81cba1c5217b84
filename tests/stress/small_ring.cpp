// SPDX-License-Identifier: MIT
//
// Makes the rings of this program so small that they are full most of the time.

#include "linux/backend/ring_size.hpp"

namespace stress {
namespace {

// Before main, and so before the first engine.
[[maybe_unused]] const bool small_rings = [] {
    async_socket::detail::ring_submissions = 4;
    async_socket::detail::ring_completions = 8;
    return true;
}();

} // namespace
} // namespace stress
