// SPDX-License-Identifier: MIT

#include "support/transport_answer.h"

#include <atomic>

namespace {

// No result has this number. An atomic std::optional would be too wide for the processor's own instructions.
constexpr int none = -1;

std::atomic<int> planned_send{none};
std::atomic<int> planned_receive{none};

} // namespace

namespace unit {

send_answer::send_answer(SOCKET_SEND_RESULT result)
{
    planned_send = result;
}

send_answer::~send_answer()
{
    planned_send = none;
}

receive_answer::receive_answer(SOCKET_RECEIVE_RESULT result)
{
    planned_receive = result;
}

receive_answer::~receive_answer()
{
    planned_receive = none;
}

} // namespace unit

// What --wrap makes of the two names: the library calls the one, and the other is the library's own function.
extern "C" {

SOCKET_SEND_RESULT __real_socket_transport_send(SOCKET_TRANSPORT_HANDLE, SOCKET_BUFFER*, uint32_t, uint32_t*, uint32_t,
                                                void*);
SOCKET_RECEIVE_RESULT __real_socket_transport_receive(SOCKET_TRANSPORT_HANDLE, SOCKET_BUFFER*, uint32_t, uint32_t*,
                                                      uint32_t, void*);

SOCKET_SEND_RESULT __wrap_socket_transport_send(SOCKET_TRANSPORT_HANDLE transport, SOCKET_BUFFER* payload,
                                                uint32_t count, uint32_t* sent, uint32_t flags, void* data)
{
    if (const int planned = planned_send.load(); planned != none) {
        return static_cast<SOCKET_SEND_RESULT>(planned);
    }
    return __real_socket_transport_send(transport, payload, count, sent, flags, data);
}

SOCKET_RECEIVE_RESULT __wrap_socket_transport_receive(SOCKET_TRANSPORT_HANDLE transport, SOCKET_BUFFER* payload,
                                                      uint32_t count, uint32_t* received, uint32_t flags, void* data)
{
    if (const int planned = planned_receive.load(); planned != none) {
        return static_cast<SOCKET_RECEIVE_RESULT>(planned);
    }
    return __real_socket_transport_receive(transport, payload, count, received, flags, data);
}

} // extern "C"
