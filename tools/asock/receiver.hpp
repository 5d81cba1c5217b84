// SPDX-License-Identifier: MIT
//
// `asock receive`: waits for one `asock send` and writes what it sends.

#ifndef ASOCK_RECEIVER_HPP
#define ASOCK_RECEIVER_HPP

#include "endpoint.hpp"
#include "transfer.hpp"

#include <stop_token>

namespace asock {

// Returns when the file is on the disk under its final name. Throws failure or interrupted; then there is no file.
void receive_file(const transfer_options& options, const endpoint& listen_at, const std::stop_token& stop);

} // namespace asock

#endif
