// SPDX-License-Identifier: MIT
//
// What happened, in one line an event. All of it goes into a hash, so that two runs can be compared; it is printed
// where somebody wants to read it.

#ifndef ASYNC_SOCKET_TESTS_SIM_TRACE_H
#define ASYNC_SOCKET_TESTS_SIM_TRACE_H

#include <cstdint>

namespace sim {

class trace {
public:
    explicit trace(bool is_printed) : is_printed_(is_printed) {}

    void line(std::int64_t now, int thread, const char* text);
    [[nodiscard]] std::uint64_t hash() const { return hash_; }
    [[nodiscard]] std::uint64_t lines() const { return lines_; }

private:
    const bool is_printed_;
    std::uint64_t hash_ = 0xcbf29ce484222325U;
    std::uint64_t lines_ = 0;
};

} // namespace sim

#endif
