/* SPDX-License-Identifier: MIT
 *
 * Compiled as C: what a program of the original writes. */

#include <stddef.h>
#include <stdio.h>

#include "async_socket/c_pal.h"

int open_as_the_original_does(ASYNC_SOCKET_HANDLE async_socket, SOCKET_HANDLE connected,
                              ON_ASYNC_SOCKET_OPEN_COMPLETE on_open_complete, void* context);
int open_as_its_other_versions_do(ASYNC_SOCKET_HANDLE async_socket, SOCKET_TRANSPORT_HANDLE transport,
                                  ON_ASYNC_SOCKET_OPEN_COMPLETE on_open_complete, void* context);
const char* what_is_wrong_with_the_names(void);

int open_as_the_original_does(ASYNC_SOCKET_HANDLE async_socket, SOCKET_HANDLE connected,
                              ON_ASYNC_SOCKET_OPEN_COMPLETE on_open_complete, void* context)
{
    return async_socket_open_async(async_socket, connected, on_open_complete, context);
}

int open_as_its_other_versions_do(ASYNC_SOCKET_HANDLE async_socket, SOCKET_TRANSPORT_HANDLE transport,
                                  ON_ASYNC_SOCKET_OPEN_COMPLETE on_open_complete, void* context)
{
    return async_socket_open_async(async_socket, transport, on_open_complete, context);
}

/* The values count up from 1, 0 is INVALID, and the tag is the enum's. */
#define CHECK(ENUM)                                                                                                    \
    {                                                                                                                  \
        static const enum ENUM##_TAG values[] = {ENUM##_VALUES};                                                       \
        size_t i;                                                                                                      \
        for (i = 0; i != sizeof values / sizeof values[0]; ++i) {                                                      \
            if ((size_t)values[i] != i + 1) {                                                                          \
                return #ENUM "_VALUES";                                                                                \
            }                                                                                                          \
        }                                                                                                              \
        if (ENUM##_INVALID != 0) {                                                                                     \
            return #ENUM "_INVALID";                                                                                   \
        }                                                                                                              \
    }

const char* what_is_wrong_with_the_names(void)
{
    char text[40];
    SOCKET_HANDLE none = INVALID_SOCKET;
    CHECK(SOCKET_SEND_RESULT)
    CHECK(SOCKET_RECEIVE_RESULT)
    CHECK(SOCKET_ACCEPT_RESULT)
    CHECK(SOCKET_TYPE)
    CHECK(ASYNC_SOCKET_OPEN_RESULT)
    CHECK(ASYNC_SOCKET_SEND_SYNC_RESULT)
    CHECK(ASYNC_SOCKET_SEND_RESULT)
    CHECK(ASYNC_SOCKET_RECEIVE_RESULT)
    CHECK(ASYNC_SOCKET_NOTIFY_IO_TYPE)
    CHECK(ASYNC_SOCKET_NOTIFY_IO_RESULT)
    return snprintf(text, sizeof text, "%" PRI_SOCKET, none) > 0 ? "" : "PRI_SOCKET";
}
