// SPDX-License-Identifier: MIT
//
// The part of <ws2tcpip.h> that src/win32 uses: IPv6 addresses and the resolver.

#ifndef FAKE_WIN32_WS2TCPIP_H
#define FAKE_WIN32_WS2TCPIP_H

#include "winsock2.h"

#define AI_PASSIVE 0x00000001
#define AI_CANONNAME 0x00000002
#define AI_NUMERICHOST 0x00000004
#define AI_NUMERICSERV 0x00000008
#define AI_ADDRCONFIG 0x00000400
#define NI_NUMERICHOST 0x02
#define NI_NUMERICSERV 0x08
#define NI_MAXHOST 1025
#define NI_MAXSERV 32
#define INET_ADDRSTRLEN 22
#define INET6_ADDRSTRLEN 65
#define EAI_AGAIN WSATRY_AGAIN
#define EAI_BADFLAGS WSAEINVAL
#define EAI_FAIL WSANO_RECOVERY
#define EAI_FAMILY WSAEAFNOSUPPORT
#define EAI_MEMORY WSA_NOT_ENOUGH_MEMORY
#define EAI_NONAME WSAHOST_NOT_FOUND
#define EAI_SERVICE WSATYPE_NOT_FOUND

namespace fake_win32 {

typedef struct in6_addr {
    UCHAR s6_addr[16];
} IN6_ADDR;

typedef struct sockaddr_in6 {
    ADDRESS_FAMILY sin6_family;
    USHORT sin6_port;
    ULONG sin6_flowinfo;
    IN6_ADDR sin6_addr;
    ULONG sin6_scope_id;
} SOCKADDR_IN6;
static_assert(sizeof(sockaddr_in6) == 28);

typedef struct addrinfoW {
    int ai_flags;
    int ai_family;
    int ai_socktype;
    int ai_protocol;
    std::size_t ai_addrlen;
    WCHAR* ai_canonname;
    sockaddr* ai_addr;
    addrinfoW* ai_next;
} ADDRINFOW, *PADDRINFOW;

inline constexpr in6_addr in6addr_any{};
inline constexpr in6_addr in6addr_loopback{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}};

int GetAddrInfoW(LPCWSTR node, LPCWSTR service, const ADDRINFOW* hints, ADDRINFOW** result);
void FreeAddrInfoW(ADDRINFOW* list);
int getnameinfo(const sockaddr* address, int address_length, char* host, DWORD host_size, char* service,
                DWORD service_size, INT flags);
const char* inet_ntop(INT family, const void* address, char* text, std::size_t size);
INT inet_pton(INT family, const char* text, void* address);

} // namespace fake_win32

#endif
