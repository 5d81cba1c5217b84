// SPDX-License-Identifier: MIT
//
// What the original has beside SOCKET_HANDLE. One of the two files of this name is installed.

#ifndef ASYNC_SOCKET_C_PAL_SOCKET_H
#define ASYNC_SOCKET_C_PAL_SOCKET_H

#include <stdint.h>

#include "async_socket/socket_handle.h"

// <winsock2.h>, where it is included, must come first: it has this name of its own.
#ifndef INVALID_SOCKET
/// No socket.
#define INVALID_SOCKET ((SOCKET_HANDLE) ~(uintptr_t)0)
#endif
/// printf's conversion of a SOCKET_HANDLE.
#define PRI_SOCKET "p"
/// The name of its type where it must be one word.
#define SOCKET_ASSERT_TYPE void_ptr

#endif
