// SPDX-License-Identifier: MIT

#include "transfer/send.hpp"

#include "network/connections.hpp"
#include "platform/file.hpp"
#include "platform/standard_streams.hpp"
#include "platform/text.hpp"
#include "terminal/error.hpp"
#include "terminal/exit_on_stop.hpp"
#include "terminal/output.hpp"
#include "transfer/file_thread.hpp"
#include "transfer/receiver_words.hpp"
#include "transfer/summary.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace asock {

namespace {

using async_socket::condition;
using async_socket::task;
using async_socket::time_limit;

// What stands before the data, and the data.
struct outgoing_block {
    std::array<std::byte, wire::block_prefix_size + block_size> memory;
    std::size_t data_size = 0;

    std::span<std::byte> data() { return std::span(memory).subspan(wire::block_prefix_size); }
};

class file_sender {
public:
    file_sender(const send_options& options, const std::stop_token& stop);

    void run();

private:
    task<> transfer();
    task<bool> send_contents();
    task<bool> send_header();
    task<outgoing_block*> next_free_block();
    task<> read(outgoing_block& block);
    void read_now(outgoing_block& block);
    task<> give_up(outgoing_block& block, std::error_code reason);
    void start(std::span<const std::byte> bytes);
    void start(outgoing_block& block, const wire::bytes& message);
    task<> explain_lost_connection();
    task<> await_acknowledgement();

    const send_options& options_;
    const std::stop_token stop_;
    const time_limit limit_;
    std::string peer_name_;
    file input_;
    std::optional<std::uint64_t> length_;
    sha256 hash_;
    wire::totals sent_;
    progress progress_;
    std::chrono::steady_clock::time_point started_;

