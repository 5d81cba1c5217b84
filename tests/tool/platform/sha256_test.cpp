// SPDX-License-Identifier: MIT

#include "platform/sha256.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace {

std::span<const std::byte> bytes_of(std::string_view text)
{
    return std::as_bytes(std::span(text));
}

std::string hash(std::string_view text)
{
    asock::sha256 context;
    context.update(bytes_of(text));
    return asock::to_hex(context.finish());
}

// The examples of the National Institute of Standards and Technology for FIPS 180-4.
TEST(sha256, agrees_with_the_published_examples)
{
    EXPECT_EQ(hash(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(hash("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    EXPECT_EQ(hash(std::string(1'000'000, 'a')), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(sha256, does_not_care_how_the_bytes_are_cut)
{
    const std::string text(1000, 'x');
    const std::string whole = hash(text);
    for (std::size_t piece = 1; piece <= 130; ++piece) {
        asock::sha256 context;
        for (std::size_t at = 0; at < text.size(); at += piece) {
            context.update(bytes_of(std::string_view(text).substr(at, piece)));
        }
        ASSERT_EQ(asock::to_hex(context.finish()), whole) << piece;
    }
}

} // namespace
