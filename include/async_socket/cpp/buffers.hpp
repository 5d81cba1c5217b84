// SPDX-License-Identifier: MIT

/// \defgroup cpp_buffers Bytes
/// \ingroup cpp
///
/// Bytes to send and memory to receive into: one span, or a sequence of them.
///
/// \{

#ifndef ASYNC_SOCKET_CPP_BUFFERS_HPP
#define ASYNC_SOCKET_CPP_BUFFERS_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <string_view>

#include "async_socket/async_socket.h"

namespace async_socket {

/// The bytes of a text, to be sent. They are not copied.
inline std::span<const std::byte> bytes_of(std::string_view text) noexcept
{
    return std::as_bytes(std::span(text.data(), text.size()));
}

/// Bytes that were received, as text: `text_of(std::span(buffer).first(size))`. They are not copied. The other way,
/// memory of a std::string or a char array to receive into is `std::as_writable_bytes(std::span(memory))`.
inline std::string_view text_of(std::span<const std::byte> bytes) noexcept
{
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

namespace impl {

// The pieces of one step of an operation, as the C API takes them. It reads them during the call only.
struct io_buffers {
    // A step takes at most this many pieces.
    static constexpr std::size_t most = 64;

    std::array<ASYNC_SOCKET_BUFFER, most> buffers;
    std::uint32_t count = 0;
};

// Goes through one span or a sequence of them. The sequence itself remains the caller's; empty spans are skipped.
template <typename Byte>
class buffer_cursor {
public:
    explicit buffer_cursor(std::span<Byte> single) noexcept : current_(single) {}
    explicit buffer_cursor(std::span<const std::span<Byte>> sequence) noexcept : rest_(sequence) { skip_empty(); }

    [[nodiscard]] bool at_end() const noexcept { return current_.empty(); }
    [[nodiscard]] std::span<Byte> current() const noexcept { return current_; }

    // What is left: how many pieces that are not empty, and how many bytes.
    [[nodiscard]] std::size_t pieces() const noexcept
    {
        return static_cast<std::size_t>(
                   std::count_if(rest_.begin(), rest_.end(), [](auto each) { return !each.empty(); })) +
               (current_.empty() ? 0U : 1U);
    }
    [[nodiscard]] std::size_t bytes() const noexcept
    {
        std::size_t sum = current_.size();
        for (const auto each : rest_) {
            sum += each.size();
        }
        return sum;
    }

    void advance(std::size_t bytes) noexcept
    {
        while (bytes != 0) {
            const std::size_t step = (std::min)(bytes, current_.size());
            current_ = current_.subspan(step);
            bytes -= step;
            skip_empty();
        }
    }

    // What comes next, up to what one call of the C API takes. Of a longer sequence, only its first pieces.
    void fill(io_buffers& filled) const noexcept { filled.count = fill(filled.buffers); }

    // The same into memory for so many pieces; returns how many there are.
    std::uint32_t fill(std::span<ASYNC_SOCKET_BUFFER> filled) const noexcept
    {
        std::uint32_t left = UINT32_MAX;
        std::uint32_t count = 0;
        append(filled, count, current_, left);
        for (std::size_t index = 0; index != rest_.size() && count != filled.size() && left != 0; ++index) {
            append(filled, count, rest_[index], left);
        }
        return count;
    }

private:
    static void append(std::span<ASYNC_SOCKET_BUFFER> filled, std::uint32_t& count, std::span<Byte> piece,
                       std::uint32_t& left) noexcept
    {
        if (!piece.empty()) {
            const auto length = static_cast<std::uint32_t>((std::min)(piece.size(), std::size_t{left}));
            // The C API does not write to what it sends.
            filled[count++] = {const_cast<std::byte*>(piece.data()), length};
            left -= length;
        }
    }

    void skip_empty() noexcept
    {
        while (current_.empty() && !rest_.empty()) {
            current_ = rest_.front();
            rest_ = rest_.subspan(1);
        }
    }

    std::span<Byte> current_;
    std::span<const std::span<Byte>> rest_;
};

// What a socket has received and nothing has consumed yet: what came after a delimiter.
class input_buffer {
public:
    [[nodiscard]] std::size_t size() const noexcept { return end_ - begin_; }
    [[nodiscard]] const std::byte* data() const noexcept { return bytes_.get() + begin_; }

    // Makes room for `capacity` bytes in all. False when the system refuses memory.
    bool reserve(std::size_t capacity) noexcept
    {
        if (capacity <= capacity_) {
            return true;
        }
        std::unique_ptr<std::byte[]> larger(new (std::nothrow) std::byte[capacity]);
        if (larger == nullptr) {
            return false;
        }
        const std::size_t kept = size();
        if (kept != 0) {
            std::memcpy(larger.get(), data(), kept);
        }
        bytes_ = std::move(larger);
        capacity_ = capacity;
        begin_ = 0;
        end_ = kept;
        return true;
    }

    // Where the next bytes go. It moves the bytes that are already there to the front.
    std::span<std::byte> free_space() noexcept
    {
        if (begin_ != 0) {
            std::memmove(bytes_.get(), data(), size());
            end_ -= begin_;
            begin_ = 0;
        }
        return {bytes_.get() + end_, capacity_ - end_};
    }

    void commit(std::size_t bytes) noexcept { end_ += bytes; }

    // The bytes stay where they are until the next call of free_space or reserve.
    void consume(std::size_t bytes) noexcept { begin_ += bytes; }

    // Undoes the last consume, which nothing has followed.
    void give_back(std::size_t bytes) noexcept { begin_ -= bytes; }

    // Moves bytes to the position of a cursor; returns how many.
    std::size_t take(buffer_cursor<std::byte>& to) noexcept
    {
        std::size_t taken = 0;
        while (size() != 0 && !to.at_end()) {
            const std::size_t step = (std::min)(size(), to.current().size());
            std::memcpy(to.current().data(), data(), step);
            consume(step);
            to.advance(step);
            taken += step;
        }
        return taken;
    }

private:
    std::unique_ptr<std::byte[]> bytes_;
    std::size_t capacity_ = 0;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

} // namespace impl

} // namespace async_socket

#endif

/// \}