    // Each is destroyed before what it uses: the threads first, then the socket with what it sends, then the rest.
    async_socket::engine engine_;
    receiver_reply reply_;
    std::vector<outgoing_block> blocks_;
    std::size_t next_block_ = 0;
    std::atomic<bool> is_cut_{false}; // a send has failed
    async_socket::semaphore free_;    // blocks that are not on their way; they come
                                      // back in the order in which they left
    async_socket::socket socket_;
    file_thread disk_;
};

file open_input(const std::string& name, const std::stop_token& stop)
{
    try {
        if (name == "-") {
            if (was_closed(standard_stream::input)) {
                throw failure("cannot read standard input: it is closed", "redirect it, or name a file");
            }
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

file_sender::file_sender(const send_options& options, const std::stop_token& stop)
    : options_(options), stop_(stop), limit_(limit_from(options.timeout)), input_(open_input(options.file, stop)),
      length_(input_.size()), progress_(options.progress_style), engine_(create_engine(options.engine)),
      blocks_(outstanding_blocks), free_(engine_, outstanding_blocks), disk_(engine_)
{
}

// NULL when a send has failed.
task<outgoing_block*> file_sender::next_free_block()
{
    const std::error_code error = co_await free_.acquire(limit_);
    check_interruption(error);
    if (error) {
        throw failure(peer_name_ + " has taken no data for " + std::to_string(options_.timeout.count()) + " s",
                      "it may have vanished; send the file again, or allow more with --timeout");
    }
    outgoing_block& block = blocks_.at(next_block_);
    next_block_ = (next_block_ + 1) % blocks_.size();
    co_return is_cut_.load() ? nullptr : &block;
}

// The sends leave in the order in which they are started, and at once: each is started inside this call.
void file_sender::start(std::span<const std::byte> bytes)
{
    const auto on_sent = [this](const async_socket::io_result& result) {
        if (result.error) {
            is_cut_.store(true);
        }
        free_.release();
    };
    if (const std::error_code refused = socket_.async_send(bytes, on_sent); refused) {
        on_sent({refused, 0});
    }
}

void file_sender::start(outgoing_block& block, const wire::bytes& message)
{
    std::copy(message.begin(), message.end(), block.memory.begin());
    start(std::span(block.memory).first(message.size()));
}

// On the thread for files.
void file_sender::read_now(outgoing_block& block)
{
    std::optional<exit_on_stop> while_blocked;
    if (!length_) {
        while_blocked.emplace(stop_);
    }
    block.data_size = input_.read_some(block.data());
    hash_.update(block.data().first(block.data_size));
    progress_.update(sent_.bytes + block.data_size);
}

task<> file_sender::read(outgoing_block& block)
{
    std::error_code problem;
    try {
        co_await disk_.run([this, &block] { read_now(block); });
    } catch (const std::system_error& error) {
        problem = error.code();
    }
    if (problem) {
        co_await give_up(block, problem);
    }
}

task<> file_sender::give_up(outgoing_block& block, std::error_code reason)
{
    start(block, wire::encode_give_up());
    std::error_code error;
    for (std::size_t each = 0; each < blocks_.size() && !error; ++each) {
        error = co_await free_.acquire(limit_); // a close would cut off what is on its way
    }
    check_interruption(error);
    throw failure("cannot read '" + options_.file + "' any further: " + error_text(reason),
                  "the receiver has been told to drop what it got");
}

task<bool> file_sender::send_header()
{
    outgoing_block* const block = co_await next_free_block();
    if (block != nullptr) {
        start(*block, wire::encode_header(length_.value_or(wire::unknown_length)));
    }
    co_return block != nullptr;
}

// False when the connection was cut. Else all is sent or on its way.
task<bool> file_sender::send_contents()
{
    const bool begun = co_await send_header();
    if (!begun) {
        co_return false;
    }
    for (;;) {
        outgoing_block* const block = co_await next_free_block();
        if (block == nullptr) {
            co_return false;
        }
        co_await read(*block);
        if (block->data_size == 0) {
            sent_.digest = hash_.finish();
            start(*block, wire::encode_end(sent_));
            co_return true;
        }
        const wire::bytes prefix = wire::encode_block_prefix(static_cast<std::uint32_t>(block->data_size));
        std::copy(prefix.begin(), prefix.end(), block->memory.begin());
        start(std::span(block->memory).first(prefix.size() + block->data_size));
        sent_.bytes += block->data_size;
    }
}

// Something has come from the receiver before it was due, or the connection has ended.
task<> file_sender::explain_lost_connection()
{
    constexpr std::chrono::seconds last_words_limit{2};
    const std::error_code error = co_await reply_.receive(socket_, last_words_limit);
    check_interruption(error);
    if (!error) {
        reply_.judge(peer_name_);
        throw failure(peer_name_ + " acknowledges what was not sent yet", "it is not `asock receive`");
    }
    throw failure("the connection to " + peer_name_ + " was lost after " + std::to_string(sent_.bytes) + " bytes",
                  "the receiver has gone or the network has failed; send the file again");
}

task<> file_sender::await_acknowledgement()
{
    // The receiver may have much to write to a slow disk before it can answer.
    constexpr int patience = 10;
    const std::error_code error = co_await reply_.receive(socket_, limit_from(options_.timeout * patience));
    check_interruption(error);
    if (error == condition::timed_out) {
        throw failure(peer_name_ + " does not acknowledge the file", "it may have vanished; send the file again");
    }
    if (error) {
        throw failure("the connection to " + peer_name_ + " was lost before the file was acknowledged",
                      "look at the receiver's message, or send the file again");
    }
    if (reply_.judge(peer_name_) != sent_) {
        throw failure("the receiver acknowledges something else than was sent", "send the file again");
    }
}

task<> file_sender::transfer()
{
    socket_ = async_socket::socket(engine_);
    co_await connect(socket_, options_.receiver, limit_, {options_.patience, options_.quiet});
    co_await await_hello(socket_, peer_name_, options_.timeout);
    started_ = std::chrono::steady_clock::now();
    progress_.start(length_);
    // Nothing but bad news comes from the receiver before the end.
    const auto first = co_await async_socket::when_any(send_contents(), reply_.receive(socket_, time_limit()));
    const bool all_is_sent = first.index == 0 && std::get<0>(first.value);
    if (!all_is_sent) {
        co_await explain_lost_connection();
    }
    co_await await_acknowledgement();
}

void file_sender::run()
{
    peer_name_ = options_.receiver.to_string();
    engine_.run(transfer(), stop_);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
    progress_.finish(sent_.bytes);
    if (!options_.quiet) {
        print(transfer_summary("sent", sent_, seconds, options_.file));
    }
}

} // namespace

void send_file(const send_options& options, const std::stop_token& stop)
{
    file_sender(options, stop).run();
}

} // namespace asock
