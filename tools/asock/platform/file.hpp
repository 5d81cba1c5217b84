// SPDX-License-Identifier: MIT
//
// An open file, read or written from front to back without a buffer of its own.

#ifndef ASOCK_PLATFORM_FILE_HPP
#define ASOCK_PLATFORM_FILE_HPP

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>

namespace asock {

// Every function but the destructor throws std::system_error when the system refuses.
class file {
public:
    static file open_for_reading(const std::filesystem::path& path);
    static file open_for_writing(const std::filesystem::path& path); // which exists: a device or a pipe
    static file create_new(const std::filesystem::path& path);       // fails where the name is taken

    // Creates a new one that people may use as they may use the other, where that exists.
    static file create_new_like(const std::filesystem::path& path, const std::filesystem::path& other);

    static file standard_input();
    static file standard_output();

    ~file();
    file(file&& other) noexcept;
    file& operator=(file&& other) noexcept;
    file(const file&) = delete;
    file& operator=(const file&) = delete;

    // Reads at least one byte and at most `into.size()`. Returns how many; 0 at the end of the file.
    std::size_t read_some(std::span<std::byte> into);

    void write_all(std::span<const std::byte> bytes);

    // The length of a regular file; nothing for a pipe, a terminal or a device.
    std::optional<std::uint64_t> size() const;

    // Returns when a regular file is on the disk.
    void sync();

    // Some systems report a failed write only now.
    void close();

private:
    using native_handle = std::intptr_t;
    static constexpr native_handle none = -1;

    file(native_handle handle, bool owned);

    native_handle handle_;
    bool owned_; // standard streams are not closed
};

// True for what is there and is no file on a disk, such as a terminal, a pipe or the null device. False where there is
// nothing, and for directories.
bool is_device(const std::filesystem::path& path);

} // namespace asock

#endif
