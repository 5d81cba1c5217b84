// SPDX-License-Identifier: MIT
//
// What the original has beside SOCKET_HANDLE. One of the two files of this name is installed.

#ifndef ASYNC_SOCKET_C_PAL_SOCKET_H
#define ASYNC_SOCKET_C_PAL_SOCKET_H

#include "async_socket/socket_handle.h"

/// No descriptor.
#define INVALID_SOCKET ((SOCKET_HANDLE)-1)
/// printf's conversion of a SOCKET_HANDLE.
#define PRI_SOCKET "d"
/// The name of its type where it must be one word.
#define SOCKET_ASSERT_TYPE int

#endif
