// SPDX-License-Identifier: MIT

#include "fake_win32/network.h"

#include <algorithm>

#include "world.h"

namespace fake_win32 {

namespace {

template <class Question>
auto ask(SOCKET handle, Question question)
{
    world& all = the_world();
    const std::lock_guard<std::mutex> lock(all.mutex);
    const auto found = all.sockets.find(handle);
    return found != all.sockets.end() && question(*found->second);
}

std::string take(socket_object& end, std::size_t at_most)
{
    const std::size_t count = std::min(at_most, end.received.size());
    const auto stop = end.received.begin() + static_cast<std::ptrdiff_t>(count);
    std::string bytes(end.received.begin(), stop);
    end.received.erase(end.received.begin(), stop);
    return bytes;
}

} // namespace

remote_peer::remote_peer(std::shared_ptr<socket_object> end) : end_(std::move(end)) {}

void remote_peer::send(const std::string& bytes) const
{
    world& all = the_world();
    const std::lock_guard<std::mutex> lock(all.mutex);
    if (end_->peer != nullptr) {
        end_->peer->received.insert(end_->peer->received.end(), bytes.begin(), bytes.end());
        record_network_events(*end_->peer, FD_READ);
        pump(end_);
    }
}

std::string remote_peer::receive(std::size_t at_most) const
{
    world& all = the_world();
    const std::lock_guard<std::mutex> lock(all.mutex);
    std::string bytes = take(*end_, at_most);
    pump(end_);
    return bytes;
}

std::string remote_peer::wait_for(std::size_t bytes) const
{
    world& all = the_world();
    std::unique_lock<std::mutex> lock(all.mutex);
    std::string result;
    const auto deadline = std::chrono::steady_clock::now() + generous_limit;
    for (;;) {
        result += take(*end_, bytes - result.size());
        pump(end_);
        const auto has_more = [&] { return !end_->received.empty() || end_->end_received || end_->was_reset; };
        if (result.size() == bytes || (has_more() && end_->received.empty()) ||
            !all.changed.wait_until(lock, deadline, has_more)) {
            return result;
        }
    }
}

bool remote_peer::saw_end() const
{
    world& all = the_world();
    const std::lock_guard<std::mutex> lock(all.mutex);
    return end_->end_received;
}

bool remote_peer::saw_reset() const
{
    world& all = the_world();
    const std::lock_guard<std::mutex> lock(all.mutex);
    return end_->was_reset;
}

void remote_peer::close() const
{
    world& all = the_world();
    const std::lock_guard<std::mutex> lock(all.mutex);
    abandon_end(end_, false);
}

void remote_peer::reset() const
{
    world& all = the_world();
    const std::lock_guard<std::mutex> lock(all.mutex);
    abandon_end(end_, true);
}

connection make_connection()
{
    world& all = the_world();
    const std::lock_guard<std::mutex> lock(all.mutex);
    const auto near = new_socket_object(AF_INET);
    const auto far = new_socket_object(AF_INET);
    near->handle = reinterpret_cast<SOCKET>(all.new_handle());
    near->overlapped = true;
    near->inheritable = false;
    near->local = loopback(AF_INET, all.next_port++);
    near->remote = loopback(AF_INET, all.next_port++);
    far->local = near->remote;
    join_ends(near, far);
    all.sockets[near->handle] = near;
    return {near->handle, remote_peer(far)};
}

std::optional<remote_peer> connect_from_elsewhere(const std::string& address_text, std::uint16_t port)
{
    world& all = the_world();
    const std::lock_guard<std::mutex> lock(all.mutex);
    std::optional<address> to = parse_address(address_text);
    if (!to) {
        return std::nullopt;
    }
    to->port = port;
    const auto far = new_socket_object(to->family);
    if (!connect_to_listener(far, *to)) {
        return std::nullopt;
    }
    return remote_peer(far);
}

void abandon_queued_connection(std::uint16_t port)
{
    world& all = the_world();
    const std::lock_guard<std::mutex> lock(all.mutex);
    for (const auto& [handle, socket] : all.sockets) {
        if (socket->state == socket_state::listening && socket->local.port == port && !socket->backlog.empty()) {
            const auto first = std::find_if(socket->backlog.begin(), socket->backlog.end(),
                                            [](const auto& queued) { return !queued->was_reset; });
            if (first != socket->backlog.end() && (*first)->peer != nullptr) {
                abandon_end((*first)->peer, true);
            }
            return;
        }
    }
}

void announce_nobody(std::uint16_t port)
{
    world& all = the_world();
    const std::lock_guard<std::mutex> lock(all.mutex);
    for (const auto& [handle, socket] : all.sockets) {
        if (socket->state == socket_state::listening && socket->local.port == port) {
            record_network_events(*socket, FD_ACCEPT);
            socket->accept_was_announced = true;
        }
    }
}

void set_window(std::size_t bytes)
{
    world& all = the_world();
    const std::lock_guard<std::mutex> lock(all.mutex);
    all.window = bytes;
}

void set_host(const std::string& name, std::vector<std::string> addresses)
{
    world& all = the_world();
    const std::lock_guard<std::mutex> lock(all.mutex);
    all.hosts[name] = std::move(addresses);
}

void make_silent(const std::string& address)
{
    world& all = the_world();
    const std::lock_guard<std::mutex> lock(all.mutex);
    all.silent_addresses.insert(address);
}

void without_ipv6()
{
    world& all = the_world();
    const std::lock_guard<std::mutex> lock(all.mutex);
    all.has_ipv6 = false;
}

bool is_inheritable(SOCKET socket)
{
    return ask(socket, [](const socket_object& object) { return object.inheritable; });
}

bool is_overlapped(SOCKET socket)
{
    return ask(socket, [](const socket_object& object) { return object.overlapped; });
}

bool is_nonblocking(SOCKET socket)
{
    return ask(socket, [](const socket_object& object) { return object.nonblocking; });
}

bool has_event_selected(SOCKET socket)
{
    return ask(socket, [](const socket_object& object) { return object.selected != 0; });
}

bool is_exclusive(SOCKET socket)
{
    return ask(socket, [](const socket_object& object) { return object.exclusive; });
}

bool is_dual_stack(SOCKET socket)
{
    return ask(socket, [](const socket_object& object) { return object.family == AF_INET6 && !object.v6_only; });
}

int option_of(SOCKET handle, int level, int name)
{
    world& all = the_world();
    const std::lock_guard<std::mutex> lock(all.mutex);
    const auto found = all.sockets.find(handle);
    if (found == all.sockets.end()) {
        return 0;
    }
    const auto option = found->second->options.find({level, name});
    return option != found->second->options.end() ? option->second : 0;
}

} // namespace fake_win32
