// SPDX-License-Identifier: MIT
//
// `asock send`: a file, block by block, with a bounded number of blocks on their way.

#ifndef ASOCK_TRANSFER_SEND_HPP
#define ASOCK_TRANSFER_SEND_HPP

#include "transfer/options.hpp"
#include <async_socket/cpp/endpoint.hpp>

#include <chrono>
#include <stop_token>

namespace asock {

struct send_options : transfer_options {
    async_socket::endpoint receiver;
    std::chrono::seconds patience{}; // how long to try while nobody listens there
};

// Returns when the receiver has acknowledged that the file is on its disk. Throws failure or interrupted.
void send_file(const send_options& options, const std::stop_token& stop);

} // namespace asock

#endif
