// SPDX-License-Identifier: MIT
//
// How bytes move, and how operations end.

#include "socket_object.h"

#include <algorithm>

#include "world.h"

namespace fake_win32 {

namespace {

// Copies bytes [op.done, op.done + count) of a send into `to`.
void take_from_buffers(operation& op, std::deque<unsigned char>& to, std::uint64_t count)
{
    std::uint64_t skip = op.done;
    std::uint64_t left = count;
    for (const WSABUF& buffer : op.buffers) {
        if (skip >= buffer.len) {
            skip -= buffer.len;
            continue;
        }
        const std::uint64_t here = std::min<std::uint64_t>(left, buffer.len - skip);
        to.insert(to.end(), buffer.buf + skip, buffer.buf + skip + here);
        left -= here;
        skip = 0;
    }
    op.done += count;
}

std::uint64_t put_into_buffers(const operation& op, std::deque<unsigned char>& from)
{
    std::uint64_t total = 0;
    for (const WSABUF& buffer : op.buffers) {
        const std::size_t here = std::min<std::size_t>(buffer.len, from.size());
        std::copy_n(from.begin(), here, buffer.buf);
        from.erase(from.begin(), from.begin() + static_cast<std::ptrdiff_t>(here));
        total += here;
    }
    return total;
}

// A system may read the memory of a send until the send has ended, so it must be there until then.
void touch_payload(const operation& op)
{
    for (const WSABUF& buffer : op.buffers) {
        volatile char last = buffer.buf[buffer.len - 1];
        static_cast<void>(last);
    }
}

bool move_sends(const std::shared_ptr<socket_object>& socket)
{
    bool moved = false;
    const world& all = the_world();
    while (!socket->sends.empty() && all.holding != hold::operations) {
        const std::shared_ptr<operation> op = socket->sends.front();
        if (socket->peer == nullptr) {
            socket->sends.pop_front();
            end_operation(op, ERROR_NETNAME_DELETED, 0);
            moved = true;
            continue;
        }
        const std::uint64_t count = std::min<std::uint64_t>(room_at(*socket->peer), op->length - op->done);
        if (count == 0) {
            break;
        }
        take_from_buffers(*op, socket->peer->received, count);
        record_network_events(*socket->peer, FD_READ);
        moved = true;
        if (op->done == op->length) {
            socket->sends.pop_front();
            touch_payload(*op);
            end_operation(op, NO_ERROR, static_cast<ULONG_PTR>(op->length));
        }
    }
    if (socket->send_shut && socket->sends.empty() && !socket->end_sent && socket->peer != nullptr) {
        socket->end_sent = true;
        socket->peer->end_received = true;
        record_network_events(*socket->peer, FD_CLOSE);
        moved = true;
    }
    return moved;
}

bool fill_receives(const std::shared_ptr<socket_object>& socket)
{
    bool moved = false;
    const world& all = the_world();
    while (!socket->receives.empty() && all.holding != hold::operations &&
           (!socket->received.empty() || socket->end_received)) {
        const std::shared_ptr<operation> op = socket->receives.front();
        socket->receives.pop_front();
        const std::uint64_t count = put_into_buffers(*op, socket->received);
        end_operation(op, NO_ERROR, static_cast<ULONG_PTR>(count));
        moved = true;
    }
    return moved;
}

// Those that have had their answer.
void end_connects(socket_object& socket)
{
    for (const std::shared_ptr<operation>& op : std::deque<std::shared_ptr<operation>>(socket.connects)) {
        if (op->is_decided && the_world().holding != hold::operations) {
            socket.connects.erase(std::find(socket.connects.begin(), socket.connects.end(), op));
            end_operation(op, op->answer, 0);
        }
    }
}

} // namespace

std::shared_ptr<socket_object> new_socket_object(int family)
{
    auto socket = std::make_shared<socket_object>();
    socket->family = family;
    socket->local.family = family;
    socket->remote.family = family;
    return socket;
}

std::deque<std::shared_ptr<operation>>& queue_of(socket_object& socket, pending_kind kind)
{
    switch (kind) {
    case pending_kind::send:
        return socket.sends;
    case pending_kind::receive:
        return socket.receives;
    case pending_kind::connect:
        return socket.connects;
    default:
        return socket.accepts;
    }
}

void serve_accepts(socket_object& listener)
{
    world& all = the_world();
    while (!listener.accepts.empty() && !listener.backlog.empty() && all.holding != hold::operations) {
        const std::shared_ptr<operation> op = listener.accepts.front();
        listener.accepts.pop_front();
        const std::shared_ptr<socket_object> queued = listener.backlog.front();
        listener.backlog.pop_front();
        const auto found = all.sockets.find(op->accepted);
        if (queued->was_reset || found == all.sockets.end()) {
            end_operation(op, ERROR_NETNAME_DELETED, 0);
            continue;
        }
        // The connection moves into the socket that was made for it.
        socket_object& accepted = *found->second;
        accepted.local = queued->local;
        accepted.remote = queued->remote;
        accepted.received = std::move(queued->received);
        accepted.end_received = queued->end_received;
        accepted.lacks_context = true;
        accepted.state = socket_state::connected;
        accepted.peer = queued->peer;
        if (accepted.peer != nullptr) {
            accepted.peer->peer = found->second;
        }
        queued->peer = nullptr;
        end_operation(op, NO_ERROR, 0);
    }
}

void join_ends(const std::shared_ptr<socket_object>& one, const std::shared_ptr<socket_object>& other)
{
    one->peer = other;
    other->peer = one;
    one->state = socket_state::connected;
    other->state = socket_state::connected;
}

std::size_t room_at(const socket_object& receiver)
{
    const std::size_t window = the_world().window;
    return receiver.received.size() >= window ? 0 : window - receiver.received.size();
}

void pump(const std::shared_ptr<socket_object>& socket)
{
    serve_accepts(*socket);
    end_connects(*socket);
    bool moved = true;
    while (moved) {
        moved = move_sends(socket);
        moved = fill_receives(socket) || moved;
        if (const std::shared_ptr<socket_object> peer = socket->peer; peer != nullptr) {
            moved = fill_receives(peer) || moved;
            moved = move_sends(peer) || moved;
        }
    }
    the_world().changed.notify_all();
}

void end_operation(const std::shared_ptr<operation>& op, DWORD io_result, ULONG_PTR bytes)
{
    world& all = the_world();
    op->ended = true;
    op->io_result = io_result;
    op->bytes = bytes;
    if (!op->memory_lost) {
        op->overlapped->Internal = io_result;
        op->overlapped->InternalHigh = bytes;
    }
    all.signal(op->event);
    if (op->io == nullptr) {
        all.operations.erase(op->overlapped);
    } else if (all.holding == hold::callbacks) {
        all.held_callbacks.insert(op->overlapped);
    } else {
        enqueue(op);
    }
    all.changed.notify_all();
}

std::size_t end_operations(socket_object& socket, DWORD io_result, const OVERLAPPED* overlapped)
{
    // A transport that is asked to cancel a receive gives up all that it has of the connection.
    const bool is_receive = std::any_of(socket.receives.begin(), socket.receives.end(),
                                        [overlapped](const auto& op) { return op->overlapped == overlapped; });
    std::size_t ended = 0;
    for (auto* queue : {&socket.sends, &socket.receives, &socket.connects, &socket.accepts}) {
        for (const std::shared_ptr<operation>& op : std::deque<std::shared_ptr<operation>>(*queue)) {
            const bool is_swept = is_receive && queue == &socket.receives;
            if (overlapped == nullptr || op->overlapped == overlapped || is_swept) {
                queue->erase(std::find(queue->begin(), queue->end(), op));
                end_operation(op, io_result, op->is_send ? static_cast<ULONG_PTR>(op->done) : 0);
                ended++;
            }
        }
    }
    return ended;
}

void record_network_events(socket_object& socket, LONG events)
{
    world& all = the_world();
    const LONG wanted = events & socket.selected & ~(socket.accept_was_announced ? FD_ACCEPT : 0);
    if (wanted != 0) {
        socket.recorded |= wanted;
        all.signal(socket.selected_event);
    }
    all.changed.notify_all();
}

void reset_end(const std::shared_ptr<socket_object>& socket)
{
    socket->was_reset = true;
    socket->received.clear();
    socket->peer = nullptr;
    end_operations(*socket, ERROR_NETNAME_DELETED, nullptr);
    record_network_events(*socket, FD_CLOSE);
}

void abandon_end(const std::shared_ptr<socket_object>& socket, bool reset)
{
    const std::shared_ptr<socket_object> peer = socket->peer;
    socket->peer = nullptr;
    if (peer == nullptr) {
        return;
    }
    if (reset) {
        reset_end(peer);
        return;
    }
    peer->peer = nullptr;
    peer->end_received = true;
    record_network_events(*peer, FD_CLOSE);
    pump(peer);
}

std::shared_ptr<socket_object> find_listener(const address& to)
{
    for (const auto& [handle, socket] : the_world().sockets) {
        if (socket->state != socket_state::listening || socket->local.port != to.port) {
            continue;
        }
        const bool dual = socket->family == AF_INET6 && !socket->v6_only && socket->local.is_any();
        const bool same_family = socket->family == to.family;
        if ((same_family && (socket->local.is_any() || socket->local.bytes == to.bytes)) || dual) {
            return socket;
        }
    }
    return nullptr;
}

bool is_silent(const address& to)
{
    return the_world().silent_addresses.count(text_of(to)) != 0;
}

bool connect_to_listener(const std::shared_ptr<socket_object>& from, const address& to)
{
    const std::shared_ptr<socket_object> listener = find_listener(to);
    if (listener == nullptr || listener->backlog.size() >= listener->backlog_limit) {
        return false;
    }
    world& all = the_world();
    if (from->local.port == 0) {
        from->local = loopback(to.family, all.next_port++);
    }
    const std::shared_ptr<socket_object> accepted = new_socket_object(to.family);
    accepted->local = to;
    accepted->remote = from->local;
    from->remote = to;
    join_ends(from, accepted);
    listener->backlog.push_back(accepted);
    serve_accepts(*listener);
    if (!listener->backlog.empty()) {
        record_network_events(*listener, FD_ACCEPT);
    }
    return true;
}

} // namespace fake_win32
