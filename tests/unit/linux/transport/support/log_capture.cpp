// SPDX-License-Identifier: MIT

#include "support/log_capture.h"

#include <cerrno>

namespace transport_test {

log_capture::log_capture()
{
    async_socket_set_log_handler(&log_capture::on_log, this);
}

log_capture::~log_capture()
{
    async_socket_set_log_handler(nullptr, nullptr);
}

std::vector<std::string> log_capture::messages() const
{
    const std::lock_guard<std::mutex> lock(mutex_);
    return messages_;
}

void log_capture::on_log(ASYNC_SOCKET_LOG_LEVEL, const char* message, void* context)
{
    auto* const capture = static_cast<log_capture*>(context);
    const std::lock_guard<std::mutex> lock(capture->mutex_);
    capture->messages_.emplace_back(message);
    errno = EXDEV;
}

} // namespace transport_test
