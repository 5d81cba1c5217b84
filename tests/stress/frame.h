// SPDX-License-Identifier: MIT
//
// The messages that are sent: each tells who sent it, as which of its messages, and how long it is, and its bytes
// follow from that. So the peer can check every byte although several threads send at the same time.

#ifndef ASYNC_SOCKET_TESTS_STRESS_FRAME_H
#define ASYNC_SOCKET_TESTS_STRESS_FRAME_H

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "support/pattern.h"

namespace stress {

struct frame {
    std::uint32_t operation; // its number among those of the connection; grows with every start of one thread
    std::uint32_t starter;   // the thread that started it
    std::uint32_t length;    // of the whole message
};

constexpr std::size_t frame_header_size = 12;

contract::bytes make_message(const frame& header);

// Takes a stream of messages apart.
class frame_reader {
public:
    // Empty, or what is wrong with the stream.
    [[nodiscard]] std::string read(const unsigned char* data, std::size_t length);

    // The messages that have arrived whole.
    [[nodiscard]] const std::set<std::uint32_t>& whole() const { return whole_; }

private:
    std::string take_header();
    void begin_next();

    contract::bytes header_;
    frame current_{};
    std::size_t at_ = 0; // in the current message
    std::set<std::uint32_t> whole_;
    std::map<std::uint32_t, std::uint32_t> last_of_starter_;
};

} // namespace stress

#endif
