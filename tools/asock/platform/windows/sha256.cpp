// SPDX-License-Identifier: MIT

#include "platform/sha256.hpp"

#include "terminal/error.hpp"

#include <windows.h>
// After windows.h, which it needs.
#include <bcrypt.h>

#include <algorithm>
#include <limits>

namespace asock {

namespace {

void require(NTSTATUS status)
{
    if (status < 0) {
        throw failure("cannot compute SHA-256: the system refuses it");
    }
}

// Made once: opening one loads a library.
BCRYPT_ALG_HANDLE the_algorithm()
{
    static const BCRYPT_ALG_HANDLE opened = [] {
        BCRYPT_ALG_HANDLE algorithm = nullptr;
        require(BCryptOpenAlgorithmProvider(&algorithm, BCRYPT_SHA256_ALGORITHM, nullptr, 0));
        return algorithm;
    }();
    return opened;
}

} // namespace

sha256::sha256()
{
    BCRYPT_HASH_HANDLE context = nullptr;
    require(BCryptCreateHash(the_algorithm(), &context, nullptr, 0, nullptr, 0, 0));
    context_.reset(context);
}

void sha256::closer::operator()(void* context) const noexcept
{
    BCryptDestroyHash(context);
}

void sha256::update(std::span<const std::byte> bytes)
{
    while (!bytes.empty()) {
        // The system counts with 32 bits.
        const std::span<const std::byte> piece =
            bytes.first((std::min<std::size_t>)(bytes.size(), (std::numeric_limits<ULONG>::max)()));
        // It reads only.
        auto* const data = reinterpret_cast<PUCHAR>(const_cast<std::byte*>(piece.data()));
        require(BCryptHashData(context_.get(), data, static_cast<ULONG>(piece.size()), 0));
        bytes = bytes.subspan(piece.size());
    }
}

sha256_digest sha256::finish()
{
    sha256_digest digest{};
    require(BCryptFinishHash(context_.get(), reinterpret_cast<PUCHAR>(digest.data()), static_cast<ULONG>(digest.size()),
                             0));
    return digest;
}

} // namespace asock
