// SPDX-License-Identifier: MIT

#include "support/echo_server.h"

#include <stdexcept>

namespace contract {

echo_server::echo_server(EXECUTION_ENGINE_HANDLE engine, std::uint32_t thread)
    : engine_(engine), handle_(async_listener_create_on(engine, thread))
{
    if (!handle_ || async_listener_open(handle_.get(), listening_.get()) != 0 || accept() != 0) {
        throw std::runtime_error("a listener was refused");
    }
}

echo_server::~echo_server()
{
    // Closed while their handles are still there, for callbacks use them. Afterwards no other thread touches the list.
    async_listener_close(handle_.get());
    for (const std::unique_ptr<session>& each : sessions_) {
        async_socket_close(each->socket.get());
    }
    sessions_.clear();
}

std::vector<std::uint32_t> echo_server::threads() const
{
    const std::lock_guard<std::mutex> lock(mutex_);
    std::vector<std::uint32_t> result;
    for (const std::unique_ptr<session>& each : sessions_) {
        result.push_back(async_socket_get_thread(each->socket.get()));
    }
    return result;
}

std::size_t echo_server::close_those_of(std::uint32_t thread)
{
    std::size_t closed = 0;
    const std::lock_guard<std::mutex> lock(mutex_);
    for (const std::unique_ptr<session>& each : sessions_) {
        if (async_socket_get_thread(each->socket.get()) == thread) {
            async_socket_close(each->socket.get());
            ++closed;
        }
    }
    return closed;
}

int echo_server::accept()
{
    return async_listener_accept_async(handle_.get(), ASYNC_NO_TIMEOUT, nullptr, &on_accepted, this);
}

void echo_server::on_accepted(void* context, const ASYNC_COMPLETION* completion, SOCKET_TRANSPORT_HANDLE accepted)
{
    auto& self = *static_cast<echo_server*>(context);
    if (completion->status != ASYNC_STATUS_OK) {
        return;
    }
    self.begin(accepted);
    // Refused where the listener is being closed.
    static_cast<void>(self.accept());
}

void echo_server::begin(SOCKET_TRANSPORT_HANDLE accepted)
{
    auto made = std::make_unique<session>();
    session& added = *made;
    added.server = this;
    added.transport.reset(accepted);
    added.socket.reset(async_socket_create(engine_));
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        added.number = sessions_.size();
        sessions_.push_back(std::move(made));
    }
    const auto on_open = [](void* context, ASYNC_SOCKET_OPEN_RESULT) { receive(*static_cast<session*>(context)); };
    if (async_socket_open_async(added.socket.get(), accepted, on_open, &added) != 0) {
        ++refused_;
    }
    connections_open_.add();
}

void echo_server::receive(session& of)
{
    ASYNC_SOCKET_BUFFER buffer{of.memory, sizeof of.memory};
    if (async_socket_receive_async(of.socket.get(), &buffer, 1, &on_received, &of) != 0) {
        ++of.server->refused_;
    }
}

void echo_server::note_thread(const session& of)
{
    if (execution_engine_get_current_thread(of.server->engine_) != async_socket_get_thread(of.socket.get())) {
        ++of.server->strayed_;
    }
}

void echo_server::on_received(void* context, ASYNC_SOCKET_RECEIVE_RESULT result, std::uint32_t received)
{
    auto& self = *static_cast<session*>(context);
    note_thread(self);
    if (result != ASYNC_SOCKET_RECEIVE_OK) {
        return;
    }
    if (self.server->before_echo) {
        self.server->before_echo(self.number);
    }
    ASYNC_SOCKET_BUFFER buffer{self.memory, received};
    // Refused where the peer has gone meanwhile.
    static_cast<void>(async_socket_send_async(self.socket.get(), &buffer, 1, &on_sent, &self));
}

void echo_server::on_sent(void* context, ASYNC_SOCKET_SEND_RESULT result)
{
    auto& self = *static_cast<session*>(context);
    note_thread(self);
    if (result == ASYNC_SOCKET_SEND_OK) {
        receive(self);
    }
}

} // namespace contract
