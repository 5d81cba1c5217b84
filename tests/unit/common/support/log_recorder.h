// SPDX-License-Identifier: MIT
//
// Installs a handler for as long as it lives and keeps what it is told.

#ifndef ASYNC_SOCKET_TESTS_UNIT_COMMON_LOG_RECORDER_H
#define ASYNC_SOCKET_TESTS_UNIT_COMMON_LOG_RECORDER_H

#include <string>
#include <vector>

#include "async_socket/log.h"

class log_recorder {
public:
    log_recorder() { async_socket_set_log_handler(record, this); }
    ~log_recorder() { async_socket_set_log_handler(nullptr, nullptr); }
    log_recorder(const log_recorder&) = delete;
    log_recorder& operator=(const log_recorder&) = delete;

    // What has been reported since the last time.
    std::vector<std::string> take()
    {
        std::vector<std::string> taken;
        taken.swap(messages_);
        return taken;
    }

private:
    static void record(ASYNC_SOCKET_LOG_LEVEL level, const char* message, void* context)
    {
        const std::string level_name = async_socket_log_level_to_string(level);
        static_cast<log_recorder*>(context)->messages_.push_back(level_name + " " + message);
    }

    std::vector<std::string> messages_; // calls of the handler do not overlap
};

#endif
