// SPDX-License-Identifier: MIT
//
// A program in C, and, through stranger.cpp, in C++: it shows that headers and library fit together.

#include <stdio.h>

#include "async_socket/async_socket.h"
#include "async_socket/execution_engine.h"
#include "async_socket/log.h"
#include "async_socket/socket_transport.h"
#include "async_socket/version.h"

int main(void)
{
    char host[SOCKET_TRANSPORT_ADDRESS_SIZE];
    uint16_t port = 0;
    EXECUTION_ENGINE_HANDLE engine = execution_engine_create(NULL);
    ASYNC_SOCKET_HANDLE socket = async_socket_create(engine);
    SOCKET_TRANSPORT_HANDLE server = socket_transport_create_server();
    int failed = async_socket_set_log_handler(NULL, NULL) != 0 || engine == NULL || socket == NULL ||
                 socket_transport_listen_at(server, "127.0.0.1", 0) != 0 ||
                 socket_transport_get_local_endpoint(server, host, sizeof host, &port) != 0 || port == 0;
    socket_transport_destroy(server);
    async_socket_destroy(socket);
    execution_engine_dec_ref(engine);
    failed = failed || ASYNC_SOCKET_VERSION_NUMBER < 100;
    printf("%s %s %s\n", ASYNC_SOCKET_VERSION, async_socket_send_result_to_string(ASYNC_SOCKET_SEND_OK),
           failed ? "failed" : "works");
    return failed;
}
