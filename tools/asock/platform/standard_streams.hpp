// SPDX-License-Identifier: MIT
//
// Standard input, output and error of a program that may have been started without them.

#ifndef ASOCK_PLATFORM_STANDARD_STREAMS_HPP
#define ASOCK_PLATFORM_STANDARD_STREAMS_HPP

namespace asock {

enum class standard_stream { input, output, error };

// Puts the null device where one of them is closed. To be called before anything is opened: the next file or socket
// would have the number of the stream, and what the program prints would go into it.
void open_closed_streams();

// True for one that was closed when the program was started.
bool was_closed(standard_stream which);

} // namespace asock

#endif
