// SPDX-License-Identifier: MIT
//
// The part of <winsock2.h> that src/win32 uses, with the layout and the numbers of Windows.

#ifndef FAKE_WIN32_WINSOCK2_H
#define FAKE_WIN32_WINSOCK2_H

#include "windows.h"

// u_short and u_long are libc's: its headers are never far, and two global names of one kind cannot be told apart.
#include <sys/types.h>

#define WSAAPI
#define INVALID_SOCKET (~static_cast<fake_win32::SOCKET>(0))
#define SOCKET_ERROR (-1)
#define SOMAXCONN 0x7fffffff

#define WSA_INVALID_HANDLE 6
#define WSA_NOT_ENOUGH_MEMORY 8
#define WSA_INVALID_PARAMETER 87
#define WSA_OPERATION_ABORTED 995
#define WSA_IO_INCOMPLETE 996
#define WSA_IO_PENDING 997
#define WSAEINTR 10004
#define WSAEACCES 10013
#define WSAEFAULT 10014
#define WSAEINVAL 10022
#define WSAEMFILE 10024
#define WSAEWOULDBLOCK 10035
#define WSAEINPROGRESS 10036
#define WSAEALREADY 10037
#define WSAENOTSOCK 10038
#define WSAEMSGSIZE 10040
#define WSAENOPROTOOPT 10042
#define WSAEOPNOTSUPP 10045
#define WSAEAFNOSUPPORT 10047
#define WSAEADDRINUSE 10048
#define WSAEADDRNOTAVAIL 10049
#define WSAENETDOWN 10050
#define WSAENETUNREACH 10051
#define WSAENETRESET 10052
#define WSAECONNABORTED 10053
#define WSAECONNRESET 10054
#define WSAENOBUFS 10055
#define WSAEISCONN 10056
#define WSAENOTCONN 10057
#define WSAESHUTDOWN 10058
#define WSAETIMEDOUT 10060
#define WSAECONNREFUSED 10061
#define WSAEHOSTUNREACH 10065
#define WSASYSNOTREADY 10091
#define WSAVERNOTSUPPORTED 10092
#define WSANOTINITIALISED 10093
#define WSAEDISCON 10101
#define WSATYPE_NOT_FOUND 10109
#define WSAHOST_NOT_FOUND 11001
#define WSATRY_AGAIN 11002
#define WSANO_RECOVERY 11003
#define WSANO_DATA 11004

#define AF_UNSPEC 0
#define AF_INET 2
#define AF_INET6 23
#define SOCK_STREAM 1
#define IPPROTO_TCP 6
#define IPPROTO_IPV6 41
#define SOL_SOCKET 0xffff
#define SO_ACCEPTCONN 0x0002
#define SO_REUSEADDR 0x0004
#define SO_LINGER 0x0080
#define SO_SNDBUF 0x1001
#define SO_RCVBUF 0x1002
#define SO_ERROR 0x1007
#define SO_EXCLUSIVEADDRUSE (~SO_REUSEADDR)
#define SO_UPDATE_ACCEPT_CONTEXT 0x700B
#define SO_UPDATE_CONNECT_CONTEXT 0x7010
#define SO_KEEPALIVE 0x0008
#define TCP_NODELAY 0x0001
#define TCP_KEEPIDLE 3
#define TCP_KEEPCNT 16
#define TCP_KEEPINTVL 17
#define FROM_PROTOCOL_INFO (-1)
#define IPV6_V6ONLY 27
#define SD_RECEIVE 0
#define SD_SEND 1
#define SD_BOTH 2
#define FIONBIO (static_cast<fake_win32::LONG>(0x8004667Eu))
#define SIO_KEEPALIVE_VALS 0x98000004u
#define SIO_TCP_INITIAL_RTO 0x98000011u
#define SIO_GET_EXTENSION_FUNCTION_POINTER 0xC8000006u
#define MSG_PEEK 0x2
#define MSG_PARTIAL 0x8000

#define WSA_FLAG_OVERLAPPED 0x01u
#define WSA_FLAG_NO_HANDLE_INHERIT 0x80u
#define WSA_INFINITE INFINITE
#define WSA_WAIT_EVENT_0 WAIT_OBJECT_0
#define WSA_WAIT_TIMEOUT WAIT_TIMEOUT
#define WSA_WAIT_FAILED WAIT_FAILED
#define WSA_INVALID_EVENT (static_cast<fake_win32::WSAEVENT>(nullptr))

#define FD_READ_BIT 0
#define FD_READ 0x01
#define FD_WRITE_BIT 1
#define FD_WRITE 0x02
#define FD_ACCEPT_BIT 3
#define FD_ACCEPT 0x08
#define FD_CONNECT_BIT 4
#define FD_CONNECT 0x10
#define FD_CLOSE_BIT 5
#define FD_CLOSE 0x20
#define FD_MAX_EVENTS 10

#define INADDR_ANY 0x00000000u
#define INADDR_LOOPBACK 0x7f000001u

