// SPDX-License-Identifier: MIT
//
// What `asock send` and `asock receive` say to each other. All numbers are big-endian.
//
//   receiver  "ASOCKRCV" version:u32                                    as soon as the connection stands
//   sender    "ASOCKSND" version:u32 announced:u64                      unknown_length where it cannot be known
//             { length:u32 bytes }                                      length 1 .. largest_block
//             0:u32 total:u64 sha256:32                                 the end; or
//             0xffffffff:u32                                            the sender gives up
//   receiver  "ASOCKEND" status:u32 total:u64 sha256:32                 when the file is on the disk, or has failed
//
// The receiver speaks first, so that a sender connected to something else finds out before any data has left. The end
// comes in the stream itself, so that a connection cut anywhere is never taken for a complete file.

#ifndef ASOCK_TRANSFER_WIRE_HPP
#define ASOCK_TRANSFER_WIRE_HPP

#include "platform/sha256.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace asock::wire {

constexpr std::uint32_t version = 1;
constexpr std::uint64_t unknown_length = UINT64_MAX;
constexpr std::uint32_t largest_block = 1U << 20U;

constexpr std::size_t hello_size = 12;
constexpr std::size_t header_size = 20;
constexpr std::size_t block_prefix_size = 4;
constexpr std::size_t end_size = 44;
constexpr std::size_t reply_size = 52;

enum class status : std::uint32_t {
    ok = 0,
    write_failed = 1,
    disk_full = 2,
    damaged = 3 // the data is not what the sender says that it sent
};

struct totals {
    std::uint64_t bytes = 0;
    sha256_digest digest{};

    bool operator==(const totals&) const = default;
};

struct reply {
    status result = status::ok;
    totals received;
};

using bytes = std::vector<std::byte>;

bytes encode_hello();
bytes encode_header(std::uint64_t announced);
bytes encode_block_prefix(std::uint32_t length);
bytes encode_end(const totals& sent);
bytes encode_give_up();
bytes encode_reply(const reply& value);

enum class verdict {
    good,
    incomplete,    // right so far
    not_asock,     // these are not the bytes that an asock of the other kind begins with
    other_version, // an asock of a version that this one does not understand
};

// Judge what has arrived so far; a wrong byte is noticed as soon as it is there.
verdict judge_hello(std::span<const std::byte> arrived);
verdict judge_reply(std::span<const std::byte> arrived);

// Reads a reply that was judged good.
reply decode_reply(std::span<const std::byte> arrived);

// Takes the sender's stream apart, in whatever pieces it arrives. Payload is handed out where it lies, not copied.
class stream_decoder {
public:
    enum class event {
        need_more, // the input is used up
        header,    // announced() is known
        payload,   // payload() is a piece of the file
        end,       // sent() is known
        given_up,  // the sender cannot go on
        not_asock, // and nothing follows any more, as after the next two
        other_version,
        malformed
    };

    // Consumes bytes from the front of `input` up to the next event. After end, given_up and the errors the same event
    // is returned again, and nothing is consumed; except that bytes behind the end are malformed.
    event next(std::span<const std::byte>& input);

    std::uint64_t announced() const { return announced_; }
    std::span<const std::byte> payload() const { return payload_; }
    const totals& sent() const { return sent_; }

private:
    enum class part { header, block_prefix, block, end, over };

    bool collect(std::span<const std::byte>& input, std::size_t size);
    event finish(event last);

    part part_ = part::header;
    event last_ = event::need_more;
    std::array<std::byte, end_size> field_{}; // a fixed-size part that has arrived up to collected_
    std::size_t collected_ = 0;
    std::uint32_t left_in_block_ = 0;
    std::uint64_t announced_ = unknown_length;
    std::span<const std::byte> payload_;
    totals sent_;
};

} // namespace asock::wire

#endif
