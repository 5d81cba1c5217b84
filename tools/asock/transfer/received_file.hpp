// SPDX-License-Identifier: MIT
//
// The file that a receive writes: under a temporary name beside the target until it is whole, so that the final name
// never belongs to half a file.

#ifndef ASOCK_TRANSFER_RECEIVED_FILE_HPP
#define ASOCK_TRANSFER_RECEIVED_FILE_HPP

#include "platform/file.hpp"
#include "terminal/leftover.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>

namespace asock {

// Every function but the destructor throws std::system_error when the system refuses.
class received_file {
public:
    enum class if_it_exists { refuse, replace };

    // Creates the temporary file. A target that is there and is no regular file (a device, a pipe) is written
    // directly; a directory is refused, and so is a file that cannot be replaced, or is not to be (std::errc::
    // file_exists). The new file has the permissions of the one that it replaces. For a symbolic link, the file that it
    // leads to is written, and the link stays. "-" is the standard output. A stop request while a pipe is waiting for
    // its reader ends the process.
    received_file(const std::string& target, if_it_exists then, const std::stop_token& stop);

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
    file open(const std::stop_token& stop);
    file create_temporary();

    const if_it_exists then_;
    std::filesystem::path target_;
    std::filesystem::path temporary_; // empty when there is none, or none any more
    file file_;
    std::optional<leftover> leftover_; // while there is one
};

// The same, for a person: throws failure, in words that say what to do.
std::unique_ptr<received_file> open_received_file(const std::string& target, bool may_replace,
                                                  const std::stop_token& stop);

} // namespace asock

#endif
