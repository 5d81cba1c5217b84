// SPDX-License-Identifier: MIT
//
// What the receiver of a file says to its sender: a hello before, and a reply afterwards.

#ifndef ASOCK_TRANSFER_RECEIVER_WORDS_HPP
#define ASOCK_TRANSFER_RECEIVER_WORDS_HPP

#include "transfer/wire.hpp"

#include <async_socket/async_socket.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <string>
#include <system_error>

namespace asock {

// Throws failure when it is none, or does not come within the time limit, if there is one. Nothing behind it is taken.
async_socket::task<> await_hello(async_socket::socket& connection, const std::string& peer_name,
                                 std::chrono::seconds timeout);

class receiver_reply {
public:
    // Returns when enough has arrived to judge it, and else what has kept it from that; then it may be called again.
    async_socket::task<std::error_code> receive(async_socket::socket& connection, async_socket::time_limit limit);

    // To be called when enough has arrived. Returns what the receiver has; throws failure where it is not content.
    wire::totals judge(const std::string& peer_name) const;

private:
    std::array<std::byte, wire::reply_size> memory_{};
    std::size_t size_ = 0; // that has arrived
};

} // namespace asock

#endif
