// SPDX-License-Identifier: MIT
//
// The platform's own name for a socket. One of the two files of this name is installed, the one of the platform that
// the library was built for.

#ifndef ASYNC_SOCKET_SOCKET_HANDLE_H
#define ASYNC_SOCKET_SOCKET_HANDLE_H

// A Winsock SOCKET, which is a kernel handle; INVALID_SOCKET where there is none.
typedef void* SOCKET_HANDLE;

#endif
