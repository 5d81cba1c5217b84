// SPDX-License-Identifier: MIT
//
// SHA-256, by what uses the processor's instructions for it: on Windows the system, elsewhere libgcrypt.

#ifndef ASOCK_PLATFORM_SHA256_HPP
#define ASOCK_PLATFORM_SHA256_HPP

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace asock {

using sha256_digest = std::array<std::byte, 32>;

class sha256 {
public:
    sha256();

    void update(std::span<const std::byte> bytes);

    // The digest of everything so far. Nothing may be added afterwards.
    sha256_digest finish();

private:
    struct closer {
        void operator()(void* context) const noexcept;
    };

    std::unique_ptr<void, closer> context_;
};

// 64 lower-case hexadecimal digits.
std::string to_hex(const sha256_digest& digest);

} // namespace asock

#endif
