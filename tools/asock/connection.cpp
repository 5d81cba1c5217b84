// SPDX-License-Identifier: MIT

#include "connection.hpp"

#include "diagnostics.hpp"
#include "error.hpp"

#include <utility>

namespace asock {

namespace {

void on_open_complete(void* /*context*/, ASYNC_SOCKET_OPEN_RESULT /*result*/)
{
    // The call itself returns what there is to know.
}

} // namespace

connection::connection(EXECUTION_ENGINE_HANDLE engine, transport_ptr transport, std::stop_token stop)
    : stop_(std::move(stop)), transport_(std::move(transport)), socket_(async_socket_create(engine))
{
    if (!socket_ || async_socket_open_async(socket_.get(), transport_.get(), on_open_complete, nullptr) != 0) {
        throw failure(with_library_error("cannot use the connection"));
    }
}

connection::~connection() = default;

void connection::begin(operation& started)
{
    started.owner = this;
    started.succeeded = false;
    started.bytes = 0;
    const std::lock_guard lock(mutex_);
    started.pending = true;
}

// Notifies with the mutex held: once it is released, the working thread may go on and destroy the operation.
void connection::end(operation& ended, bool succeeded, std::uint32_t bytes)
{
    const std::lock_guard lock(mutex_);
    ended.succeeded = succeeded;
    ended.bytes = bytes;
    ended.pending = false;
    ended_.notify_all();
}

void connection::start_send(operation& send, std::span<const ASYNC_SOCKET_BUFFER> buffers)
{
    begin(send);
    if (async_socket_send_async(socket_.get(), buffers.data(), static_cast<std::uint32_t>(buffers.size()),
                                on_send_complete, &send) != ASYNC_SOCKET_SEND_SYNC_OK) {
        end(send, false, 0);
    }
}

void connection::start_receive(operation& receive, std::span<std::byte> into)
{
    begin(receive);
    ASYNC_SOCKET_BUFFER buffer{into.data(), static_cast<std::uint32_t>(into.size())};
    if (async_socket_receive_async(socket_.get(), &buffer, 1, on_receive_complete, &receive) != 0) {
        end(receive, false, 0);
    }
}

void connection::on_send_complete(void* context, ASYNC_SOCKET_SEND_RESULT result)
{
    auto& send = *static_cast<operation*>(context);
    send.owner->end(send, result == ASYNC_SOCKET_SEND_OK, 0);
}

void connection::on_receive_complete(void* context, ASYNC_SOCKET_RECEIVE_RESULT result, std::uint32_t bytes)
{
    auto& receive = *static_cast<operation*>(context);
    receive.owner->end(receive, result == ASYNC_SOCKET_RECEIVE_OK, bytes);
}

bool connection::wait_for_either(const operation& first, const operation& second, time_limit limit)
{
    std::unique_lock lock(mutex_);
    const auto ended = [&first, &second] { return !first.pending || !second.pending; };
    const bool in_time =
        limit == time_limit::zero() ? ended_.wait(lock, stop_, ended) : ended_.wait_for(lock, stop_, limit, ended);
    if (stop_.stop_requested()) {
        throw interrupted();
    }
    return in_time;
}

bool connection::wait_for(const operation& one, time_limit limit)
{
    return wait_for_either(one, one, limit);
}

bool connection::is_pending(const operation& one)
{
    const std::lock_guard lock(mutex_);
    return one.pending;
}

} // namespace asock
