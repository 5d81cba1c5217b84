// SPDX-License-Identifier: MIT

#include "platform/sha256.hpp"

#include "terminal/error.hpp"

#include <gcrypt.h>

#include <algorithm>

namespace asock {

namespace {

// libgcrypt wants its version asked for, and the end of its set-up declared, once before anything else.
bool prepare_library()
{
    if (gcry_check_version("1.8.0") == nullptr) {
        return false;
    }
    gcry_control(GCRYCTL_DISABLE_SECMEM, 0);
    gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
    return true;
}

gcry_md_hd_t handle_of(void* context)
{
    return static_cast<gcry_md_hd_t>(context);
}

} // namespace

sha256::sha256()
{
    static const bool prepared = prepare_library();
    gcry_md_hd_t context = nullptr;
    if (!prepared || gcry_md_open(&context, GCRY_MD_SHA256, 0) != 0) {
        throw failure("cannot compute SHA-256: libgcrypt does not start");
    }
    context_.reset(context);
}

void sha256::closer::operator()(void* context) const noexcept
{
    gcry_md_close(handle_of(context));
}

void sha256::update(std::span<const std::byte> bytes)
{
    gcry_md_write(handle_of(context_.get()), bytes.data(), bytes.size());
}

sha256_digest sha256::finish()
{
    sha256_digest digest{};
    const unsigned char* const result = gcry_md_read(handle_of(context_.get()), GCRY_MD_SHA256);
    std::transform(result, result + digest.size(), digest.begin(),
                   [](unsigned char byte) { return static_cast<std::byte>(byte); });
    return digest;
}

} // namespace asock
