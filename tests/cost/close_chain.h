// SPDX-License-Identifier: MIT
//
// Sockets each of which is closed in the callback of the one before.

#ifndef ASYNC_SOCKET_TESTS_COST_CLOSE_CHAIN_H
#define ASYNC_SOCKET_TESTS_COST_CLOSE_CHAIN_H

#include <sys/socket.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <vector>

#include "async_socket/async_socket.h"
#include "support/owners.h"

namespace cost {

class close_chain {
public:
    close_chain(EXECUTION_ENGINE_HANDLE engine, std::size_t length) : links_(length)
    {
        for (std::size_t i = 0; i != length; ++i) {
            links_[i].next = i + 1 == length ? nullptr : &links_[i + 1];
            start(links_[i], engine);
        }
    }
    ~close_chain()
    {
        for (link& each : links_) {
            each.socket.reset();
            ::close(each.peer);
        }
    }
    close_chain(const close_chain&) = delete;
    close_chain& operator=(const close_chain&) = delete;

    void close() { async_socket_close(links_.front().socket.get()); }

    [[nodiscard]] std::size_t stack_of_a_level() const
    {
        return static_cast<std::size_t>(links_.front().stack - links_.back().stack) / (links_.size() - 1);
    }

private:
    struct link {
        link* next = nullptr;
        contract::socket_owner socket;
        contract::transport_owner transport;
        int peer = -1;
        std::byte memory{};
        std::intptr_t stack = 0; // where it was in the callback
    };

    static void start(link& made, EXECUTION_ENGINE_HANDLE engine)
    {
        int ends[2] = {-1, -1};
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
            throw std::runtime_error("no pair of sockets");
        }
        made.peer = ends[1];
        made.transport.reset(socket_transport_create_from_socket(ends[0]));
        made.socket.reset(async_socket_create(engine));
        ASYNC_SOCKET_BUFFER buffer{&made.memory, 1};
        if (async_socket_open_async(
                made.socket.get(), made.transport.get(), [](void*, ASYNC_SOCKET_OPEN_RESULT) {}, nullptr) != 0 ||
            async_socket_receive_async(made.socket.get(), &buffer, 1, &on_received, &made) != 0) {
            throw std::runtime_error("no receive");
        }
    }

    static void on_received(void* context, ASYNC_SOCKET_RECEIVE_RESULT /*result*/, std::uint32_t /*bytes*/)
    {
        const char here = 0;
        auto& own = *static_cast<link*>(context);
        own.stack = reinterpret_cast<std::intptr_t>(&here);
        if (own.next != nullptr) {
            async_socket_close(own.next->socket.get());
        }
    }

    std::vector<link> links_;
};

} // namespace cost

#endif
