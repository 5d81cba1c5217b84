// SPDX-License-Identifier: MIT
//
// ThreadSanitizer does not see that liburing maps and unmaps the memory of its rings, because liburing makes the system
// calls itself. Where the ring of one engine lies in memory in which the ring of an earlier engine lay, it takes the
// two workers, which have never met, for rivals. Here it is told what the kernel guarantees: memory is mapped anew only
// after it was unmapped. In every other build nothing is left of this.

#ifndef ASYNC_SOCKET_LINUX_BACKEND_RING_MEMORY_HPP
#define ASYNC_SOCKET_LINUX_BACKEND_RING_MEMORY_HPP

#if defined(__SANITIZE_THREAD__)
#define ASYNC_SOCKET_THREAD_SANITIZER
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define ASYNC_SOCKET_THREAD_SANITIZER
#endif
#endif

#if defined(ASYNC_SOCKET_THREAD_SANITIZER)
#include <sanitizer/tsan_interface.h>
#endif

namespace async_socket::detail {

#if defined(ASYNC_SOCKET_THREAD_SANITIZER)

inline char order_of_mappings;

inline void ring_memory_is_mapped() noexcept
{
    __tsan_acquire(&order_of_mappings);
}

inline void ring_memory_goes() noexcept
{
    __tsan_release(&order_of_mappings);
}

#else

inline void ring_memory_is_mapped() noexcept {}
inline void ring_memory_goes() noexcept {}

#endif

} // namespace async_socket::detail

#endif
