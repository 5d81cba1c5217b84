// SPDX-License-Identifier: MIT
//
// A file that must not be left behind, not even by a process that is ended at once.

#ifndef ASOCK_TERMINAL_LEFTOVER_HPP
#define ASOCK_TERMINAL_LEFTOVER_HPP

#include <filesystem>

namespace asock {

class leftover {
public:
    explicit leftover(std::filesystem::path file);

    // The file stays, whatever comes.
    ~leftover();
    leftover(const leftover&) = delete;
    leftover& operator=(const leftover&) = delete;

    // Removes the files of all that exist. From any thread.
    static void remove_all() noexcept;

private:
    const std::filesystem::path file_;
};

} // namespace asock

#endif
