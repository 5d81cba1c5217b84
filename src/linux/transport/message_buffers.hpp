// SPDX-License-Identifier: MIT
//
// Where in the buffers of a payload the next byte comes from or goes to.

#ifndef ASYNC_SOCKET_LINUX_TRANSPORT_MESSAGE_BUFFERS_HPP
#define ASYNC_SOCKET_LINUX_TRANSPORT_MESSAGE_BUFFERS_HPP

#include <sys/uio.h>

#include <cstddef>
#include <cstdint>
#include <span>

#include "async_socket/socket_transport.h"

namespace async_socket::detail {

class buffer_cursor {
public:
    buffer_cursor(const SOCKET_BUFFER* buffers, std::uint32_t count) noexcept : buffers_(buffers), count_(count)
    {
        skip_empty();
    }

    [[nodiscard]] bool at_end() const noexcept { return count_ == 0; }

    // Describes what is left, as far as the window reaches; returns how much of the window is used.
    std::size_t fill(std::span<iovec> window) const noexcept
    {
        std::size_t used = 0;
        std::uint32_t offset = offset_;
        for (std::uint32_t i = 0; i < count_ && used < window.size(); ++i) {
            if (buffers_[i].length > 0) {
                window[used].iov_base = buffers_[i].buffer + offset;
                window[used].iov_len = buffers_[i].length - offset;
                ++used;
            }
            offset = 0;
        }
        return used;
    }

    void advance(std::size_t bytes) noexcept
    {
        while (count_ > 0 && bytes >= buffers_->length - offset_) {
            bytes -= buffers_->length - offset_;
            next();
        }
        offset_ += count_ > 0 ? static_cast<std::uint32_t>(bytes) : 0;
    }

private:
    void next() noexcept
    {
        ++buffers_;
        --count_;
        offset_ = 0;
    }

    // A buffer of no bytes is passed over, so that "at the end" means that no byte is left.
    void skip_empty() noexcept
    {
        while (count_ > 0 && buffers_->length == 0) {
            next();
        }
    }

    const SOCKET_BUFFER* buffers_;
    std::uint32_t count_;
    std::uint32_t offset_ = 0;
};

} // namespace async_socket::detail

#endif
