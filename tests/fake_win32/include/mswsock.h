// SPDX-License-Identifier: MIT
//
// The part of <mswsock.h> that src/win32 uses: the extensions of Winsock, which WSAIoctl gives.

#ifndef FAKE_WIN32_MSWSOCK_H
#define FAKE_WIN32_MSWSOCK_H

#include "winsock2.h"

// clang-format off
#define WSAID_CONNECTEX {0x25a207b9, 0xddf3, 0x4660, {0x8e, 0xe9, 0x76, 0xe5, 0x8c, 0x74, 0x06, 0x3e}}
#define WSAID_ACCEPTEX {0xb5367df1, 0xcbac, 0x11cf, {0x95, 0xca, 0x00, 0x80, 0x5f, 0x48, 0xa1, 0x92}}
// clang-format on

namespace fake_win32 {

typedef BOOL(CALLBACK* LPFN_CONNECTEX)(SOCKET socket, const sockaddr* name, int name_length, PVOID send_buffer,
                                       DWORD send_length, LPDWORD sent, LPOVERLAPPED overlapped);
typedef BOOL(CALLBACK* LPFN_ACCEPTEX)(SOCKET listener, SOCKET accepted, PVOID output, DWORD receive_length,
                                      DWORD local_length, DWORD remote_length, LPDWORD received,
                                      LPOVERLAPPED overlapped);

} // namespace fake_win32

#endif
