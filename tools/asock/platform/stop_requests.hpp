// SPDX-License-Identifier: MIT
//
// What somebody asks for who wants the program to end: first that it ends, then that it does so at once.

#ifndef ASOCK_PLATFORM_STOP_REQUESTS_HPP
#define ASOCK_PLATFORM_STOP_REQUESTS_HPP

#include <stop_token>

namespace asock {

// From any thread. A copy stands for the same requests.
class stop_requests {
public:
    void request()
    {
        if (!source_.request_stop()) {
            impatient_source_.request_stop();
        }
    }

    std::stop_token token() const { return source_.get_token(); }
    std::stop_token impatient_token() const { return impatient_source_.get_token(); }

private:
    std::stop_source source_;
    std::stop_source impatient_source_;
};

} // namespace asock

#endif
