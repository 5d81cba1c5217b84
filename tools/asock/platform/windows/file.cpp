// SPDX-License-Identifier: MIT

#include "platform/file.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include <windows.h>

namespace asock {

namespace {

[[noreturn]] void throw_last_error()
{
    throw std::system_error(static_cast<int>(GetLastError()), std::system_category());
}

HANDLE native(std::intptr_t handle)
{
    return reinterpret_cast<HANDLE>(handle);
}

std::intptr_t checked(HANDLE handle)
{
    if (handle == INVALID_HANDLE_VALUE || handle == nullptr) {
        throw_last_error();
    }
    return reinterpret_cast<std::intptr_t>(handle);
}

std::intptr_t open_file(const std::filesystem::path& path, DWORD access, DWORD disposition)
{
    // What is being written nobody else may use, but it may be removed.
    const DWORD others_may = FILE_SHARE_DELETE | (access == GENERIC_READ ? FILE_SHARE_READ | FILE_SHARE_WRITE : 0);
    return checked(CreateFileW(path.c_str(), access, others_may, nullptr, disposition,
                               FILE_ATTRIBUTE_NORMAL | FILE_FLAG_SEQUENTIAL_SCAN, nullptr));
}

DWORD at_most_one_call(std::size_t length)
{
    constexpr std::size_t longest = std::size_t{1} << 30U;
    return static_cast<DWORD>(std::min(length, longest));
}

} // namespace

file::file(native_handle handle, bool owned) : handle_(handle), owned_(owned) {}

file file::open_for_reading(const std::filesystem::path& path)
{
    return {open_file(path, GENERIC_READ, OPEN_EXISTING), true};
}

file file::open_for_writing(const std::filesystem::path& path)
{
    return {open_file(path, GENERIC_WRITE, OPEN_EXISTING), true};
}

file file::create_new(const std::filesystem::path& path)
{
    return {open_file(path, GENERIC_WRITE, CREATE_NEW), true};
}

// Its permissions are those that the directory hands on.
file file::create_new_like(const std::filesystem::path& path, const std::filesystem::path& /*other*/)
{
    return create_new(path);
}

file file::standard_input()
{
    return {checked(GetStdHandle(STD_INPUT_HANDLE)), false};
}

file file::standard_output()
{
    return {checked(GetStdHandle(STD_OUTPUT_HANDLE)), false};
}

file::~file()
{
    if (owned_ && handle_ != none) {
        CloseHandle(native(handle_));
    }
}

file::file(file&& other) noexcept : handle_(std::exchange(other.handle_, none)), owned_(other.owned_) {}

file& file::operator=(file&& other) noexcept
{
    std::swap(handle_, other.handle_);
    std::swap(owned_, other.owned_);
    return *this;
}

std::size_t file::read_some(std::span<std::byte> into)
{
    DWORD taken = 0;
    if (ReadFile(native(handle_), into.data(), at_most_one_call(into.size()), &taken, nullptr) == 0) {
        // The end of a pipe is reported as an error.
        if (GetLastError() == ERROR_BROKEN_PIPE || GetLastError() == ERROR_HANDLE_EOF) {
            return 0;
        }
        throw_last_error();
    }
    return taken;
}

void file::write_all(std::span<const std::byte> bytes)
{
    while (!bytes.empty()) {
        DWORD written = 0;
        if (WriteFile(native(handle_), bytes.data(), at_most_one_call(bytes.size()), &written, nullptr) == 0) {
            throw_last_error();
        }
        if (written == 0) {
            throw std::system_error(ERROR_DISK_FULL, std::system_category());
        }
        bytes = bytes.subspan(written);
    }
}

std::optional<std::uint64_t> file::size() const
{
    LARGE_INTEGER length{};
    if (GetFileType(native(handle_)) != FILE_TYPE_DISK) {
        return std::nullopt;
    }
    if (GetFileSizeEx(native(handle_), &length) == 0) {
        throw_last_error();
    }
    return static_cast<std::uint64_t>(length.QuadPart);
}

void file::sync()
{
    if (size() && FlushFileBuffers(native(handle_)) == 0) {
        throw_last_error();
    }
}

void file::close()
{
    if (owned_ && CloseHandle(native(std::exchange(handle_, none))) == 0) {
        throw_last_error();
    }
}

// Names of devices, such as NUL, look like those of files: only an open handle tells.
bool is_device(const std::filesystem::path& path)
{
    const HANDLE opened = CreateFileW(path.c_str(), 0, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                                      OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, nullptr);
    if (opened == INVALID_HANDLE_VALUE) {
        return false;
    }
    const DWORD type = GetFileType(opened);
    CloseHandle(opened);
    return type != FILE_TYPE_DISK;
}

} // namespace asock
