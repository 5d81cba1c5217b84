// SPDX-License-Identifier: MIT
//
// How a connection comes about: accepted by a blocking call, by a listener of the engine, or connected by the socket
// itself.

#include "async_socket/async_connect.h"
#include "async_socket/socket_options.h"

#include "callback_frame.h"
#include "connection.h"
#include "support/ex_operation.h"
#include "world.h"

namespace stress {

void connection::meet(std::uint64_t seed)
{
    random choice(seed);
    const std::uint32_t how = choice.below(100);
    if (how < 30) {
        meet_by_connect(choice.next());
        return;
    }
    if (how < 60) {
        meet_by_async_accept();
    } else {
        peer_ = std::make_unique<peer>(world_.listener().port(), script_, report_);
        transport_ = world_.listener().accept().release();
    }
    ++counts_.transports;
}

void connection::meet_by_connect(std::uint64_t seed)
{
    operation* const one = new_operation(operation_kind::connect, seed);
    const bool by_name = seed % 2 == 0;
    bool accepted = false;
    if (one != nullptr) {
        const starting inside(one);
        accepted = async_socket_connect_ex_async(socket_, by_name ? "localhost" : "127.0.0.1", world_.listener().port(),
                                                 ASYNC_NO_TIMEOUT, &one->id, on_connect_ex, one) == 0;
        account(*one, accepted);
    }
    if (!accepted) {
        if (one != nullptr) {
            report_.violation("a connect was refused");
        }
        // Nobody to talk to but itself.
        peer_ = std::make_unique<peer>(world_.listener().port(), script_, report_);
        transport_ = world_.listener().accept().release();
        ++counts_.transports;
        return;
    }
    // The transport is the socket's own.
    static_cast<void>(transport_guard_.retire());
    const contract::transport_owner accepted_side = world_.listener().accept();
    SOCKET_HANDLE socket{};
    if (socket_transport_release(accepted_side.get(), &socket) != 0) {
        report_.violation("a transport that nobody uses is not released");
    }
    peer_ = std::make_unique<peer>(contract::raw_peer::adopted{socket}, script_, report_);
}

void connection::meet_by_async_accept()
{
    contract::accept_operation accepting;
    if (accepting.start(world_.async_listener(), random(place_).in_100(50) ? ASYNC_NO_TIMEOUT : 3'600'000) != 0) {
        report_.violation("an accept was refused");
    }
    peer_ = std::make_unique<peer>(world_.async_server().port(), script_, report_);
    if (!accepting.wait() || accepting.status() != ASYNC_STATUS_OK) {
        report_.violation("a connection was not handed out");
    }
    if (async_listener_cancel_and_wait(world_.async_listener(), accepting.id()) != 0 || accepting.calls() != 1) {
        report_.violation("an accept was not called back once");
    }
    transport_ = accepting.take_accepted().release();
}

// Nothing ends it but the connection and this side: somebody listens.
void connection::on_connect_ex(void* context, const ASYNC_COMPLETION* completion)
{
    operation& self = *static_cast<operation*>(context);
    ++self.calls;
    connection& owner = self.owner;
    const callback_frame frame(owner, &self);
    // Everything that callbacks use is there when the peer is.
    if (!owner.met_.wait()) {
        owner.report_.violation("a connect that ended was not accepted");
    }
    // A peer may reset what it has accepted before this side is told of it.
    if (!owner.is_status(*completion,
                         {ASYNC_STATUS_OK, ASYNC_STATUS_CLOSED, ASYNC_STATUS_CANCELLED, ASYNC_STATUS_RESET})) {
        owner.report_.violation("a connect ended with " + std::string(async_status_to_string(completion->status)) +
                                " (" + std::to_string(completion->system_error) + ")");
    }
    if (completion->status == ASYNC_STATUS_OK && owner.opened_.exchange(true)) {
        owner.report_.violation("a socket was opened twice");
    }
    self.done = true;
    owner.world_.act_in_callback(owner, self.choice, false);
}

} // namespace stress
