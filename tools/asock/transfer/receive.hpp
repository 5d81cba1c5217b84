// SPDX-License-Identifier: MIT
//
// `asock receive`: waits for one `asock send` and writes what it sends.

#ifndef ASOCK_TRANSFER_RECEIVE_HPP
#define ASOCK_TRANSFER_RECEIVE_HPP

#include "transfer/options.hpp"
#include <async_socket/cpp/endpoint.hpp>

#include <chrono>
#include <stop_token>

namespace asock {

struct receive_options : transfer_options {
    async_socket::endpoint listen_at;
    bool overwrite = false;          // a file of that name that may be there
    std::chrono::seconds patience{}; // how long to wait for a sender; zero: no limit
};

// Waits for a sender, whoever else may connect before. Returns when the file is on the disk under its final name.
// Throws failure or interrupted; then there is no file.
void receive_file(const receive_options& options, const std::stop_token& stop);

} // namespace asock

#endif
