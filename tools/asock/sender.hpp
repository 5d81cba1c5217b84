// SPDX-License-Identifier: MIT
//
// `asock send`: a file, block by block, with a bounded number of blocks on their way.

#ifndef ASOCK_SENDER_HPP
#define ASOCK_SENDER_HPP

#include "endpoint.hpp"
#include "transfer.hpp"

#include <stop_token>

namespace asock {

// Returns when the receiver has acknowledged that the file is on its disk. Throws failure or interrupted.
void send_file(const transfer_options& options, const endpoint& receiver, const std::stop_token& stop);

} // namespace asock

#endif
