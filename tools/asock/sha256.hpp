// SPDX-License-Identifier: MIT
//
// SHA-256, by libgcrypt, which uses the processor's instructions for it.

#ifndef ASOCK_SHA256_HPP
#define ASOCK_SHA256_HPP

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>

struct gcry_md_handle;

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
        void operator()(gcry_md_handle* context) const;
    };

    std::unique_ptr<gcry_md_handle, closer> context_;
};

// 64 lower-case hexadecimal digits.
std::string to_hex(const sha256_digest& digest);

} // namespace asock

#endif
