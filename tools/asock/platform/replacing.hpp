// SPDX-License-Identifier: MIT
//
// How a file that is whole gets its name. Every function throws std::system_error when the system refuses.

#ifndef ASOCK_PLATFORM_REPLACING_HPP
#define ASOCK_PLATFORM_REPLACING_HPP

#include <filesystem>

namespace asock {

// Throws what would keep a file from getting this name in place of the one that may have it, as far as that can be
// known before: one that another file system is mounted on, one that may not be removed, a name that is too long.
void check_replaceable(const std::filesystem::path& name);

// Gives the closed file `from` the name `to`, in place of a file that may have it. At no moment is there a `to` that
// is neither the old file nor the new; and the new one stays there if the machine fails afterwards.
void replace_file(const std::filesystem::path& from, const std::filesystem::path& to);

// The same, but throws std::errc::file_exists where the name is taken.
void name_file(const std::filesystem::path& from, const std::filesystem::path& to);

} // namespace asock

#endif
