// SPDX-License-Identifier: MIT
//
// The file that a receive writes: under a temporary name beside the target until it is whole, so that the final name
// never belongs to half a file.

#ifndef ASOCK_RECEIVED_FILE_HPP
#define ASOCK_RECEIVED_FILE_HPP

#include "file.hpp"

#include <filesystem>
#include <span>
#include <stop_token>
#include <string>

namespace asock {

// Every function but the destructor throws std::system_error when the system refuses.
class received_file {
public:
    // Creates the temporary file. A target that is there and is no regular file (a device, a pipe) is written
    // directly; a directory is refused. "-" is the standard output. A stop request while a pipe is waiting for its
    // reader ends the process.
    received_file(const std::string& target, const std::stop_token& stop);

    // Removes the temporary file, unless commit() was successful.
    ~received_file();
    received_file(const received_file&) = delete;
    received_file& operator=(const received_file&) = delete;

    void write(std::span<const std::byte> bytes);

    // The data is on the disk, and under its final name, when this returns.
    void commit();

    // True when there is a temporary file to remove.
    bool has_temporary() const { return !temporary_.empty(); }

private:
    static file open(const std::filesystem::path& target, std::filesystem::path& temporary,
                     const std::stop_token& stop);

    std::filesystem::path target_;
    std::filesystem::path temporary_; // empty when there is none, or none any more
    file file_;
};

} // namespace asock

#endif
