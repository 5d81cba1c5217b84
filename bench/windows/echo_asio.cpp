// SPDX-License-Identifier: MIT
//
// An echo server on Asio, as its documentation writes one.

#include <asio.hpp>

#include <array>
#include <cstdio>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "server_options.hpp"

namespace {

using asio::ip::tcp;

class session : public std::enable_shared_from_this<session> {
public:
    explicit session(tcp::socket socket) : socket_(std::move(socket)) {}

    void receive()
    {
        socket_.async_read_some(asio::buffer(buffer_),
                                [self = shared_from_this()](const asio::error_code& error, std::size_t size) {
                                    if (!error) {
                                        self->send(size);
                                    }
                                });
    }

private:
    void send(std::size_t size)
    {
        asio::async_write(socket_, asio::buffer(buffer_.data(), size),
                          [self = shared_from_this()](const asio::error_code& error, std::size_t) {
                              if (!error) {
                                  self->receive();
                              }
                          });
    }

    tcp::socket socket_;
    std::array<char, bench::buffer_size> buffer_;
};

void accept_next(tcp::acceptor& acceptor)
{
    acceptor.async_accept([&acceptor](const asio::error_code& error, tcp::socket accepted) {
        if (!error) {
            accepted.set_option(tcp::no_delay(true));
            std::make_shared<session>(std::move(accepted))->receive();
        }
        accept_next(acceptor);
    });
}

} // namespace

int main(int argc, char** argv)
{
    bench::server_options options;
    const int status = bench::read_options(argc, argv, "An echo server on Asio.", false, options);
    if (status >= 0) {
        return status;
    }
    try {
        asio::io_context context(static_cast<int>(options.workers));
        tcp::acceptor acceptor(context, tcp::endpoint(asio::ip::address_v4::loopback(), options.port));
        bench::announce(acceptor.local_endpoint().port());
        accept_next(acceptor);
        std::vector<std::thread> workers;
        for (std::uint32_t i = 1; i < options.workers; i++) {
            workers.emplace_back([&context] { context.run(); });
        }
        context.run();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
    }
    return 1;
}
