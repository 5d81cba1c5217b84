/* SPDX-License-Identifier: MIT
 *
 * chat_server_c_api [PORT]: what one client sends goes to all others, on the C API, until the input ends.
 *
 * Each client has a receive and any number of sends outstanding at the same time. A close inside the callback of
 * one of them calls the callbacks of the others before it returns, and so does a destroy. So nobody destroys a
 * client because something has failed: whoever finds that closes the socket, and every operation holds a
 * reference, the last of which destroys. The engine has one thread, on which all callbacks run: so there is no
 * lock.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "async_socket/async_delay.h"
#include "async_socket/async_listener.h"
#include "async_socket/async_socket.h"

enum { LONGEST_TEXT = 1024, MOST_SENDS = 1000 };

typedef struct TEXT_TAG {
    unsigned references;
    uint32_t size;
    unsigned char bytes[LONGEST_TEXT];
} TEXT;

typedef struct CLIENT_TAG {
    struct CLIENT_TAG* next;
    unsigned references; /* one for each operation that is outstanding, and for whoever works with it */
    SOCKET_TRANSPORT_HANDLE transport;
    ASYNC_SOCKET_HANDLE socket;
    unsigned char bytes[LONGEST_TEXT];
} CLIENT;

typedef struct SENDING_TAG {
    CLIENT* to;
    TEXT* text;
} SENDING;

static EXECUTION_ENGINE_HANDLE engine;
static ASYNC_LISTENER_HANDLE listener;
static CLIENT* all_clients;

static void release_text(TEXT* text) {
    if (--text->references == 0) { free(text); }
}

static void release_client(CLIENT* client) {
    if (--client->references == 0) {
        CLIENT** link = &all_clients;
        while (*link != client) {
            link = &(*link)->next;
        }
        *link = client->next;
        async_socket_destroy(client->socket); /* legal in its own callback */
        socket_transport_destroy(client->transport);
        free(client);
    }
}

static void on_sent(void* context, ASYNC_SOCKET_SEND_RESULT result) {
    SENDING* sending = context;
    if (result != ASYNC_SOCKET_SEND_OK) {
        async_socket_close(sending->to->socket); /* the other callbacks of this client run in here */
    }
    release_text(sending->text);
    release_client(sending->to);
    free(sending);
}

static void send_text(CLIENT* to, TEXT* text) {
    SENDING* sending = to->references < MOST_SENDS ? malloc(sizeof(SENDING)) : NULL;
    ASYNC_SOCKET_BUFFER buffer = {text->bytes, text->size};
    if (sending == NULL) { return; /* a client that does not receive loses texts; it holds nobody up */ }
    sending->to = to;
    sending->text = text;
    if (async_socket_send_async(to->socket, &buffer, 1, on_sent, sending) != ASYNC_SOCKET_SEND_SYNC_OK) {
        free(sending); /* on_sent will not be called; the client's receive tells why */
        return;
    }
    ++to->references;
    ++text->references;
}

static void send_to_others(CLIENT* from, uint32_t size) {
    TEXT* text = malloc(sizeof(TEXT));
    if (text != NULL) {
        text->references = 1;
        text->size = size;
        memcpy(text->bytes, from->bytes, size);
        for (CLIENT* each = all_clients; each != NULL; each = each->next) {
            if (each != from) { send_text(each, text); }
        }
        release_text(text);
    }
}

static void receive(CLIENT* client);

static void on_received(void* context, ASYNC_SOCKET_RECEIVE_RESULT result, uint32_t size) {
    CLIENT* client = context;
    if (result == ASYNC_SOCKET_RECEIVE_OK) {
        send_to_others(client, size);
        receive(client);
    } else {
        async_socket_close(client->socket); /* the callbacks of its sends run in here */
    }
    release_client(client);
}

static void receive(CLIENT* client) {
    ASYNC_SOCKET_BUFFER buffer = {client->bytes, sizeof(client->bytes)};
    if (async_socket_receive_async(client->socket, &buffer, 1, on_received, client) == 0) {
        ++client->references; /* in time: the callback comes later, on this thread */
    } else {
        async_socket_close(client->socket);
    }
}

static void on_open(void* context, ASYNC_SOCKET_OPEN_RESULT result) {
    (void)result;
    receive(context);
}

static void add_client(SOCKET_TRANSPORT_HANDLE transport) {
    CLIENT* client = calloc(1, sizeof(CLIENT));
    if (client == NULL) {
        socket_transport_destroy(transport);
        return;
    }
    client->references = 1;
    client->transport = transport;
    client->socket = async_socket_create(engine);
    client->next = all_clients;
    all_clients = client;
    /* It is refused, and on_open not called, if there is no socket. */
    (void)async_socket_open_async(client->socket, transport, on_open, client);
    release_client(client);
}

static void accept_next(void);

static void on_accepted(void* context, const ASYNC_COMPLETION* completion, SOCKET_TRANSPORT_HANDLE accepted) {
    (void)context;
    if (completion->status == ASYNC_STATUS_OK) { add_client(accepted); }
    if (completion->status != ASYNC_STATUS_CLOSED) { accept_next(); }
}

static void accept_next(void) {
    if (async_listener_accept_async(listener, ASYNC_NO_TIMEOUT, NULL, on_accepted, NULL) != 0) {
        fprintf(stderr, "no more clients\n");
    }
}

static void close_all(void* context, const ASYNC_COMPLETION* completion) {
    (void)context;
    (void)completion;
    while (all_clients != NULL) {
        CLIENT* client = all_clients;
        ++client->references;
        async_socket_close(client->socket);
        release_client(client);
    }
}

int main(int count, char** arguments) {
    const EXECUTION_ENGINE_PARAMETERS one_thread = {1, 1};
    const uint16_t port = count > 1 ? (uint16_t)atoi(arguments[1]) : 0;
    char host[SOCKET_TRANSPORT_ADDRESS_SIZE] = "";
    uint16_t listens_on = 0;
    ASYNC_OPERATION_ID closing = 0;
    SOCKET_TRANSPORT_HANDLE server = socket_transport_create_server();
    engine = execution_engine_create(&one_thread);
    listener = async_listener_create(engine);
    if (socket_transport_listen_at(server, "127.0.0.1", port) != 0 ||
        async_listener_open(listener, server) != 0 ||
        socket_transport_get_local_endpoint(server, host, sizeof(host), &listens_on) != 0) {
        fprintf(stderr, "cannot listen\n");
        return 1;
    }
    fprintf(stderr, "chat on %s:%u\n", host, (unsigned)listens_on);
    accept_next();
    while (getchar() != EOF) {}
    async_listener_destroy(listener);
    socket_transport_destroy(server);
    /* On the thread that has the clients. When the wait is over it has run, cancelled or not. */
    if (async_delay_start(engine, 0, &closing, close_all, NULL) == 0) {
        async_delay_cancel_and_wait(engine, closing);
    }
    execution_engine_dec_ref(engine);
    return 0;
}
