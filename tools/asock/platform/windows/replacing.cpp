// SPDX-License-Identifier: MIT

#include "platform/replacing.hpp"

#include <cstddef>
#include <system_error>

#include <windows.h>

namespace asock {

namespace {

// In UTF-16, on all file systems that Windows writes.
constexpr std::size_t longest_name = 255;

[[noreturn]] void throw_error(DWORD error)
{
    throw std::system_error(static_cast<int>(error), std::system_category());
}

// The directory is written through to the disk, too.
void move_file(const std::filesystem::path& from, const std::filesystem::path& to, DWORD how)
{
    if (MoveFileExW(from.c_str(), to.c_str(), how | MOVEFILE_WRITE_THROUGH) == 0) {
        throw_error(GetLastError());
    }
}

} // namespace

void check_replaceable(const std::filesystem::path& name)
{
    // Asked about a longer one, the system says only that there is none.
    if (name.filename().native().size() > longest_name) {
        throw_error(ERROR_FILENAME_EXCED_RANGE);
    }
    const DWORD attributes = GetFileAttributesW(name.c_str());
    if (attributes == INVALID_FILE_ATTRIBUTES) {
        const DWORD error = GetLastError();
        if (error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND) {
            return;
        }
        throw_error(error);
    }
    if ((attributes & FILE_ATTRIBUTE_READONLY) != 0) {
        throw_error(ERROR_ACCESS_DENIED);
    }
    // Somebody else may have it open, or keep it from being removed.
    const HANDLE opened = CreateFileW(name.c_str(), DELETE, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                                      nullptr, OPEN_EXISTING, 0, nullptr);
    if (opened == INVALID_HANDLE_VALUE) {
        throw_error(GetLastError());
    }
    CloseHandle(opened);
}

void replace_file(const std::filesystem::path& from, const std::filesystem::path& to)
{
    move_file(from, to, MOVEFILE_REPLACE_EXISTING);
}

void name_file(const std::filesystem::path& from, const std::filesystem::path& to)
{
    move_file(from, to, 0);
}

} // namespace asock
