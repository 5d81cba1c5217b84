// SPDX-License-Identifier: MIT
//
// The operations of an open socket.

#include "program/performance.h"

namespace sim {

namespace {

// A call of the socket under way.
class call_under_way {
public:
    explicit call_under_way(socket_record& socket) : socket_(socket) { ++socket_.calls; }
    ~call_under_way() { --socket_.calls; }
    call_under_way(const call_under_way&) = delete;
    call_under_way& operator=(const call_under_way&) = delete;

private:
    socket_record& socket_;
};

// One that starts a send or a receive. Two of them at the same time would have no order among themselves, and then the
// oracle could not say what is right.
class start_under_way {
public:
    start_under_way(socket_record& socket, bool receives) : call_(socket), count_(socket.starting[receives ? 1 : 0])
    {
        ++count_;
    }
    ~start_under_way() { --count_; }
    start_under_way(const start_under_way&) = delete;
    start_under_way& operator=(const start_under_way&) = delete;

private:
    call_under_way call_;
    int& count_;
};

const char* function_of_cancel(bool is_listener, bool waits)
{
    if (is_listener) {
        return waits ? "async_listener_cancel_and_wait" : "async_listener_cancel";
    }
    return waits ? "async_socket_cancel_and_wait" : "async_socket_cancel";
}

} // namespace

operation_record& performance::prepare(const action& performed, socket_record* socket, bool says_how)
{
    operation_record& made = oracle_.add_operation(performed.what, socket);
    made.says_how = says_how;
    made.performed_by = this;
    made.asked = &performed;
    made.then = &performed.then;
    return made;
}

void performance::prepare_memory(operation_record& prepared, const action& performed)
{
    const std::uint32_t pieces = std::min(performed.pieces, performed.size);
    std::uint32_t left = performed.size;
    for (std::uint32_t i = 0; i < pieces; ++i) {
        const std::uint32_t length = i + 1 == pieces ? left : std::max(1U, performed.size / pieces);
        left -= length;
        prepared.memory.emplace_back(length, '\0');
    }
    for (std::string& each : prepared.memory) {
        for (char& byte : each) {
            byte = content_of(static_cast<std::uint64_t>(prepared.number) << 20, prepared.total++);
        }
        prepared.pieces.push_back({each.data(), static_cast<std::uint32_t>(each.size())});
    }
}

void performance::send(const action& performed, socket_record& socket)
{
    if (socket.starting[0] != 0 || socket.now_is < life::open) {
        return;
    }
    const bool is_ex = performed.what == verb::send_ex;
    operation_record& sent = prepare(performed, &socket, is_ex);
    prepare_memory(sent, performed);
    sent.limit_ms = is_ex ? performed.limit_ms : ASYNC_NO_TIMEOUT;
    const start_under_way under_way(socket, false);
    oracle_.begins(sent);
    const auto count = static_cast<std::uint32_t>(sent.pieces.size());
    const ASYNC_SOCKET_SEND_SYNC_RESULT result =
        is_ex ? async_socket_send_ex_async(socket.handle, sent.pieces.data(), count, sent.limit_ms, &sent.id,
                                           on_complete, &sent)
              : async_socket_send_async(socket.handle, sent.pieces.data(), count, on_sent, &sent);
    oracle_.returns(sent, result == ASYNC_SOCKET_SEND_SYNC_OK);
}

void performance::receive(const action& performed, socket_record& socket)
{
    if (socket.starting[1] != 0 || socket.now_is < life::open) {
        return;
    }
    const bool is_ex = performed.what != verb::receive;
    operation_record& received = prepare(performed, &socket, is_ex);
    prepare_memory(received, performed);
    received.limit_ms = performed.what == verb::receive_ex ? performed.limit_ms : ASYNC_NO_TIMEOUT;
    const start_under_way under_way(socket, true);
    oracle_.begins(received);
    const auto count = static_cast<std::uint32_t>(received.pieces.size());
    const int result =
        is_ex ? async_socket_receive_ex_async(socket.handle, received.pieces.data(), count, received.limit_ms,
                                              &received.id, on_complete, &received)
              : async_socket_receive_async(socket.handle, received.pieces.data(), count, on_received, &received);
    oracle_.returns(received, result == 0);
}

void performance::shut_down(const action& performed, socket_record& socket)
{
    if (socket.starting[0] != 0 || socket.now_is < life::open) {
        return;
    }
    operation_record& ended = prepare(performed, &socket, true);
    const start_under_way under_way(socket, false);
    oracle_.begins(ended);
    const int result = async_socket_shutdown_send_async(socket.handle, on_complete, &ended);
    oracle_.returns(ended, result == 0);
    socket.sending_is_over = socket.sending_is_over || result == 0;
}

void performance::delay(const action& performed, socket_record& socket)
{
    if (socket.now_is < life::open) {
        return;
    }
    operation_record& delayed = prepare(performed, &socket, true);
    delayed.limit_ms = performed.limit_ms;
    const call_under_way under_way(socket);
    oracle_.begins(delayed);
    const int result = async_socket_delay_async(socket.handle, performed.limit_ms, &delayed.id, on_complete, &delayed);
    oracle_.returns(delayed, result == 0);
}

void performance::notify(const action& performed, socket_record& socket)
{
    if (socket.now_is < life::open) {
        return;
    }
    operation_record& notified = prepare(performed, &socket, false);
    const call_under_way under_way(socket);
    oracle_.begins(notified);
    const ASYNC_SOCKET_NOTIFY_IO_TYPE type =
        performed.what == verb::notify_in ? ASYNC_SOCKET_NOTIFY_IO_TYPE_IN : ASYNC_SOCKET_NOTIFY_IO_TYPE_OUT;
    const int result = async_socket_notify_io_async(socket.handle, type, on_notified, &notified);
    oracle_.returns(notified, result == 0);
}

void performance::cancel(const action& performed, socket_record& socket, bool waits)
{
    std::vector<operation_record*> choices;
    for (operation_record* const each : socket.operations) {
        if (each->id != 0 && each->calls == 0 && each->accepted) {
            choices.push_back(each);
        }
    }
    if (choices.empty()) {
        return;
    }
    operation_record& cancelled = *choices[performed.choice % choices.size()];
    const time_point began = world_.time.now();
    ++cancelled.cancels;
    cancelled.cancelled = std::min(cancelled.cancelled, world_.time.now());
    const call_under_way under_way(socket);
    socket.is_out_of_order = socket.is_out_of_order || (waits && scheduler::thread_number() != 0);
    int result = 0;
    oracle_.call_begins(function_of_cancel(socket.is_listener, waits));
    if (socket.is_listener) {
        result = waits ? async_listener_cancel_and_wait(socket.listener, cancelled.id)
                       : async_listener_cancel(socket.listener, cancelled.id);
    } else {
        result = waits ? async_socket_cancel_and_wait(socket.handle, cancelled.id)
                       : async_socket_cancel(socket.handle, cancelled.id);
    }
    oracle_.call_ends(result != 0);
    if (result == 0 && cancelled.calls == 0) {
        cancelled.cancel_told = std::min(cancelled.cancel_told, world_.time.now());
    }
    if (result != 0) {
        if (socket.now_is == life::open && !oracle_.may_lack_memory(began)) {
            oracle_.fail("the cancel of operation %d is refused for no reason", cancelled.number);
        }
        // Another call may have asked for it.
        if (--cancelled.cancels == 0) {
            cancelled.cancelled = forever;
        }
    } else if (waits && (cancelled.calls == 0 ||
                         (cancelled.running_on != -1 && cancelled.running_on != scheduler::thread_number()))) {
        oracle_.fail("operation %d has not called back, and the wait for it has returned", cancelled.number);
    }
}

} // namespace sim
