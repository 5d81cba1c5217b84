// SPDX-License-Identifier: MIT

#include "terminal/exit_on_stop.hpp"

#include "platform/console.hpp"
#include "terminal/error.hpp"
#include "terminal/leftover.hpp"

namespace asock {

exit_on_stop::exit_on_stop(const std::stop_token& token) : callback_(token, end_now{}) {}

// Nothing here may wait: whoever reads the standard error, and holds its lock, may have stopped reading for good.
void exit_on_stop::end_now::operator()() const
{
    leftover::remove_all();
    write_last_words("asock: interrupted\n");
    end_process(static_cast<int>(exit_code::interrupted));
}

} // namespace asock
