// SPDX-License-Identifier: MIT

#include "transfer/wire.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <initializer_list>
#include <string_view>

namespace {

using namespace asock::wire;
using event = stream_decoder::event;

bytes copy_of(std::string_view text)
{
    const auto view = std::as_bytes(std::span(text));
    return {view.begin(), view.end()};
}

bytes joined(std::initializer_list<bytes> parts)
{
    bytes whole;
    for (const bytes& part : parts) {
        whole.insert(whole.end(), part.begin(), part.end());
    }
    return whole;
}

bytes block(std::string_view data)
{
    return joined({encode_block_prefix(static_cast<std::uint32_t>(data.size())), copy_of(data)});
}

totals totals_of(std::string_view data)
{
    asock::sha256 hash;
    hash.update(std::as_bytes(std::span(data)));
    return {data.size(), hash.finish()};
}

struct decoded {
    event last = event::need_more;
    bytes payload;
    int headers = 0;
    std::size_t unused = 0;
};

// Feeds the stream in pieces of the given size, until it says that it is over.
decoded decode(stream_decoder& decoder, const bytes& stream, std::size_t piece)
{
    decoded result;
    for (std::size_t at = 0; at < stream.size(); at += piece) {
        std::span<const std::byte> input = std::span(stream).subspan(at, std::min(piece, stream.size() - at));
        do {
            result.last = decoder.next(input);
            if (result.last == event::payload) {
                result.payload.insert(result.payload.end(), decoder.payload().begin(), decoder.payload().end());
            } else if (result.last == event::header) {
                ++result.headers;
            } else if (result.last != event::need_more) {
                result.unused = input.size() + (stream.size() - std::min(at + piece, stream.size()));
                return result;
            }
        } while (result.last != event::need_more);
    }
    return result;
}

decoded decode(const bytes& stream)
{
    stream_decoder decoder;
    return decode(decoder, stream, stream.size());
}

TEST(stream_decoder, gives_back_what_was_encoded_however_it_is_cut)
{
    const totals sent = totals_of("hello world");
    const bytes stream = joined({encode_header(11), block("hello"), block(" worl"), block("d"), encode_end(sent)});
    for (std::size_t piece = 1; piece <= stream.size(); ++piece) {
        stream_decoder decoder;
        const decoded result = decode(decoder, stream, piece);
        ASSERT_EQ(result.last, event::end) << piece;
        ASSERT_EQ(result.payload, copy_of("hello world")) << piece;
        ASSERT_EQ(result.headers, 1) << piece;
        ASSERT_EQ(decoder.announced(), 11U) << piece;
        ASSERT_EQ(decoder.sent(), sent) << piece;
    }
}

TEST(stream_decoder, an_empty_file_has_an_end_too)
{
    stream_decoder decoder;
    const bytes stream = joined({encode_header(0), encode_end(totals_of(""))});
    const decoded result = decode(decoder, stream, stream.size());
    EXPECT_EQ(result.last, event::end);
    EXPECT_TRUE(result.payload.empty());
    EXPECT_EQ(decoder.sent(), totals_of(""));
}

TEST(stream_decoder, a_stream_that_is_cut_anywhere_never_ends)
{
    const bytes stream = joined({encode_header(5), block("hello"), encode_end(totals_of("hello"))});
    for (std::size_t length = 0; length < stream.size(); ++length) {
        ASSERT_EQ(decode(bytes(stream.begin(), stream.begin() + static_cast<std::ptrdiff_t>(length))).last,
                  event::need_more)
            << length;
    }
}

TEST(stream_decoder, knows_a_sender_that_gives_up)
{
    EXPECT_EQ(decode(joined({encode_header(5), block("he"), encode_give_up()})).last, event::given_up);
}

TEST(stream_decoder, notices_the_first_wrong_byte_of_a_stranger)
{
    const decoded result = decode(copy_of("GET / HTTP/1.1\r\n"));
    EXPECT_EQ(result.last, event::not_asock);
    EXPECT_EQ(decode(copy_of("G")).last, event::not_asock);
    EXPECT_EQ(decode(copy_of("ASOCKSNx")).last, event::not_asock);
    EXPECT_EQ(decode(encode_hello()).last, event::not_asock);
    EXPECT_EQ(decode(copy_of("ASOCK")).last, event::need_more);
}

TEST(stream_decoder, knows_a_sender_of_another_version)
{
    bytes header = encode_header(5);
    header.at(11) = static_cast<std::byte>(version + 1);
    EXPECT_EQ(decode(header).last, event::other_version);
}

TEST(stream_decoder, refuses_a_block_that_is_too_long)
{
    EXPECT_EQ(decode(joined({encode_header(5), encode_block_prefix(largest_block + 1)})).last, event::malformed);
    EXPECT_EQ(decode(joined({encode_header(5), encode_block_prefix(largest_block)})).last, event::need_more);
}

TEST(stream_decoder, stays_where_it_has_ended)
{
    stream_decoder decoder;
    const bytes stream = joined({encode_header(0), encode_end(totals_of("")), copy_of("x")});
    const decoded result = decode(decoder, stream, stream.size());
    EXPECT_EQ(result.last, event::end);
    EXPECT_EQ(result.unused, 1U);
    std::span<const std::byte> nothing;
    EXPECT_EQ(decoder.next(nothing), event::end);
    std::span<const std::byte> more = std::span(stream).last(1);
    EXPECT_EQ(decoder.next(more), event::malformed);
    EXPECT_EQ(decoder.next(nothing), event::malformed);
}

TEST(hello, is_judged_byte_by_byte)
{
    const bytes hello = encode_hello();
    ASSERT_EQ(hello.size(), hello_size);
    for (std::size_t length = 0; length < hello.size(); ++length) {
        EXPECT_EQ(judge_hello(std::span(hello).first(length)), verdict::incomplete);
    }
    EXPECT_EQ(judge_hello(hello), verdict::good);
    EXPECT_EQ(judge_hello(copy_of("S")), verdict::not_asock);
    EXPECT_EQ(judge_hello(encode_header(0)), verdict::not_asock);
    bytes newer = hello;
    newer.back() = static_cast<std::byte>(version + 1);
    EXPECT_EQ(judge_hello(newer), verdict::other_version);
}

TEST(reply, survives_the_way)
{
    const reply sent{status::disk_full, totals_of("some bytes")};
    const bytes encoded = encode_reply(sent);
    ASSERT_EQ(encoded.size(), reply_size);
    EXPECT_EQ(judge_reply(std::span(encoded).first(reply_size - 1)), verdict::incomplete);
    EXPECT_EQ(judge_reply(encoded), verdict::good);
    EXPECT_EQ(judge_reply(copy_of("HTTP")), verdict::not_asock);
    const reply received = decode_reply(encoded);
    EXPECT_EQ(received.result, sent.result);
    EXPECT_EQ(received.received, sent.received);
}

// The layout is what another version has to understand, so that it is written down here once more.
TEST(encoding, is_big_endian_and_of_the_documented_size)
{
    EXPECT_EQ(encode_block_prefix(0x01020304), (bytes{std::byte{1}, std::byte{2}, std::byte{3}, std::byte{4}}));
    EXPECT_EQ(encode_header(0x0102030405060708).size(), header_size);
    EXPECT_EQ(encode_header(0x0102030405060708).at(12), std::byte{1});
    EXPECT_EQ(encode_header(0x0102030405060708).back(), std::byte{8});
    EXPECT_EQ(encode_end({}).size(), end_size);
    EXPECT_EQ(encode_give_up(), bytes(4, std::byte{0xff}));
}

} // namespace
