// SPDX-License-Identifier: MIT
//
// From a listener to `asock send`, past whoever else may connect: a scan of ports, a health check, a browser.

#ifndef ASOCK_TRANSFER_AWAIT_SENDER_HPP
#define ASOCK_TRANSFER_AWAIT_SENDER_HPP

#include "transfer/wire.hpp"

#include <async_socket/async_socket.hpp>

#include <array>
#include <chrono>
#include <cstddef>

namespace asock {

struct found_sender {
    async_socket::socket connection;
    std::array<std::byte, wire::header_size> header{}; // that has come from it
};

// Says hello to everybody who connects, many at a time, and returns the first one that answers as a sender does; all
// others are dropped. Throws failure when none has come for so long (zero: no limit) or the listener cannot go on, and
// interrupted.
async_socket::task<found_sender> await_sender(async_socket::listener& listener, std::chrono::seconds patience);

} // namespace asock

#endif
