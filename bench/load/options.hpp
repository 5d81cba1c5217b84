// SPDX-License-Identifier: MIT

#ifndef BENCH_LOAD_OPTIONS_HPP
#define BENCH_LOAD_OPTIONS_HPP

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace bench {

enum class load_kind { echo, stream, churn };

struct options {
    load_kind kind = load_kind::echo;
    std::uint16_t port = 0;
    std::size_t connections = 1;
    std::size_t busy = 0; // of the connections; 0: all
    std::size_t size = 64;
    double warm_up_seconds = 0.03;
    std::vector<pid_t> processes;
    std::string allocation_file;
};

} // namespace bench

#endif
