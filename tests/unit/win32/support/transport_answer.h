// SPDX-License-Identifier: MIT
//
// Lets socket_transport_send and socket_transport_receive answer what their own code, called as an async socket calls
// it, does not.

#ifndef ASYNC_SOCKET_TESTS_UNIT_WIN32_TRANSPORT_ANSWER_H
#define ASYNC_SOCKET_TESTS_UNIT_WIN32_TRANSPORT_ANSWER_H

#include "async_socket/socket_transport.h"

namespace unit {

// While it lives, each call of the function returns the result and does nothing else.
class send_answer {
public:
    explicit send_answer(SOCKET_SEND_RESULT result);
    ~send_answer();
    send_answer(const send_answer&) = delete;
    send_answer& operator=(const send_answer&) = delete;
};

class receive_answer {
public:
    explicit receive_answer(SOCKET_RECEIVE_RESULT result);
    ~receive_answer();
    receive_answer(const receive_answer&) = delete;
    receive_answer& operator=(const receive_answer&) = delete;
};

} // namespace unit

#endif
