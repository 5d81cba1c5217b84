// SPDX-License-Identifier: MIT

#include "stop_signal.hpp"

#include "error.hpp"
#include "platform.hpp"

#include <cstdio>

namespace asock {

exit_on_stop::exit_on_stop(const std::stop_token& token) : callback_(token, end_now{}) {}

void exit_on_stop::end_now::operator()() const
{
    std::fputs("asock: interrupted\n", stderr);
    std::fflush(stderr);
    end_process(static_cast<int>(exit_code::interrupted));
}

} // namespace asock
