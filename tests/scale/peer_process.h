// SPDX-License-Identifier: MIT
//
// The process of the peers, and the pipes to it.

#ifndef ASYNC_SOCKET_TESTS_SCALE_PEER_PROCESS_H
#define ASYNC_SOCKET_TESTS_SCALE_PEER_PROCESS_H

#include <cstdio>
#include <string>
#include <vector>

#include <sys/types.h>

namespace scale {

class peer_process {
public:
    // Throws std::runtime_error when it cannot be started.
    explicit peer_process(const std::vector<std::string>& arguments);
    // Ends it if it has not ended.
    ~peer_process();
    peer_process(const peer_process&) = delete;
    peer_process& operator=(const peer_process&) = delete;

    void tell(const char* line);
    // False when it says something else, or nothing any more.
    [[nodiscard]] bool says(const char* line);
    // Its exit code; -1 when it was killed.
    [[nodiscard]] int wait();

private:
    pid_t id_ = -1;
    std::FILE* to_ = nullptr;
    std::FILE* from_ = nullptr;
};

} // namespace scale

#endif
