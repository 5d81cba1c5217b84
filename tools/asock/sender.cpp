// SPDX-License-Identifier: MIT

#include "sender.hpp"

#include "connection.hpp"
#include "error.hpp"
#include "file.hpp"
#include "network.hpp"
#include "stop_signal.hpp"
#include "text.hpp"
#include "transfer_summary.hpp"

#include <array>
#include <cstdio>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

namespace asock {

namespace {

// Collects one message of a known size from the receiver.
struct incoming_message {
    operation receive;
    std::array<std::byte, wire::reply_size> memory{};
    std::size_t size = 0;
    std::size_t arrived_size = 0;

    std::span<const std::byte> arrived() const { return std::span(memory).first(arrived_size); }
};

// A block on its way: what stands before the data, and the data.
struct outgoing_block {
    operation send;
    wire::bytes prefix;
    std::vector<std::byte> data;
};

class file_sender {
public:
    file_sender(const transfer_options& options, const endpoint& receiver, const std::stop_token& stop);

    void run();

private:
    std::size_t read_block(std::span<std::byte> into);
    void await_hello();
    void send_contents();
    void send_control(wire::bytes message);
    void await_reply();
    outgoing_block& next_free_block();
    void wait_for_sent(const outgoing_block& block);
    void start(outgoing_block& block, std::size_t data_size);
    void expect(std::size_t size);
    bool take_arrived();
    [[noreturn]] void explain_lost_connection();
    void judge_reply();

    const transfer_options& options_;
    std::stop_token stop_;
    std::string peer_name_;
    file input_;
    std::optional<std::uint64_t> length_;
    sha256 hash_;
    wire::totals sent_;
    progress progress_;

