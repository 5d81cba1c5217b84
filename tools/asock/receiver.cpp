// SPDX-License-Identifier: MIT

#include "receiver.hpp"

#include "connection.hpp"
#include "error.hpp"
#include "network.hpp"
#include "received_file.hpp"
#include "stop_signal.hpp"
#include "text.hpp"
#include "transfer_summary.hpp"

#include <array>
#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

namespace asock {

namespace {

struct incoming_block {
    operation receive;
    std::vector<std::byte> data;
};

class file_receiver {
public:
    file_receiver(const transfer_options& options, const endpoint& listen_at, const std::stop_token& stop);

    void run();

private:
    std::unique_ptr<received_file> create_output();
    void accept_sender();
    void receive_contents();
    void finish(const wire::totals& sent);
    bool decode(std::span<const std::byte> arrived);
    void with_output(const std::function<void()>& work);
    void answer(wire::status result);
    [[noreturn]] void refuse(wire::status result, const failure& reason);
    void wait_until_sender_leaves();

    const transfer_options& options_;
    std::stop_token stop_;
    std::unique_ptr<received_file> output_;
    sha256 hash_;
    wire::totals received_;
    wire::stream_decoder decoder_;
    progress progress_;
    std::chrono::steady_clock::time_point started_;

    // The connection is destroyed before what its operations use, and before the engine.
    engine_ptr engine_;
    transport_ptr listener_;
    operation outgoing_;
    wire::bytes outgoing_message_;
    std::array<incoming_block, outstanding_blocks> blocks_;
    std::size_t next_block_ = 0;
    std::unique_ptr<connection> connection_;
};

file_receiver::file_receiver(const transfer_options& options, const endpoint& listen_at, const std::stop_token& stop)
    : options_(options), stop_(stop), output_(create_output()), progress_(options.progress_style),
      engine_(create_engine(options.engine)), listener_(listen_on(listen_at.host, listen_at.port))
{
    for (incoming_block& each : blocks_) {
        each.data.resize(block_size);
    }
}

// Created before anybody connects, so that a name that cannot be written is known before any data is on its way.
std::unique_ptr<received_file> file_receiver::create_output()
{
    try {
        return std::make_unique<received_file>(options_.file, stop_);
    } catch (const std::system_error& error) {
        throw failure("cannot create '" + options_.file + "': " + error_text(error.code()),
                      "name a file in a directory that exists and may be written to");
    }
}

void file_receiver::accept_sender()
{
    // The standard output may be where the file goes.
    std::FILE* const messages = options_.file == "-" ? stderr : stdout;
    std::fprintf(messages, "listening on %s\n", to_string(local_endpoint(listener_)).c_str());
    std::fflush(messages);

    transport_ptr transport = accept_from(listener_, stop_);
    if (!transport) {
        throw failure("cannot accept the connection: too many files are open", "close some and try again");
    }
    listener_.reset(); // one connection, then done: the next sender is refused, not left waiting
    connection_ = std::make_unique<connection>(engine_.get(), std::move(transport), stop_);
    outgoing_message_ = wire::encode_hello();
    const ASYNC_SOCKET_BUFFER buffer{outgoing_message_.data(), static_cast<std::uint32_t>(outgoing_message_.size())};
    connection_->start_send(outgoing_, std::span(&buffer, 1));
}

// Receives are filled in the order in which they were started, so that the blocks are taken in turn, whatever the
// order in which their callbacks have run.
void file_receiver::receive_contents()
{
    for (incoming_block& each : blocks_) {
        connection_->start_receive(each.receive, each.data);
    }
    for (;; next_block_ = (next_block_ + 1) % blocks_.size()) {
        incoming_block& block = blocks_.at(next_block_);
        if (!connection_->wait_for(block.receive, options_.timeout)) {
            throw failure("the sender has sent nothing for " + std::to_string(options_.timeout.count()) + " s",
                          "it may have vanished; receive the file again, or allow more with --timeout");
        }
        if (!block.receive.succeeded) {
            throw failure("the connection was cut after " + std::to_string(received_.bytes) +
                              " bytes, before the end of the file",
                          "receive it again");
        }
        const bool complete = decode(std::span(block.data).first(block.receive.bytes));
        connection_->start_receive(block.receive, block.data);
        if (complete) {
            return;
        }
    }
}

// True when the stream has come to its end.
bool file_receiver::decode(std::span<const std::byte> arrived)
{
    using event = wire::stream_decoder::event;
    for (;;) {
        switch (decoder_.next(arrived)) {
        case event::need_more:
            return false;
        case event::header:
            started_ = std::chrono::steady_clock::now();
            progress_.start(decoder_.announced() == wire::unknown_length ? std::nullopt
                                                                         : std::optional(decoder_.announced()));
            break;
        case event::payload:
            hash_.update(decoder_.payload());
            with_output([this] { output_->write(decoder_.payload()); });
            received_.bytes += decoder_.payload().size();
            progress_.update(received_.bytes);
            break;
        case event::end:
            if (arrived.empty()) {
                return true;
            }
            break; // the next event is that the stream is malformed
        case event::given_up:
            throw failure("the sender gave up: it could not read its file to the end", "its own message says why");
        case event::not_asock:
            throw failure("the program that connected is not `asock send`", "receive the file again");
        case event::other_version:
            throw failure("the sender is an asock of another version", "use the same version on both sides");
        case event::malformed:
            refuse(wire::status::damaged, failure("what the sender says makes no sense", "receive the file again"));
        }
    }
}

void file_receiver::with_output(const std::function<void()>& work)
{
    try {
        std::optional<exit_on_stop> while_blocked;
        if (!output_->has_temporary()) {
            while_blocked.emplace(stop_);
        }
        work();
    } catch (const std::system_error& error) {
        const bool full = error.code() == std::errc::no_space_on_device;
        refuse(full ? wire::status::disk_full : wire::status::write_failed,
               failure("cannot write '" + options_.file + "': " + error_text(error.code()),
                       full ? "make room on the disk and receive the file again" : "nothing is left of it"));
    }
}

void file_receiver::finish(const wire::totals& sent)
{
    received_.digest = hash_.finish();
    if (received_ != sent) {
        refuse(wire::status::damaged,
               failure("the file arrived damaged: its SHA-256 is not what the sender computed", "receive it again"));
    }
    with_output([this] { output_->commit(); });
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
    progress_.finish(received_.bytes);
    answer(wire::status::ok);
    wait_until_sender_leaves();
    if (!options_.quiet) {
        std::FILE* const messages = options_.file == "-" ? stderr : stdout;
        std::fputs(transfer_summary("received", received_, seconds, options_.file).c_str(), messages);
    }
}

void file_receiver::answer(wire::status result)
{
    connection_->wait_for(outgoing_, options_.timeout); // the hello, which has left long ago
    outgoing_message_ = wire::encode_reply({result, received_});
    const ASYNC_SOCKET_BUFFER buffer{outgoing_message_.data(), static_cast<std::uint32_t>(outgoing_message_.size())};
    connection_->start_send(outgoing_, std::span(&buffer, 1));
    connection_->wait_for(outgoing_, options_.timeout);
}

// A close with data unread would reset the connection, and the answer might be lost with it: what still comes is
// received and dropped until the sender, who has the answer, closes.
void file_receiver::wait_until_sender_leaves()
{
    constexpr std::chrono::seconds longest{5};
    const auto deadline = std::chrono::steady_clock::now() + longest;
    for (; std::chrono::steady_clock::now() < deadline; next_block_ = (next_block_ + 1) % blocks_.size()) {
        incoming_block& block = blocks_.at(next_block_);
        if (!connection_->wait_for(block.receive, longest) || !block.receive.succeeded) {
            return;
        }
        connection_->start_receive(block.receive, block.data);
    }
}

void file_receiver::refuse(wire::status result, const failure& reason)
{
    answer(result);
    wait_until_sender_leaves();
    throw failure(reason);
}

void file_receiver::run()
{
    accept_sender();
    receive_contents();
    finish(decoder_.sent());
}

} // namespace

void receive_file(const transfer_options& options, const endpoint& listen_at, const std::stop_token& stop)
{
    file_receiver(options, listen_at, stop).run();
}

} // namespace asock
