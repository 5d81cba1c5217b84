// SPDX-License-Identifier: MIT
//
// Any failure ends the load generator: a figure of a load that was not carried out as described is worth nothing.

#ifndef BENCH_LOAD_FAILURE_HPP
#define BENCH_LOAD_FAILURE_HPP

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string>

namespace bench {

[[noreturn]] inline void fail(const std::string& what)
{
    throw std::runtime_error(what);
}

[[noreturn]] inline void fail_with(const std::string& call, int error)
{
    fail(call + ": " + std::strerror(error));
}

// Hands the result of a system call on, unless it is -1.
inline int checked(const char* call, int result)
{
    if (result < 0) {
        fail_with(call, errno);
    }
    return result;
}

} // namespace bench

#endif
