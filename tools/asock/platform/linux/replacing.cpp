// SPDX-License-Identifier: MIT

#include "platform/replacing.hpp"

#include <cerrno>
#include <cstdio>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace asock {

namespace {

[[noreturn]] void throw_error(int error)
{
    throw std::system_error(error, std::generic_category());
}

std::filesystem::path directory_of(const std::filesystem::path& file)
{
    return file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
}

// A name is on the disk when its directory is.
void sync_directory_of(const std::filesystem::path& file)
{
    const int directory = ::open(directory_of(file).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) {
        return; // one may be allowed to write to a directory and not to read it
    }
    const int error = ::fsync(directory) == 0 ? 0 : errno;
    ::close(directory);
    if (error != 0 && error != EINVAL && error != EROFS) { // of file systems that know nothing of it
        throw_error(error);
    }
}

// Where the sticky bit is set, as in /tmp, only the owners of the file and of the directory may remove a file.
bool is_kept_by_sticky_bit(const std::filesystem::path& name, const struct statx& file)
{
    struct stat directory {};
    const uid_t user = ::geteuid();
    return ::stat(directory_of(name).c_str(), &directory) == 0 && (directory.st_mode & S_ISVTX) != 0 && user != 0 &&
           user != file.stx_uid && user != directory.st_uid;
}

} // namespace

void check_replaceable(const std::filesystem::path& name)
{
    struct statx file {};
    if (::statx(AT_FDCWD, name.c_str(), AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, &file) != 0) {
        if (errno == ENOENT || errno == ENOSYS) {
            return;
        }
        throw_error(errno);
    }
#ifdef STATX_ATTR_MOUNT_ROOT
    if ((file.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0) {
        throw_error(EBUSY);
    }
#endif
    if ((file.stx_attributes & (STATX_ATTR_IMMUTABLE | STATX_ATTR_APPEND)) != 0 || is_kept_by_sticky_bit(name, file)) {
        throw_error(EPERM);
    }
}

void replace_file(const std::filesystem::path& from, const std::filesystem::path& to)
{
    std::filesystem::rename(from, to);
    sync_directory_of(to);
}

void name_file(const std::filesystem::path& from, const std::filesystem::path& to)
{
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) != 0) {
        if (errno != EINVAL && errno != ENOSYS) {
            throw_error(errno);
        }
        // A file system that cannot do it in one step.
        if (std::filesystem::exists(std::filesystem::symlink_status(to))) {
            throw_error(EEXIST);
        }
        std::filesystem::rename(from, to);
    }
    sync_directory_of(to);
}

} // namespace asock
