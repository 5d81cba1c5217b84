// SPDX-License-Identifier: MIT

#include "platform/standard_streams.hpp"

#include <windows.h>

namespace asock {

// A handle has no number that another one could take.
void open_closed_streams() {}

bool was_closed(standard_stream which)
{
    const DWORD name = which == standard_stream::input    ? STD_INPUT_HANDLE
                       : which == standard_stream::output ? STD_OUTPUT_HANDLE
                                                          : STD_ERROR_HANDLE;
    HANDLE const handle = GetStdHandle(name);
    return handle == nullptr || handle == INVALID_HANDLE_VALUE;
}

} // namespace asock
