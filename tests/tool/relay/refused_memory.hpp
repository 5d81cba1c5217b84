// SPDX-License-Identifier: MIT
//
// Memory that is refused to one thread, once. Whoever links the unit has the operator new of its whole program
// replaced.

#ifndef ASYNC_SOCKET_TESTS_TOOL_RELAY_REFUSED_MEMORY_HPP
#define ASYNC_SOCKET_TESTS_TOOL_RELAY_REFUSED_MEMORY_HPP

namespace asock_test {

// The next `granted` requests of the calling thread are served, and the one after them is refused.
void refuse_memory_after(int granted);

// All of the calling thread are served again.
void grant_memory();

} // namespace asock_test

#endif
