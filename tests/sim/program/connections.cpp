// SPDX-License-Identifier: MIT
//
// Connects and accepts, and delays of the engine.

#include "async_socket/async_connect.h"
#include "async_socket/async_delay.h"

#include "program/performance.h"

namespace sim {

// One whose last connect has failed, now and then, or a new one; nullptr: there is no memory for it.
socket_record* performance::socket_to_connect(const action& performed)
{
    for (const auto& each : oracle_.sockets) {
        const bool is_free = each->now_is == life::made && !each->is_destroyed && !each->is_listener &&
                             each->opening == 0 && each->closes == 0 && each->closes_begun == 0;
        if (performed.size % 2 == 0 && is_free && each->handle != nullptr && !each->is_being_opened) {
            return each.get();
        }
    }
    socket_record& made = oracle_.add_socket();
    made.performed_by = this;
    oracle_.call_begins("async_socket_create");
    const time_point before = world_.time.now();
    made.handle = async_socket_create(engine_);
    oracle_.call_ends(made.handle == nullptr);
    if (made.handle != nullptr) {
        return &made;
    }
    if (!oracle_.may_lack_memory(before)) {
        oracle_.fail("socket %d cannot be made", made.number);
    }
    made.is_destroyed = true;
    return nullptr;
}

void performance::connect(const action& performed)
{
    // To somebody who answers, mostly.
    const std::uint32_t whom = performed.choice % 4;
    const bool by_name = performed.choice / 4 >= 2;
    const char* const host = by_name ? "somebody.example" : whom == 3 ? "10.0.0.1" : "127.0.0.1";
    const std::uint16_t port = whom == 2 ? nobodys_port_ : server_->port;
    socket_record* const connecting = socket_to_connect(performed);
    if (connecting == nullptr) {
        return;
    }
    socket_record& socket = *connecting;
    socket.now_is = life::connecting;
    operation_record& begun = prepare(performed, &socket, true);
    begun.limit_ms = performed.limit_ms;
    begun.by_name = by_name;
    ++socket.calls;
    ++socket.opening;
    oracle_.begins(begun);
    const int result =
        async_socket_connect_ex_async(socket.handle, host, port, begun.limit_ms, &begun.id, on_complete, &begun);
    oracle_.returns(begun, result == 0);
    if (result != 0 && socket.now_is == life::connecting) {
        socket.now_is = life::made;
    }
    --socket.opening;
    --socket.calls;
}

void performance::connected(operation_record& operation, int result)
{
    socket_record& socket = *operation.socket;
    if (result != ASYNC_STATUS_OK) {
        if (socket.now_is == life::connecting) {
            socket.now_is = life::made;
        }
        return;
    }
    const SOCKET_TRANSPORT_HANDLE transport = async_socket_get_transport(socket.handle);
    if (transport == nullptr) {
        // Closed at the same moment.
        return;
    }
    const int descriptor = socket_transport_get_underlying_socket(transport);
    if (descriptor < 0) {
        return;
    }
    socket.own = world_.find<endpoint>(descriptor)->shared_from_this();
    socket.peer = peer_of(*socket.own);
    if (socket.now_is == life::connecting) {
        socket.now_is = life::open;
    }
}

void performance::accept(const action& performed)
{
    if (listener_ == nullptr || listener_->starting[1] != 0) {
        return;
    }
    operation_record& begun = prepare(performed, listener_, true);
    begun.limit_ms = performed.limit_ms;
    ++listener_->calls;
    ++listener_->starting[1];
    oracle_.begins(begun);
    const int result = async_listener_accept_async(listener_->listener, begun.limit_ms, &begun.id, on_accepted, &begun);
    oracle_.returns(begun, result == 0);
    --listener_->starting[1];
    --listener_->calls;
}

void performance::accepted(operation_record& operation, SOCKET_TRANSPORT_HANDLE transport)
{
    if ((operation.result == ASYNC_STATUS_OK) != (transport != nullptr)) {
        oracle_.fail("operation %d: a transport does not go with status %d", operation.number, operation.result);
    }
    if (transport == nullptr) {
        return;
    }
    socket_record& socket = oracle_.add_socket();
    const int descriptor = socket_transport_get_underlying_socket(transport);
    socket.transport = transport;
    socket.own = world_.find<endpoint>(descriptor)->shared_from_this();
    socket.peer = peer_of(*socket.own);
    open(socket);
}

void performance::delay_engine(const action& performed)
{
    operation_record& delayed = prepare(performed, nullptr, true);
    delayed.limit_ms = performed.limit_ms == ASYNC_NO_TIMEOUT ? 7 : performed.limit_ms;
    oracle_.begins(delayed);
    const int result = async_delay_start(engine_, delayed.limit_ms, &delayed.id, on_complete, &delayed);
    oracle_.returns(delayed, result == 0);
}

} // namespace sim
