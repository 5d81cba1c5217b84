// SPDX-License-Identifier: MIT
//
// src/win32 needs nothing of <mswsock.h> beyond what winsock2.h has; the header exists so that it may be included.

#ifndef FAKE_WIN32_MSWSOCK_H
#define FAKE_WIN32_MSWSOCK_H

#include "winsock2.h"

#endif