namespace fake_win32 {

typedef struct _GUID {
    DWORD Data1;
    WORD Data2;
    WORD Data3;
    BYTE Data4[8];
} GUID;

typedef UINT_PTR SOCKET;
typedef HANDLE WSAEVENT;
typedef USHORT ADDRESS_FAMILY;
typedef OVERLAPPED WSAOVERLAPPED;
typedef OVERLAPPED* LPWSAOVERLAPPED;

typedef struct in_addr {
    ULONG s_addr;
} IN_ADDR;

typedef struct sockaddr {
    ADDRESS_FAMILY sa_family;
    CHAR sa_data[14];
} SOCKADDR, *PSOCKADDR, *LPSOCKADDR;

typedef struct sockaddr_in {
    ADDRESS_FAMILY sin_family;
    USHORT sin_port;
    IN_ADDR sin_addr;
    CHAR sin_zero[8];
} SOCKADDR_IN;

typedef struct sockaddr_storage {
    ADDRESS_FAMILY ss_family;
    alignas(8) CHAR ss_data[120];
} SOCKADDR_STORAGE;
static_assert(sizeof(sockaddr_storage) == 128);

typedef struct linger {
    u_short l_onoff;
    u_short l_linger;
} LINGER;

typedef struct _WSABUF {
    ULONG len;
    CHAR* buf;
} WSABUF, *LPWSABUF;

typedef struct _WSANETWORKEVENTS {
    LONG lNetworkEvents;
    int iErrorCode[FD_MAX_EVENTS];
} WSANETWORKEVENTS, *LPWSANETWORKEVENTS;

#define POLLRDNORM 0x0100

typedef struct pollfd {
    SOCKET fd;
    SHORT events;
    SHORT revents;
} WSAPOLLFD, *LPWSAPOLLFD;

typedef struct WSAData {
    WORD wVersion;
    WORD wHighVersion;
    unsigned short iMaxSockets;
    unsigned short iMaxUdpDg;
    char* lpVendorInfo;
    char szDescription[257];
    char szSystemStatus[129];
} WSADATA, *LPWSADATA;

// Of which only WSADuplicateSocketW knows what is in it.
typedef struct _WSAPROTOCOL_INFOW {
    SOCKET duplicated;
    DWORD process;
} WSAPROTOCOL_INFOW, *LPWSAPROTOCOL_INFOW;
typedef UINT GROUP;
typedef void(CALLBACK* LPWSAOVERLAPPED_COMPLETION_ROUTINE)(DWORD error, DWORD transferred, LPWSAOVERLAPPED overlapped,
                                                           DWORD flags);

int WSAStartup(WORD version, LPWSADATA data);
int WSACleanup();
int WSAGetLastError();
void WSASetLastError(int error);
SOCKET WSASocketW(int family, int type, int protocol, LPWSAPROTOCOL_INFOW info, GROUP group, DWORD flags);
int WSADuplicateSocketW(SOCKET socket, DWORD process, LPWSAPROTOCOL_INFOW info);
int closesocket(SOCKET socket);
int bind(SOCKET socket, const sockaddr* name, int name_length);
int listen(SOCKET socket, int backlog);
SOCKET accept(SOCKET socket, sockaddr* address, int* address_length);
int connect(SOCKET socket, const sockaddr* name, int name_length);
int shutdown(SOCKET socket, int how);
int getsockname(SOCKET socket, sockaddr* name, int* name_length);
int getpeername(SOCKET socket, sockaddr* name, int* name_length);
int getsockopt(SOCKET socket, int level, int name, char* value, int* length);
int setsockopt(SOCKET socket, int level, int name, const char* value, int length);
int ioctlsocket(SOCKET socket, LONG command, u_long* argument);
int WSAIoctl(SOCKET socket, DWORD code, LPVOID in, DWORD in_size, LPVOID out, DWORD out_size, LPDWORD returned,
             LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine);
int WSASend(SOCKET socket, LPWSABUF buffers, DWORD buffer_count, LPDWORD sent, DWORD flags, LPWSAOVERLAPPED overlapped,
            LPWSAOVERLAPPED_COMPLETION_ROUTINE routine);
int WSARecv(SOCKET socket, LPWSABUF buffers, DWORD buffer_count, LPDWORD received, LPDWORD flags,
            LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine);
int WSAEventSelect(SOCKET socket, WSAEVENT event, LONG network_events);
int WSAEnumNetworkEvents(SOCKET socket, WSAEVENT event, LPWSANETWORKEVENTS network_events);
int WSAPoll(WSAPOLLFD* sockets, ULONG count, INT timeout);
WSAEVENT WSACreateEvent();
BOOL WSACloseEvent(WSAEVENT event);
BOOL WSASetEvent(WSAEVENT event);
BOOL WSAResetEvent(WSAEVENT event);
DWORD WSAWaitForMultipleEvents(DWORD count, const WSAEVENT* events, BOOL wait_all, DWORD milliseconds, BOOL alertable);
u_short htons(u_short host);
u_short ntohs(u_short network);
ULONG htonl(ULONG host);
ULONG ntohl(ULONG network);

} // namespace fake_win32

#endif
