// SPDX-License-Identifier: MIT

#include "echo_session.hpp"

#include <utility>

namespace asock {

namespace {

void on_open_complete(void* /*context*/, ASYNC_SOCKET_OPEN_RESULT /*result*/)
{
    // The call itself returns what there is to know.
}

} // namespace

echo_session::echo_session(EXECUTION_ENGINE_HANDLE engine, transport_ptr transport, echo_session_owner& owner)
    : owner_(owner), buffer_(buffer_size), transport_(std::move(transport)), socket_(async_socket_create(engine))
{
}

void echo_session::start()
{
    if (!socket_ || async_socket_open_async(socket_.get(), transport_.get(), on_open_complete, nullptr) != 0) {
        owner_.on_session_over(*this, echoed_);
        return;
    }
    receive();
}

void echo_session::close()
{
    async_socket_close(socket_.get());
}

void echo_session::receive()
{
    ASYNC_SOCKET_BUFFER whole{buffer_.data(), static_cast<std::uint32_t>(buffer_.size())};
    if (async_socket_receive_async(socket_.get(), &whole, 1, on_received, this) != 0) {
        owner_.on_session_over(*this, echoed_);
    }
}

void echo_session::send_back(std::uint32_t bytes)
{
    on_its_way_ = bytes;
    const ASYNC_SOCKET_BUFFER received{buffer_.data(), bytes};
    if (async_socket_send_async(socket_.get(), &received, 1, on_sent, this) != ASYNC_SOCKET_SEND_SYNC_OK) {
        owner_.on_session_over(*this, echoed_);
    }
}

void echo_session::on_received(void* context, ASYNC_SOCKET_RECEIVE_RESULT result, std::uint32_t bytes)
{
    auto& session = *static_cast<echo_session*>(context);
    if (result == ASYNC_SOCKET_RECEIVE_OK) {
        session.send_back(bytes);
    } else {
        session.owner_.on_session_over(session, session.echoed_);
    }
}

void echo_session::on_sent(void* context, ASYNC_SOCKET_SEND_RESULT result)
{
    auto& session = *static_cast<echo_session*>(context);
    if (result == ASYNC_SOCKET_SEND_OK) {
        session.echoed_ += session.on_its_way_;
        session.receive();
    } else {
        session.owner_.on_session_over(session, session.echoed_);
    }
}

} // namespace asock
