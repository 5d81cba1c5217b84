// SPDX-License-Identifier: MIT

#include "bench_client.hpp"

#include "diagnostics.hpp"
#include "error.hpp"

#include <algorithm>
#include <cstring>
#include <random>
#include <utility>

namespace asock {

namespace {

void on_open_complete(void* /*context*/, ASYNC_SOCKET_OPEN_RESULT /*result*/)
{
    // The call itself returns what there is to know.
}

} // namespace

bench_client::bench_client(EXECUTION_ENGINE_HANDLE engine, transport_ptr transport, std::uint32_t message_size,
                           std::uint64_t number, bench_observer& observer)
    : observer_(observer), outgoing_(message_size), incoming_(message_size), transport_(std::move(transport)),
      socket_(async_socket_create(engine))
{
    // Other bytes on each connection, so that an answer on the wrong one is noticed.
    std::mt19937_64 random(number);
    std::generate(outgoing_.begin(), outgoing_.end(), [&random] { return static_cast<std::byte>(random() & 0xffU); });
    if (!socket_ || async_socket_open_async(socket_.get(), transport_.get(), on_open_complete, nullptr) != 0) {
        throw failure(with_library_error("cannot use the connection"));
    }
}

void bench_client::start()
{
    begin_message();
}

void bench_client::close()
{
    async_socket_close(socket_.get());
}

void bench_client::begin_message()
{
    // Other bytes in each message, so that an answer to an earlier one is noticed.
    ++sequence_;
    std::memcpy(outgoing_.data(), &sequence_, std::min(sizeof sequence_, outgoing_.size()));
    received_ = 0;
    parts_.store(2, std::memory_order_relaxed); // published by the calls that start the operations
    begun_ = clock::now();
    if (!receive_rest()) {
        return;
    }
    // The message cannot be done, and this object cannot be at the next one, before this send is.
    const ASYNC_SOCKET_BUFFER message{outgoing_.data(), static_cast<std::uint32_t>(outgoing_.size())};
    if (async_socket_send_async(socket_.get(), &message, 1, on_sent, this) != ASYNC_SOCKET_SEND_SYNC_OK) {
        observer_.on_client_failed(bench_failure::lost);
    }
}

bool bench_client::receive_rest()
{
    ASYNC_SOCKET_BUFFER rest{incoming_.data() + received_, static_cast<std::uint32_t>(incoming_.size() - received_)};
    if (async_socket_receive_async(socket_.get(), &rest, 1, on_received, this) != 0) {
        observer_.on_client_failed(bench_failure::lost);
        return false;
    }
    return true;
}

void bench_client::on_sent(void* context, ASYNC_SOCKET_SEND_RESULT result)
{
    auto& client = *static_cast<bench_client*>(context);
    if (result != ASYNC_SOCKET_SEND_OK) {
        client.observer_.on_client_failed(bench_failure::lost);
        return;
    }
    client.end_part();
}

void bench_client::on_received(void* context, ASYNC_SOCKET_RECEIVE_RESULT result, std::uint32_t bytes)
{
    auto& client = *static_cast<bench_client*>(context);
    if (result != ASYNC_SOCKET_RECEIVE_OK) {
        client.observer_.on_client_failed(bench_failure::lost);
        return;
    }
    client.received_ += bytes;
    if (client.received_ < client.incoming_.size()) {
        client.receive_rest();
        return;
    }
    client.end_part();
}

void bench_client::end_part()
{
    // Release: what this part has written is seen by the one that ends last, and acquires it.
    if (parts_.fetch_sub(1, std::memory_order_acq_rel) > 1) {
        return;
    }
    const clock::time_point ended = clock::now();
    if (incoming_ != outgoing_) {
        observer_.on_client_failed(bench_failure::altered);
    } else if (observer_.on_message(ended - begun_)) {
        begin_message();
    } else {
        observer_.on_client_done();
    }
}

} // namespace asock
