// SPDX-License-Identifier: MIT
//
// What the two sides of a file transfer have in common.

#ifndef ASOCK_TRANSFER_OPTIONS_HPP
#define ASOCK_TRANSFER_OPTIONS_HPP

#include "network/engine.hpp"
#include "terminal/progress.hpp"
#include "transfer/wire.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace asock {

// Blocks on their way at any moment, in each direction; together the memory that a transfer of any size takes.
constexpr std::size_t outstanding_blocks = 8;
constexpr std::size_t block_size = std::size_t{256} << 10U;
static_assert(block_size <= wire::largest_block);

struct transfer_options {
    std::string file; // "-": the standard stream
    progress::style progress_style = progress::style::none;
    bool quiet = false;
    engine_options engine;
    std::chrono::seconds timeout{30}; // without a byte from the other side; zero: no limit
};

} // namespace asock

#endif
