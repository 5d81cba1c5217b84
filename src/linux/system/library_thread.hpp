// SPDX-License-Identifier: MIT
//
// What the threads of the library have in common, those of engines and those of the resolver.

#ifndef ASYNC_SOCKET_LINUX_SYSTEM_LIBRARY_THREAD_HPP
#define ASYNC_SOCKET_LINUX_SYSTEM_LIBRARY_THREAD_HPP

#include <pthread.h>

namespace async_socket::detail {

// As pthread_create. The thread takes no signals of the process, and may use the processors that the calling thread
// may, or could before the library kept it on one. A process that is forked while it runs knows that it is missing.
// `main` calls library_thread_begins first.
[[nodiscard]] int start_library_thread(pthread_t& started, void* (*main)(void*), void* argument) noexcept;

// From here on until the calling thread has ended, the code of the library stays in memory, even where the program
// unloads it.
void library_thread_begins() noexcept;

} // namespace async_socket::detail

#endif
