// SPDX-License-Identifier: MIT

#include "platform/file.hpp"

#include <algorithm>
#include <cerrno>
#include <limits>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace asock {

namespace {

[[noreturn]] void throw_last_error()
{
    throw std::system_error(errno, std::generic_category());
}

int descriptor(std::intptr_t handle)
{
    return static_cast<int>(handle);
}

std::intptr_t open_file(const std::filesystem::path& path, int flags, mode_t mode_before_umask = 0666)
{
    int opened = -1;
    do {
        opened = ::open(path.c_str(), flags | O_CLOEXEC, mode_before_umask);
    } while (opened < 0 && errno == EINTR);
    if (opened < 0) {
        throw_last_error();
    }
    return opened;
}

// The length that one read or write may have on every system.
std::size_t at_most_one_call(std::size_t length)
{
    return std::min<std::size_t>(length, std::numeric_limits<int>::max());
}

} // namespace

file::file(native_handle handle, bool owned) : handle_(handle), owned_(owned) {}

file file::open_for_reading(const std::filesystem::path& path)
{
    return {open_file(path, O_RDONLY), true};
}

file file::open_for_writing(const std::filesystem::path& path)
{
    return {open_file(path, O_WRONLY), true};
}

file file::create_new(const std::filesystem::path& path)
{
    return {open_file(path, O_WRONLY | O_CREAT | O_EXCL), true};
}

file file::create_new_like(const std::filesystem::path& path, const std::filesystem::path& other)
{
    struct stat old {};
    if (::stat(other.c_str(), &old) != 0) {
        return create_new(path);
    }
    constexpr mode_t only_mine = 0600;
    constexpr mode_t of_people = 0777; // a set-user-ID is of the old contents
    file created(open_file(path, O_WRONLY | O_CREAT | O_EXCL, only_mine), true);
    const int opened = descriptor(created.handle_);
    // The owner is kept where that is allowed, as it is to root, and otherwise the group.
    if (::fchown(opened, old.st_uid, old.st_gid) != 0) {
        static_cast<void>(::fchown(opened, static_cast<uid_t>(-1), old.st_gid) == 0);
    }
    if (::fchmod(opened, old.st_mode & of_people) != 0) {
        const int error = errno;
        ::unlink(path.c_str());
        throw std::system_error(error, std::generic_category());
    }
    return created;
}

file file::standard_input()
{
    return {STDIN_FILENO, false};
}

file file::standard_output()
{
    return {STDOUT_FILENO, false};
}

file::~file()
{
    if (owned_ && handle_ != none) {
        ::close(descriptor(handle_));
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
    for (;;) {
        const ssize_t taken = ::read(descriptor(handle_), into.data(), at_most_one_call(into.size()));
        if (taken >= 0) {
            return static_cast<std::size_t>(taken);
        }
        if (errno != EINTR) {
            throw_last_error();
        }
    }
}

void file::write_all(std::span<const std::byte> bytes)
{
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor(handle_), bytes.data(), at_most_one_call(bytes.size()));
        if (written >= 0) {
            bytes = bytes.subspan(static_cast<std::size_t>(written));
        } else if (errno != EINTR) {
            throw_last_error();
        }
    }
}

std::optional<std::uint64_t> file::size() const
{
    struct stat status {};
    if (::fstat(descriptor(handle_), &status) != 0) {
        throw_last_error();
    }
    if (!S_ISREG(status.st_mode)) {
        return std::nullopt;
    }
    return static_cast<std::uint64_t>(status.st_size);
}

void file::sync()
{
    if (size() && ::fsync(descriptor(handle_)) != 0) {
        throw_last_error();
    }
}

void file::close()
{
    if (owned_ && ::close(descriptor(std::exchange(handle_, none))) != 0) {
        throw_last_error();
    }
}

bool is_device(const std::filesystem::path& path)
{
    std::error_code missing;
    const std::filesystem::file_status status = std::filesystem::status(path, missing);
    return std::filesystem::exists(status) && !std::filesystem::is_regular_file(status) &&
           !std::filesystem::is_directory(status);
}

} // namespace asock
