// SPDX-License-Identifier: MIT

#include "transfer/receiver_words.hpp"

#include "network/connections.hpp"
#include "terminal/error.hpp"

#include <span>

namespace asock {

using async_socket::condition;
using async_socket::task;
using async_socket::time_limit;

task<> await_hello(async_socket::socket& connection, const std::string& peer_name, std::chrono::seconds timeout)
{
    // The hello is the first thing that a receiver does: one that needs longer is none.
    constexpr std::chrono::seconds longest{10};
    const bool shorter = timeout != std::chrono::seconds::zero() && timeout < longest;
    const time_limit limit = shorter ? timeout : longest;
    std::array<std::byte, wire::hello_size> hello{};
    for (std::size_t size = 0;;) {
        const auto [error, bytes] = co_await connection.receive(std::span(hello).subspan(size), limit);
        check_interruption(error);
        if (error == condition::timed_out) {
            throw failure(peer_name + " accepts the connection but says nothing",
                          "is it `asock receive` that listens there?");
        }
        if (error) {
            throw failure(peer_name + " closed the connection at once", "is it `asock receive` that listens there?");
        }
        size += bytes;
        switch (wire::judge_hello(std::span(hello).first(size))) {
        case wire::verdict::good:
            co_return;
        case wire::verdict::incomplete:
            break;
        case wire::verdict::not_asock:
            throw failure(peer_name + " is not `asock receive`", "check host and port; nothing was sent");
        case wire::verdict::other_version:
            throw failure(peer_name + " is an asock of another version", "use the same version on both sides");
        }
    }
}

task<std::error_code> receiver_reply::receive(async_socket::socket& connection, time_limit limit)
{
    const std::span<std::byte> memory(memory_);
    while (wire::judge_reply(memory.first(size_)) == wire::verdict::incomplete) {
        const auto [error, bytes] = co_await connection.receive(memory.subspan(size_), limit);
        size_ += bytes;
        if (error) {
            co_return error;
        }
    }
    co_return std::error_code();
}

wire::totals receiver_reply::judge(const std::string& peer_name) const
{
    const std::span<const std::byte> arrived = std::span(memory_).first(size_);
    if (wire::judge_reply(arrived) == wire::verdict::not_asock) {
        throw failure(peer_name + " answers with something that no asock says", "is it `asock receive`?");
    }
    const wire::reply reply = wire::decode_reply(arrived);
    switch (reply.result) {
    case wire::status::ok:
        return reply.received;
    case wire::status::disk_full:
        throw failure("the disk of the receiver is full", "make room there and send the file again");
    case wire::status::damaged:
        throw failure("the file arrived damaged", "send it again");
    case wire::status::write_failed:
        break;
    }
    throw failure("the receiver could not write the file", "its own message says why");
}

} // namespace asock
