// SPDX-License-Identifier: MIT
//
// Memory to receive into for a connection that is mostly idle: small while little comes, large while there is more than
// that.

#ifndef ASOCK_NETWORK_ELASTIC_BUFFER_HPP
#define ASOCK_NETWORK_ELASTIC_BUFFER_HPP

#include <array>
#include <cstddef>
#include <memory>
#include <new>
#include <span>

namespace asock {

// A receive holds its memory for as long as nothing comes, so what an idle connection costs is the small one, which is
// part of the object. A receive that fills the memory had more waiting: the next one gets the large one, as long as it
// is filled each time.
class elastic_buffer {
public:
    static constexpr std::size_t small_size = std::size_t{4} << 10U;
    static constexpr std::size_t large_size = std::size_t{64} << 10U;

    std::span<std::byte> space()
    {
        return large_ == nullptr ? std::span<std::byte>(small_) : std::span<std::byte>(large_.get(), large_size);
    }

    // What was received is not needed any more; there were so many bytes of it.
    void received(std::size_t bytes)
    {
        if (bytes < space().size()) {
            large_.reset();
        } else if (large_ == nullptr) {
            large_.reset(new (std::nothrow) std::byte[large_size]); // without it, it goes on in small pieces
        }
    }

private:
    std::array<std::byte, small_size> small_;
    std::unique_ptr<std::byte[]> large_;
};

} // namespace asock

#endif
