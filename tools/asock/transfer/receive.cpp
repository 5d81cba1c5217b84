// SPDX-License-Identifier: MIT

#include "transfer/receive.hpp"

#include "network/connections.hpp"
#include "platform/text.hpp"
#include "terminal/error.hpp"
#include "terminal/exit_on_stop.hpp"
#include "terminal/output.hpp"
#include "transfer/await_sender.hpp"
#include "transfer/file_thread.hpp"
#include "transfer/received_file.hpp"
#include "transfer/summary.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace asock {

namespace {

using async_socket::endpoint;
using async_socket::task;

struct incoming_block {
    std::array<std::byte, block_size> memory;
    std::size_t size = 0;
    std::error_code error; // behind what arrived
};

// What the sender is told, and the person here.
class refusal : public failure {
public:
    refusal(wire::status what, const failure& reason) : failure(reason), status_(what) {}

    wire::status status() const { return status_; }

private:
    wire::status status_;
};

class file_receiver {
public:
    file_receiver(const receive_options& options, const std::stop_token& stop);

    void run();

private:
    void tell(const std::string& text) const;
    task<> transfer();
    task<> accept_sender();
    task<> receive_blocks();
    incoming_block& next_filled_block();
    task<> write_contents();
    task<> wait_until_sender_leaves();
    bool write_now(std::span<const std::byte> arrived);
    void finish_now();
    void with_output(const std::function<void()>& work);

    const receive_options& options_;
    const std::stop_token stop_;
    const async_socket::time_limit limit_;
    // Of the thread for files while it works. The file is there before anybody connects, so that a name that cannot be
    // written is known before any data is on its way.
    std::unique_ptr<received_file> output_;
    sha256 hash_;
    wire::totals received_;
    wire::stream_decoder decoder_;
    progress progress_;
    std::chrono::steady_clock::time_point started_;
    double seconds_ = 0;
    bool is_complete_ = false;

    // Each is destroyed before what it uses: the threads first, then the task that receives, then the rest.
    async_socket::engine engine_;
    async_socket::listener listener_;
    std::vector<incoming_block> blocks_;
    std::size_t next_block_ = 0; // to be written
    async_socket::semaphore free_;
    async_socket::semaphore filled_;
    async_socket::socket socket_;
    async_socket::scope receiving_;
    file_thread disk_;
};

file_receiver::file_receiver(const receive_options& options, const std::stop_token& stop)
    : options_(options), stop_(stop), limit_(limit_from(options.timeout)),
      output_(open_received_file(options.file, options.overwrite, stop)), progress_(options.progress_style),
      engine_(create_engine(options.engine)), listener_(listen_on(engine_, options.listen_at, stop)),
      blocks_(outstanding_blocks), free_(engine_, outstanding_blocks), filled_(engine_), receiving_(engine_),
      disk_(engine_)
{
}

// On standard output, unless that is where the file goes.
void file_receiver::tell(const std::string& text) const
{
    if (options_.file == "-") {
        std::fputs(text.c_str(), stderr);
        std::fflush(stderr);
    } else {
        print(text);
    }
}

task<> file_receiver::accept_sender()
{
    found_sender found = co_await await_sender(listener_, options_.patience);
    socket_ = std::move(found.connection);
    co_await disk_.run([this, header = found.header] { write_now(header); });
}

// Until the connection ends. It goes on when the file is complete: a close with data unread would reset the connection,
// and the answer might be lost with it.
task<> file_receiver::receive_blocks()
{
    for (std::size_t number = 0;; number = (number + 1) % blocks_.size()) {
        const std::error_code stopped = co_await free_.acquire();
        if (stopped) {
            co_return;
        }
        incoming_block& block = blocks_.at(number);
        const auto [error, bytes] = co_await socket_.receive(block.memory);
        block.size = bytes;
        block.error = error;
        filled_.release();
        if (error) {
            co_return;
        }
    }
}

// They are filled in the order in which they were free.
incoming_block& file_receiver::next_filled_block()
{
    incoming_block& block = blocks_.at(next_block_);
    next_block_ = (next_block_ + 1) % blocks_.size();
    return block;
}

// Until the end of the stream.
task<> file_receiver::write_contents()
{
    while (!is_complete_) {
        const std::error_code error = co_await filled_.acquire(limit_);
        check_interruption(error);
        if (error) {
            throw failure("the sender has sent nothing for " + std::to_string(options_.timeout.count()) + " s",
                          "it may have vanished; receive the file again, or allow more with --timeout");
        }
        incoming_block& block = next_filled_block();
        if (block.error) {
            throw failure("the connection was cut after " + std::to_string(received_.bytes) +
                              " bytes, before the end of the file",
                          "receive it again");
        }
        co_await disk_.run([this, &block] { is_complete_ = write_now(std::span(block.memory).first(block.size)); });
        free_.release();
    }
    co_await disk_.run([this] { finish_now(); });
}

// On the thread for files. True when the stream has come to its end.
bool file_receiver::write_now(std::span<const std::byte> arrived)
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
        case event::other_version: // neither comes: the header was looked at before
        case event::malformed:
            throw refusal(wire::status::damaged,
                          failure("what the sender says makes no sense", "receive the file again"));
        }
    }
}

// On the thread for files.
void file_receiver::finish_now()
{
    received_.digest = hash_.finish();
    if (received_ != decoder_.sent()) {
        throw refusal(
            wire::status::damaged,
            failure("the file arrived damaged: its SHA-256 is not what the sender computed", "receive it again"));
    }
    with_output([this] { output_->commit(); });
    seconds_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
    progress_.finish(received_.bytes);
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
        throw refusal(full ? wire::status::disk_full : wire::status::write_failed,
                      failure("cannot write '" + options_.file + "': " + error_text(error.code()),
                              full ? "make room on the disk and receive the file again" : "nothing is left of it"));
    }
}

// What still comes is dropped until the sender, who has the answer, closes.
task<> file_receiver::wait_until_sender_leaves()
{
    constexpr std::chrono::seconds longest{5};
    const auto deadline = std::chrono::steady_clock::now() + longest;
    while (std::chrono::steady_clock::now() < deadline) {
        const std::error_code error = co_await filled_.acquire(longest);
        check_interruption(error);
        if (error || next_filled_block().error) {
            co_return;
        }
        free_.release();
    }
}

task<> file_receiver::transfer()
{
    co_await accept_sender();
    receiving_.spawn(receive_blocks());
    std::optional<refusal> refused;
    try {
        co_await write_contents();
    } catch (const refusal& reason) {
        refused = reason;
    }
    const wire::bytes reply = wire::encode_reply({refused ? refused->status() : wire::status::ok, received_});
    const auto [error, bytes] = co_await socket_.send_all(reply, limit_);
    check_interruption(error);
    co_await wait_until_sender_leaves();
    if (refused) {
        throw failure(*refused);
    }
}

void file_receiver::run()
{
    tell("listening on " + listener_.local_endpoint().to_string() + "\n");
    engine_.run(transfer(), stop_);
    if (!options_.quiet) {
        tell(transfer_summary("received", received_, seconds_, options_.file));
    }
}

} // namespace

void receive_file(const receive_options& options, const std::stop_token& stop)
{
    file_receiver(options, stop).run();
}

} // namespace asock
