// SPDX-License-Identifier: MIT
//
// How a command ends. Every failure is one line that says what failed and what to do about it.

#ifndef ASOCK_TERMINAL_ERROR_HPP
#define ASOCK_TERMINAL_ERROR_HPP

#include <exception>
#include <stdexcept>
#include <string>

namespace asock {

enum class exit_code : int {
    success = 0,
    failure = 1,
    usage = 2,
    interrupted = 130 // 128 + SIGINT, as a shell reports it
};

// Thrown where a command cannot go on.
class failure : public std::runtime_error {
public:
    explicit failure(const std::string& what_failed) : std::runtime_error(what_failed) {}

    failure(const std::string& what_failed, const std::string& what_to_do)
        : std::runtime_error(what_failed + "; " + what_to_do)
    {
    }
};

// Thrown where a wait was ended by Ctrl-C or its like.
class interrupted : public std::exception {
public:
    const char* what() const noexcept override { return "interrupted"; }
};

} // namespace asock

#endif
