// SPDX-License-Identifier: MIT

#ifndef TRANSPORT_TEST_LOG_CAPTURE_H
#define TRANSPORT_TEST_LOG_CAPTURE_H

#include <mutex>
#include <string>
#include <vector>

#include "async_socket/log.h"

namespace transport_test {

// Collects what the library reports during its scope, and changes errno at each report, as a handler may.
class log_capture {
public:
    log_capture();
    ~log_capture();
    log_capture(const log_capture&) = delete;
    log_capture& operator=(const log_capture&) = delete;

    [[nodiscard]] std::vector<std::string> messages() const;

private:
    static void on_log(ASYNC_SOCKET_LOG_LEVEL level, const char* message, void* context);

    mutable std::mutex mutex_;
    std::vector<std::string> messages_; // under mutex_
};

} // namespace transport_test

#endif
