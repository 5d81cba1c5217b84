// SPDX-License-Identifier: MIT
//
// Waiting once until a descriptor that belongs to no socket can be written, or has failed.

#ifndef ASYNC_SOCKET_LINUX_OPERATION_FD_WATCH_HPP
#define ASYNC_SOCKET_LINUX_OPERATION_FD_WATCH_HPP

namespace async_socket::detail {

struct fd_watch {
    int fd = -1;
    bool is_watched = false; // written by the back end
    class connecting* owner = nullptr;
};

} // namespace async_socket::detail

#endif
