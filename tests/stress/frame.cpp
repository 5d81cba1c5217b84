// SPDX-License-Identifier: MIT

#include "frame.h"

#include <algorithm>

namespace stress {

namespace {

constexpr std::uint32_t largest_length = 4 * 1024 * 1024;

void put(unsigned char* at, std::uint32_t value)
{
    for (unsigned i = 0; i != 4; ++i) {
        at[i] = static_cast<unsigned char>(value >> (8 * i));
    }
}

std::uint32_t get(const unsigned char* at)
{
    std::uint32_t value = 0;
    for (unsigned i = 0; i != 4; ++i) {
        value |= static_cast<std::uint32_t>(at[i]) << (8 * i);
    }
    return value;
}

std::uint64_t origin(const frame& header)
{
    return static_cast<std::uint64_t>(header.operation) << 32;
}

} // namespace

contract::bytes make_message(const frame& header)
{
    contract::bytes message = contract::pattern(header.length, origin(header));
    put(message.data(), header.operation);
    put(message.data() + 4, header.starter);
    put(message.data() + 8, header.length);
    return message;
}

std::string frame_reader::read(const unsigned char* data, std::size_t length)
{
    while (length != 0) {
        if (at_ < frame_header_size) {
            header_.push_back(*data++);
            --length;
            if (++at_ == frame_header_size) {
                if (std::string wrong = take_header(); !wrong.empty()) {
                    return wrong;
                }
            }
        } else {
            const std::size_t piece = (std::min)(length, current_.length - at_);
            if (contract::first_wrong_byte(data, piece, origin(current_) + at_) != piece) {
                return "message " + std::to_string(current_.operation) + " has a wrong byte";
            }
            at_ += piece;
            data += piece;
            length -= piece;
        }
        if (at_ >= frame_header_size && at_ == current_.length) {
            begin_next();
        }
    }
    return {};
}

std::string frame_reader::take_header()
{
    current_ = {get(header_.data()), get(header_.data() + 4), get(header_.data() + 8)};
    if (current_.length < frame_header_size || current_.length > largest_length) {
        return "no message begins where one should";
    }
    const auto [last, first_of_starter] = last_of_starter_.try_emplace(current_.starter, current_.operation);
    if (!first_of_starter) {
        if (last->second >= current_.operation) {
            return "message " + std::to_string(current_.operation) + " comes after " + std::to_string(last->second) +
                   " of the same thread";
        }
        last->second = current_.operation;
    }
    return {};
}

void frame_reader::begin_next()
{
    whole_.insert(current_.operation);
    header_.clear();
    at_ = 0;
}

} // namespace stress
