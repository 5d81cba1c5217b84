// SPDX-License-Identifier: MIT
//
// Standalone Asio with callbacks. Variants: a context for each thread, among which the connections are dealt out; or
// one context that all threads run. On Windows it uses I/O completion ports, on Linux epoll, or io_uring where the
// build tells it to.

#include <asio.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "command_line.hpp"

using asio::ip::tcp;

namespace {

class session {
public:
    session(tcp::socket socket, bool sink) : socket_(std::move(socket)), sink_(sink) {}

    void receive()
    {
        socket_.async_read_some(asio::buffer(buffer_), [this](const asio::error_code& error, std::size_t size) {
            if (error) {
                delete this;
            } else if (sink_) {
                receive();
            } else {
                send(size);
            }
        });
    }

private:
    void send(std::size_t size)
    {
        asio::async_write(socket_, asio::buffer(buffer_, size), [this](const asio::error_code& error, std::size_t) {
            if (error) {
                delete this;
            } else {
                receive();
            }
        });
    }

    tcp::socket socket_;
    const bool sink_;
    std::array<std::byte, bench::buffer_size> buffer_;
};

class server {
public:
    explicit server(const bench::server_options& wanted)
        : sink_(wanted.sink), has_one_context_(wanted.variant == "shared"),
          contexts_(has_one_context_ ? 1 : wanted.workers)
    {
        for (auto& context : contexts_) {
            context = std::make_unique<asio::io_context>(has_one_context_ ? static_cast<int>(wanted.workers) : 1);
            work_.push_back(asio::make_work_guard(*context));
        }
        const tcp::endpoint at(asio::ip::address_v4::loopback(), wanted.port);
        acceptor_ = std::make_unique<tcp::acceptor>(*contexts_.front());
        acceptor_->open(at.protocol());
#ifndef _WIN32
        // On Windows this option would let several servers have the port.
        acceptor_->set_option(tcp::acceptor::reuse_address(true));
#endif
        acceptor_->bind(at);
        acceptor_->listen(bench::backlog);
        accept();
        bench::announce(acceptor_->local_endpoint().port());
    }

    void run(unsigned workers)
    {
        std::vector<std::thread> threads;
        for (unsigned index = 1; index < workers; ++index) {
            threads.emplace_back([this, index] { contexts_[index % contexts_.size()]->run(); });
        }
        contexts_.front()->run();
        for (std::thread& each : threads) {
            each.join();
        }
    }

private:
    void accept()
    {
        asio::io_context& chosen = *contexts_[turn_++ % contexts_.size()];
        acceptor_->async_accept(chosen, [this](const asio::error_code& error, tcp::socket socket) {
            if (!error) {
                asio::error_code ignored;
                socket.set_option(tcp::no_delay(true), ignored);
                const auto executor = socket.get_executor();
                auto* const peer = new session(std::move(socket), sink_);
                asio::dispatch(executor, [peer] { peer->receive(); });
            }
            accept();
        });
    }

    const bool sink_;
    const bool has_one_context_;
    std::vector<std::unique_ptr<asio::io_context>> contexts_;
    std::vector<asio::executor_work_guard<asio::io_context::executor_type>> work_;
    std::unique_ptr<tcp::acceptor> acceptor_;
    std::size_t turn_ = 0;
};

} // namespace

int main(int argc, char** argv)
{
    try {
        const bench::server_options wanted = bench::parse_command_line(argc, argv, {"own", "shared"});
        server(wanted).run(wanted.workers);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
    }
    return 1;
}