    // The connection is destroyed before what its operations use, and before the engine.
    engine_ptr engine_;
    incoming_message message_;
    std::array<outgoing_block, outstanding_blocks> blocks_;
    std::size_t next_block_ = 0;
    std::unique_ptr<connection> connection_;
};

file open_input(const std::string& name, const std::stop_token& stop)
{
    try {
        if (name == "-") {
            return file::standard_input();
        }
        const std::filesystem::path path = path_from_utf8(name);
        if (std::filesystem::is_directory(path)) {
            throw failure("cannot read '" + name + "': it is a directory", "name one file");
        }
        const exit_on_stop while_blocked(stop); // the opening of a pipe that nobody writes
        return file::open_for_reading(path);
    } catch (const std::system_error& error) {
        throw failure("cannot read '" + name + "': " + error_text(error.code()), "check its name and permissions");
    }
}

file_sender::file_sender(const transfer_options& options, const endpoint& receiver, const std::stop_token& stop)
    : options_(options), stop_(stop), peer_name_(to_string(receiver)), input_(open_input(options.file, stop)),
      length_(input_.size()), progress_(options.progress_style), engine_(create_engine(options.engine))
{
    for (outgoing_block& each : blocks_) {
        each.data.resize(block_size);
    }
    connection_ = std::make_unique<connection>(engine_.get(), connect_to(receiver, options.timeout, stop), stop);
}

std::size_t file_sender::read_block(std::span<std::byte> into)
{
    std::optional<exit_on_stop> while_blocked;
    if (!length_) {
        while_blocked.emplace(stop_);
    }
    try {
        return input_.read_some(into);
    } catch (const std::system_error& error) {
        send_control(wire::encode_give_up());
        for (const outgoing_block& each : blocks_) {
            connection_->wait_for(each.send, options_.timeout); // a close would cut them off
        }
        throw failure("cannot read '" + options_.file + "' any further: " + error_text(error.code()),
                      "the receiver has been told to drop what it got");
    }
}

void file_sender::expect(std::size_t size)
{
    message_.size = size;
    message_.arrived_size = 0;
    connection_->start_receive(message_.receive, std::span(message_.memory).first(size));
}

// Takes what a receive that is not pending has brought, and goes on receiving while something is missing. False when
// the connection has ended instead.
bool file_sender::take_arrived()
{
    if (!message_.receive.succeeded) {
        return false;
    }
    message_.arrived_size += message_.receive.bytes;
    if (message_.arrived_size < message_.size) {
        connection_->start_receive(
            message_.receive,
            std::span(message_.memory).subspan(message_.arrived_size, message_.size - message_.arrived_size));
    }
    return true;
}

void file_sender::await_hello()
{
    // The hello is the first thing that a receiver does: one that needs longer is none.
    constexpr connection::time_limit longest{10};
    const bool shorter = options_.timeout != connection::time_limit::zero() && options_.timeout < longest;
    expect(wire::hello_size);
    for (;;) {
        if (!connection_->wait_for(message_.receive, shorter ? options_.timeout : longest)) {
            throw failure(peer_name_ + " accepts the connection but says nothing",
                          "is it `asock receive` that listens there?");
        }
        if (!take_arrived()) {
            throw failure(peer_name_ + " closed the connection at once", "is it `asock receive` that listens there?");
        }
        switch (wire::judge_hello(message_.arrived())) {
        case wire::verdict::good:
            return;
        case wire::verdict::incomplete:
            break;
        case wire::verdict::not_asock:
            throw failure(peer_name_ + " is not `asock receive`", "check host and port; nothing was sent");
        case wire::verdict::other_version:
            throw failure(peer_name_ + " is an asock of another version", "use the same version on both sides");
        }
    }
}

// Something has come from the receiver before it was due, or the connection has ended.
void file_sender::explain_lost_connection()
{
    constexpr connection::time_limit last_words_limit{2};
    while (connection_->wait_for(message_.receive, last_words_limit) && take_arrived()) {
        if (wire::judge_reply(message_.arrived()) != wire::verdict::incomplete) {
            judge_reply();
            throw failure(peer_name_ + " acknowledges what was not sent yet", "it is not `asock receive`");
        }
    }
    throw failure("the connection to " + peer_name_ + " was lost after " + std::to_string(sent_.bytes) + " bytes",
                  "the receiver has gone or the network has failed; send the file again");
}

void file_sender::wait_for_sent(const outgoing_block& block)
{
    if (!connection_->wait_for_either(block.send, message_.receive, options_.timeout)) {
        throw failure(peer_name_ + " has taken no data for " + std::to_string(options_.timeout.count()) + " s",
                      "it may have vanished; send the file again, or allow more with --timeout");
    }
    // Nothing but bad news comes from the receiver before the end.
    if (!connection_->is_pending(message_.receive) || !block.send.succeeded) {
        explain_lost_connection();
    }
}

outgoing_block& file_sender::next_free_block()
{
    outgoing_block& block = blocks_.at(next_block_);
    next_block_ = (next_block_ + 1) % blocks_.size();
    if (block.send.owner != nullptr) {
        wait_for_sent(block);
    }
    return block;
}

void file_sender::start(outgoing_block& block, std::size_t data_size)
{
    const std::array<ASYNC_SOCKET_BUFFER, 2> buffers = {
        {{block.prefix.data(), static_cast<std::uint32_t>(block.prefix.size())},
         {block.data.data(), static_cast<std::uint32_t>(data_size)}}};
    connection_->start_send(block.send, std::span(buffers).first(data_size > 0 ? 2 : 1));
}

void file_sender::send_control(wire::bytes message)
{
    outgoing_block& block = next_free_block();
    block.prefix = std::move(message);
    start(block, 0);
}

void file_sender::send_contents()
{
    send_control(wire::encode_header(length_.value_or(wire::unknown_length)));
    for (;;) {
        outgoing_block& block = next_free_block();
        const std::size_t size = read_block(block.data);
        if (size == 0) {
            break;
        }
        hash_.update(std::span(block.data).first(size));
        sent_.bytes += size;
        block.prefix = wire::encode_block_prefix(static_cast<std::uint32_t>(size));
        start(block, size);
        progress_.update(sent_.bytes);
    }
    sent_.digest = hash_.finish();
    send_control(wire::encode_end(sent_));
}

void file_sender::judge_reply()
{
    if (wire::judge_reply(message_.arrived()) == wire::verdict::not_asock) {
        throw failure(peer_name_ + " answers with something that no asock says", "is it `asock receive`?");
    }
    const wire::reply reply = wire::decode_reply(message_.arrived());
    switch (reply.result) {
    case wire::status::ok:
        return;
    case wire::status::disk_full:
        throw failure("the disk of the receiver is full", "make room there and send the file again");
    case wire::status::damaged:
        throw failure("the file arrived damaged", "send it again");
    case wire::status::write_failed:
        break;
    }
    throw failure("the receiver could not write the file", "its own message says why");
}

void file_sender::await_reply()
{
    // The receiver may have much to write to a slow disk before it can answer.
    constexpr int patience = 10;
    for (;;) {
        if (!connection_->wait_for(message_.receive, options_.timeout * patience)) {
            throw failure(peer_name_ + " does not acknowledge the file", "it may have vanished; send the file again");
        }
        if (!take_arrived()) {
            throw failure("the connection to " + peer_name_ + " was lost before the file was acknowledged",
                          "look at the receiver's message, or send the file again");
        }
        if (wire::judge_reply(message_.arrived()) != wire::verdict::incomplete) {
            break;
        }
    }
    judge_reply();
    if (wire::decode_reply(message_.arrived()).received != sent_) {
        throw failure("the receiver acknowledges something else than was sent", "send the file again");
    }
}

void file_sender::run()
{
    await_hello();
    expect(wire::reply_size);
    const auto started = std::chrono::steady_clock::now();
    progress_.start(length_);
    send_contents();
    await_reply();
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    progress_.finish(sent_.bytes);
    if (!options_.quiet) {
        std::fputs(transfer_summary("sent", sent_, seconds, options_.file).c_str(), stdout);
    }
}

} // namespace

void send_file(const transfer_options& options, const endpoint& receiver, const std::stop_token& stop)
{
    file_sender(options, receiver, stop).run();
}

} // namespace asock
