// SPDX-License-Identifier: MIT
//
// What comes over the network: taken apart in any pieces, a stream is the same events and the same payload, and a
// stream that ends well is exactly the one that its parts are written as.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "expect.h"
#include "transfer/wire.hpp"

namespace {

using asock::wire::stream_decoder;
using event = stream_decoder::event;

struct outcome {
    event last = event::need_more;
    std::uint64_t announced = 0;
    std::vector<std::byte> payload;
    asock::wire::totals sent;

    bool operator==(const outcome&) const = default;
};

bool is_final(event each)
{
    return each != event::need_more && each != event::header && each != event::payload;
}

// Each piece in memory of its own, so that a read past its end is seen.
outcome decode(const std::vector<std::vector<std::byte>>& pieces)
{
    stream_decoder decoder;
    outcome result;
    for (const std::vector<std::byte>& piece : pieces) {
        std::span<const std::byte> input(piece);
        for (;;) {
            const std::size_t before = input.size();
            const event each = decoder.next(input);
            expect(input.size() <= before);
            expect(!is_final(result.last) || each == result.last ||
                   (result.last == event::end && each == event::malformed));
            result.last = each;
            if (each == event::header) {
                result.announced = decoder.announced();
            } else if (each == event::payload) {
                const std::span<const std::byte> part = decoder.payload();
                expect(!part.empty() && part.size() <= before && part.data() >= piece.data());
                expect(part.data() + part.size() == input.data());
                result.payload.insert(result.payload.end(), part.begin(), part.end());
            } else if (each == event::need_more) {
                expect(input.empty());
                break;
            } else if (each == event::end && !input.empty()) {
                continue;
            } else {
                result.sent = decoder.sent();
                break;
            }
        }
    }
    return result;
}

std::vector<std::vector<std::byte>> cut(std::span<const std::byte> whole, std::size_t step)
{
    std::vector<std::vector<std::byte>> pieces;
    while (!whole.empty()) {
        const std::size_t size = std::min(step, whole.size());
        pieces.emplace_back(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        whole = whole.subspan(size);
    }
    return pieces;
}

void append(std::vector<std::byte>& out, const std::vector<std::byte>& more)
{
    out.insert(out.end(), more.begin(), more.end());
}

// Blocks may be cut in many ways, so the payload is written back in the sizes of the stream itself.
std::vector<std::byte> written_back(std::span<const std::byte> stream, const outcome& decoded)
{
    std::vector<std::byte> out = asock::wire::encode_header(decoded.announced);
    std::size_t at = out.size();
    std::size_t taken = 0;
    while (taken < decoded.payload.size()) {
        std::uint32_t length = 0;
        for (std::size_t i = 0; i < asock::wire::block_prefix_size; ++i) {
            length = length << 8U | std::to_integer<std::uint32_t>(stream[at + i]);
        }
        append(out, asock::wire::encode_block_prefix(length));
        expect(length != 0 && length <= asock::wire::largest_block && length <= decoded.payload.size() - taken);
        const auto from = decoded.payload.begin() + static_cast<std::ptrdiff_t>(taken);
        out.insert(out.end(), from, from + length);
        taken += length;
        at = out.size();
    }
    append(out, asock::wire::encode_end(decoded.sent));
    return out;
}

void check_greetings(const std::vector<std::byte>& arrived)
{
    using asock::wire::verdict;
    // A verdict is final: more bytes do not make a wrong beginning right.
    verdict hello = verdict::incomplete;
    verdict reply = verdict::incomplete;
    for (std::size_t size = 0; size <= std::min<std::size_t>(arrived.size(), 64); ++size) {
        const std::vector<std::byte> so_far(arrived.begin(), arrived.begin() + static_cast<std::ptrdiff_t>(size));
        const verdict next_hello = asock::wire::judge_hello(so_far);
        const verdict next_reply = asock::wire::judge_reply(so_far);
        expect(hello == verdict::incomplete || next_hello == hello);
        expect(reply == verdict::incomplete || next_reply == reply);
        hello = next_hello;
        reply = next_reply;
        if (reply == verdict::good && size == asock::wire::reply_size) {
            expect(asock::wire::encode_reply(asock::wire::decode_reply(so_far)) == so_far);
        }
        if (hello == verdict::good && size == asock::wire::hello_size) {
            expect(asock::wire::encode_hello() == so_far);
        }
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0) {
        return 0;
    }
    // The first byte says how the rest arrives.
    const std::size_t step = 1 + data[0] % 64;
    const auto bytes = std::as_bytes(std::span(data, size)).subspan(1);
    const std::vector<std::byte> stream(bytes.begin(), bytes.end());

    check_greetings(stream);
    const outcome at_once = decode(cut(stream, stream.size() + 1));
    const outcome in_pieces = decode(cut(stream, step));
    expect(at_once.payload == in_pieces.payload);
    expect(at_once.announced == in_pieces.announced);
    expect(at_once.last == in_pieces.last);
    if (at_once.last == event::end) {
        expect(at_once.sent == in_pieces.sent);
        expect(written_back(stream, at_once) == stream);
    }
    return 0;
}
