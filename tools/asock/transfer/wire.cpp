// SPDX-License-Identifier: MIT

#include "transfer/wire.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace asock::wire {

namespace {

constexpr std::string_view hello_magic = "ASOCKRCV";
constexpr std::string_view header_magic = "ASOCKSND";
constexpr std::string_view reply_magic = "ASOCKEND";
constexpr std::uint32_t end_mark = 0;
constexpr std::uint32_t give_up_mark = UINT32_MAX;

void append(bytes& out, std::string_view text)
{
    std::transform(text.begin(), text.end(), std::back_inserter(out), [](char c) { return static_cast<std::byte>(c); });
}

template <typename Number>
void append_number(bytes& out, Number value)
{
    for (unsigned shift = sizeof(Number) * 8; shift > 0; shift -= 8) {
        out.push_back(static_cast<std::byte>((value >> (shift - 8)) & 0xffU));
    }
}

void append_totals(bytes& out, const totals& value)
{
    append_number(out, value.bytes);
    out.insert(out.end(), value.digest.begin(), value.digest.end());
}

template <typename Number>
Number read_number(std::span<const std::byte> in)
{
    Number value = 0;
    for (const std::byte each : in.first(sizeof(Number))) {
        value = static_cast<Number>(value << 8U) | std::to_integer<Number>(each);
    }
    return value;
}

totals read_totals(std::span<const std::byte> in)
{
    totals value;
    value.bytes = read_number<std::uint64_t>(in);
    std::copy_n(in.subspan(sizeof value.bytes).begin(), value.digest.size(), value.digest.begin());
    return value;
}

bool begins_like(std::span<const std::byte> arrived, std::string_view magic)
{
    const std::size_t comparable = std::min(arrived.size(), magic.size());
    return std::equal(magic.begin(), magic.begin() + static_cast<std::ptrdiff_t>(comparable), arrived.begin(),
                      [](char c, std::byte b) { return static_cast<std::byte>(c) == b; });
}

verdict judge_greeting(std::span<const std::byte> arrived, std::string_view magic, std::size_t size)
{
    if (!begins_like(arrived, magic)) {
        return verdict::not_asock;
    }
    if (arrived.size() >= magic.size() + sizeof version &&
        read_number<std::uint32_t>(arrived.subspan(magic.size())) != version) {
        return verdict::other_version;
    }
    return arrived.size() < size ? verdict::incomplete : verdict::good;
}

} // namespace

bytes encode_hello()
{
    bytes out;
    append(out, hello_magic);
    append_number(out, version);
    return out;
}

bytes encode_header(std::uint64_t announced)
{
    bytes out;
    append(out, header_magic);
    append_number(out, version);
    append_number(out, announced);
    return out;
}

bytes encode_block_prefix(std::uint32_t length)
{
    bytes out;
    append_number(out, length);
    return out;
}

bytes encode_end(const totals& sent)
{
    bytes out;
    append_number(out, end_mark);
    append_totals(out, sent);
    return out;
}

bytes encode_give_up()
{
    bytes out;
    append_number(out, give_up_mark);
    return out;
}

bytes encode_reply(const reply& value)
{
    bytes out;
    append(out, reply_magic);
    append_number(out, static_cast<std::uint32_t>(value.result));
    append_totals(out, value.received);
    return out;
}

verdict judge_hello(std::span<const std::byte> arrived)
{
    return judge_greeting(arrived, hello_magic, hello_size);
}

verdict judge_reply(std::span<const std::byte> arrived)
{
    if (!begins_like(arrived, reply_magic)) {
        return verdict::not_asock;
    }
    return arrived.size() < reply_size ? verdict::incomplete : verdict::good;
}

reply decode_reply(std::span<const std::byte> arrived)
{
    const std::span<const std::byte> fields = arrived.subspan(reply_magic.size());
    return {static_cast<status>(read_number<std::uint32_t>(fields)), read_totals(fields.subspan(sizeof(status)))};
}

// True when a part of `size` bytes is whole in field_; the next call collects the next part.
bool stream_decoder::collect(std::span<const std::byte>& input, std::size_t size)
{
    const std::size_t taken = std::min(size - collected_, input.size());
    std::copy_n(input.begin(), taken, field_.begin() + static_cast<std::ptrdiff_t>(collected_));
    input = input.subspan(taken);
    collected_ += taken;
    if (collected_ < size) {
        return false;
    }
    collected_ = 0;
    return true;
}

stream_decoder::event stream_decoder::finish(event last)
{
    part_ = part::over;
    last_ = last;
    return last;
}

stream_decoder::event stream_decoder::next(std::span<const std::byte>& input)
{
    const std::span<const std::byte> field(field_);
    if (part_ == part::over) {
        return last_ == event::end && !input.empty() ? finish(event::malformed) : last_;
    }
    if (part_ == part::header) {
        const bool whole = collect(input, header_size);
        const std::size_t have = whole ? header_size : collected_;
        switch (judge_greeting(field.first(have), header_magic, header_size)) {
        case verdict::not_asock:
            return finish(event::not_asock);
        case verdict::other_version:
            return finish(event::other_version);
        case verdict::incomplete:
            return event::need_more;
        case verdict::good:
            break;
        }
        announced_ = read_number<std::uint64_t>(field.subspan(header_magic.size() + sizeof version));
        part_ = part::block_prefix;
        return event::header;
    }
    if (part_ == part::block_prefix) {
        if (!collect(input, block_prefix_size)) {
            return event::need_more;
        }
        const auto length = read_number<std::uint32_t>(field);
        if (length == give_up_mark) {
            return finish(event::given_up);
        }
        if (length > largest_block) {
            return finish(event::malformed);
        }
        left_in_block_ = length;
        part_ = length == end_mark ? part::end : part::block;
    }
    if (part_ == part::end) {
        if (!collect(input, end_size - block_prefix_size)) {
            return event::need_more;
        }
        sent_ = read_totals(field);
        return finish(event::end);
    }
    if (input.empty()) {
        return event::need_more;
    }
    payload_ = input.first(std::min<std::size_t>(left_in_block_, input.size()));
    input = input.subspan(payload_.size());
    left_in_block_ -= static_cast<std::uint32_t>(payload_.size());
    if (left_in_block_ == 0) {
        part_ = part::block_prefix;
    }
    return event::payload;
}

} // namespace asock::wire
