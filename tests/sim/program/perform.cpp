// SPDX-License-Identifier: MIT
//
// What each action does.

#include <cerrno>

#include "program/performance.h"

namespace sim {

void performance::perform_all(const std::vector<action>& actions, socket_record* inside)
{
    for (const action& each : actions) {
        if (is_ending_) {
            return;
        }
        perform(each, inside);
    }
}

void performance::perform(const action& performed, socket_record* inside)
{
    switch (performed.what) {
    case verb::connect:
        connect(performed);
        return;
    case verb::accept:
        accept(performed);
        return;
    case verb::close_listener:
        if (listener_ != nullptr && listener_->now_is == life::open) {
            close(*listener_, verb::close);
        }
        return;
    case verb::engine_delay:
        delay_engine(performed);
        return;
    case verb::sleep:
        // A callback holds up its worker.
        if (scheduler::thread_number() == 0) {
            world_.time.rest(world_.time.now() + performed.size * 100 * microsecond);
        }
        return;
    case verb::pass_nothing:
        pass_nothing();
        return;
    case verb::client_arrives:
        client_arrives();
        return;
    case verb::descriptors_run_out:
    case verb::memory_runs_out:
    case verb::accept_fails:
    case verb::allocations_fail:
        perform_on_system(performed);
        return;
    default:
        if (socket_record* const socket = pick(performed)) {
            perform_on_socket(performed, *socket, inside);
        }
        return;
    }
}

// Whether it is the listener's turn, of which there is one.
bool performance::has_accepts(const action& performed) const
{
    return listener_ != nullptr && performed.choice % 4 == 0;
}

socket_record* performance::pick(const action& performed)
{
    std::vector<socket_record*> choices;
    for (const auto& each : oracle_.sockets) {
        // The program's own send and receive leave the socket alone that they work for.
        const bool is_left_alone = each->attempted_on == scheduler::thread_number();
        if (!each->is_listener && !each->is_destroyed && each->handle != nullptr && !each->is_being_opened &&
            !is_left_alone) {
            choices.push_back(each.get());
        }
    }
    return choices.empty() ? nullptr : choices[performed.socket % choices.size()];
}

void performance::perform_on_socket(const action& performed, socket_record& socket, socket_record* inside)
{
    switch (performed.what) {
    case verb::send:
    case verb::send_ex:
        send(performed, socket);
        break;
    case verb::receive:
    case verb::receive_ex:
    case verb::receive_on:
        receive(performed, socket);
        break;
    case verb::shutdown_send:
        shut_down(performed, socket);
        break;
    case verb::delay:
        delay(performed, socket);
        break;
    case verb::notify_in:
    case verb::notify_out:
        notify(performed, socket);
        break;
    case verb::cancel:
        cancel(performed, has_accepts(performed) ? *listener_ : socket, false);
        break;
    case verb::cancel_and_wait:
        // A callback that waits for another thread must not be waited for by it.
        if (inside == &socket || scheduler::thread_number() == 0) {
            cancel(performed, has_accepts(performed) && inside == nullptr ? *listener_ : socket, true);
        }
        break;
    case verb::close:
    case verb::reset:
        close(socket, performed.what);
        break;
    case verb::close_async:
        close_in_background(socket, &performed);
        break;
    case verb::release:
        release(socket);
        break;
    case verb::destroy:
        if (!is_in_use(socket)) {
            destroy(socket);
        }
        break;
    default:
        perform_on_peer(performed, socket);
        break;
    }
}

void performance::perform_on_peer(const action& performed, socket_record& socket)
{
    constexpr int errors[] = {ETIMEDOUT, EHOSTUNREACH, ENETUNREACH, ECONNRESET};
    world_.time.call(name_of(performed.what));
    if (socket.own == nullptr) {
        return;
    }
    if (performed.what == verb::connection_fails) {
        socket.own->fail(errors[performed.choice % 4]);
        return;
    }
    if (socket.peer == nullptr) {
        return;
    }
    switch (performed.what) {
    case verb::peer_sends:
        socket.peer->send(performed.size);
        break;
    case verb::peer_floods:
        socket.peer->send(performed.size * 16);
        break;
    case verb::peer_finishes:
        socket.peer->finish();
        break;
    case verb::peer_closes:
        socket.peer->close();
        break;
    case verb::peer_resets:
        socket.peer->reset();
        break;
    case verb::peer_stops_reading:
        socket.peer->stop_reading();
        break;
    default:
        socket.peer->read_again();
        break;
    }
}

void performance::perform_on_system(const action& performed)
{
    // What accept(2) says to try again after.
    constexpr int errors[] = {ECONNABORTED, EPERM,      EPROTO,       ENOPROTOOPT,
                              EHOSTDOWN,    EOPNOTSUPP, EHOSTUNREACH, ENETUNREACH};
    const time_point until = world_.time.now() + (1 + performed.size % 400) * millisecond;
    world_.time.call(name_of(performed.what));
    const bool may_hold_accepts_up =
        performed.what == verb::descriptors_run_out || performed.what == verb::accept_fails;
    world_.past.shortages += may_hold_accepts_up ? 1 : 0;
    if (performed.what == verb::descriptors_run_out) {
        world_.lacks.descriptors_until = until;
    } else if (performed.what == verb::memory_runs_out) {
        world_.lacks.memory_until = until;
    } else if (performed.what == verb::allocations_fail) {
        world_.lacks.allocations_until = until;
    } else if (!program_.is_slow) {
        world_.lacks.accept_error = errors[performed.choice % 8];
        world_.lacks.accept_fails_until = until;
    }
}

// Each of these does nothing, and says nothing.
void performance::pass_nothing()
{
    async_socket_close(nullptr);
    async_socket_destroy(nullptr);
    async_listener_close(nullptr);
    async_listener_destroy(nullptr);
    socket_transport_disconnect(nullptr);
    socket_transport_destroy(nullptr);
}

remote& performance::play(std::shared_ptr<endpoint> own)
{
    const endpoint* const key = own.get();
    auto played = std::make_unique<remote>(std::move(own), remotes_.size() + 1);
    return *(remotes_[key] = std::move(played));
}

remote* performance::peer_of(const endpoint& own)
{
    const auto place = remotes_.find(own.peer());
    return place == remotes_.end() ? nullptr : place->second.get();
}

void performance::client_arrives()
{
    if (port_ == 0) {
        return;
    }
    world_.time.call("client_arrives");
    const std::shared_ptr<endpoint> client = world_.make_endpoint();
    client->port = world_.take_port();
    play(client);
    client->connect_to(world_.listener_at(port_));
}

} // namespace sim
