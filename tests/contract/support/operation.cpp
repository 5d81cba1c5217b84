// SPDX-License-Identifier: MIT

#include "support/operation.h"

#include <utility>

namespace contract {

namespace {

// The operation whose start this thread is inside of. Starts nest when a callback that runs inline starts another.
thread_local const operation* being_started = nullptr;

} // namespace

operation::operation(bytes memory, const std::vector<std::size_t>& pieces) : memory_(std::move(memory))
{
    const std::vector<std::size_t> whole{memory_.size()};
    std::size_t at = 0;
    for (const std::size_t length : pieces.empty() ? whole : pieces) {
        buffers_.push_back({memory_.data() + at, static_cast<std::uint32_t>(length)});
        at += length;
    }
}

operation::starting::starting(const operation& self) : before_(being_started)
{
    being_started = &self;
}

operation::starting::~starting()
{
    being_started = before_;
}

void operation::enter_callback()
{
    if (being_started == this) {
        called_inline_ = true;
    }
    ++calls_;
    thread_ = std::this_thread::get_id();
    if (in_callback) {
        in_callback();
    }
}

void operation::leave_callback()
{
    done_.set();
}

send_operation::send_operation(bytes memory, const std::vector<std::size_t>& pieces)
    : operation(std::move(memory), pieces)
{
}

ASYNC_SOCKET_SEND_SYNC_RESULT send_operation::start(ASYNC_SOCKET_HANDLE socket)
{
    const starting guard(*this);
    // The array is a copy that is gone when the call has returned: the library reads it during the call only.
    const std::vector<ASYNC_SOCKET_BUFFER> payload = buffers_;
    return async_socket_send_async(socket, payload.data(), static_cast<std::uint32_t>(payload.size()), on_complete,
                                   this);
}

void send_operation::on_complete(void* context, ASYNC_SOCKET_SEND_RESULT result)
{
    send_operation& self = *static_cast<send_operation*>(context);
    self.result_ = result;
    self.enter_callback();
    self.leave_callback();
}

receive_operation::receive_operation(std::size_t size, const std::vector<std::size_t>& pieces)
    : operation(bytes(size), pieces)
{
}

int receive_operation::start(ASYNC_SOCKET_HANDLE socket)
{
    const starting guard(*this);
    std::vector<ASYNC_SOCKET_BUFFER> payload = buffers_;
    return async_socket_receive_async(socket, payload.data(), static_cast<std::uint32_t>(payload.size()), on_complete,
                                      this);
}

void receive_operation::on_complete(void* context, ASYNC_SOCKET_RECEIVE_RESULT result, std::uint32_t bytes_received)
{
    receive_operation& self = *static_cast<receive_operation*>(context);
    self.result_ = result;
    self.received_ = bytes_received;
    self.enter_callback();
    self.leave_callback();
}

} // namespace contract
