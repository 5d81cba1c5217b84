// SPDX-License-Identifier: MIT
//
// What the kernel offers, with nothing in between: edge-triggered epoll, and no further read after one that did not
// fill the buffer. Variants: one buffer for each thread, which stays in the cache, or one for each connection, which a
// server needs that does not answer at once.

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <memory>
#include <thread>
#include <vector>

#include "command_line.hpp"
#include "listen.hpp"

namespace {

using buffer = std::array<std::byte, bench::buffer_size>;

struct connection {
    int fd = -1;
    std::vector<std::byte> unsent;
    std::size_t sent = 0; // of unsent
    std::unique_ptr<buffer> own;
};

class worker {
public:
    explicit worker(const bench::server_options& wanted)
        : epoll_(::epoll_create1(EPOLL_CLOEXEC)), sink_(wanted.sink), buffer_for_each_(wanted.variant != "shared")
    {
        if (epoll_ < 0) {
            bench::die("epoll_create1");
        }
    }

    // From any thread.
    void add(int fd, std::uint32_t events, connection* context) const
    {
        epoll_event event{};
        event.events = events;
        event.data.ptr = context;
        if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) != 0) {
            bench::die("epoll_ctl");
        }
    }

    [[noreturn]] void run(int listener, const std::vector<std::unique_ptr<worker>>& workers)
    {
        std::array<epoll_event, 256> events{};
        for (;;) {
            const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
            for (int index = 0; index < count; ++index) {
                const epoll_event& event = events[static_cast<std::size_t>(index)];
                auto* const peer = static_cast<connection*>(event.data.ptr);
                if (peer == nullptr) {
                    accept_all(listener, workers);
                } else if (!(sink_ ? discard(*peer) : serve(*peer, event.events))) {
                    ::close(peer->fd);
                    delete peer;
                }
            }
        }
    }

private:
    void accept_all(int listener, const std::vector<std::unique_ptr<worker>>& workers)
    {
        for (;;) {
            const int fd = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
            if (fd < 0) {
                return;
            }
            bench::set_no_delay(fd);
            auto* const peer =
                new connection{fd, {}, 0, buffer_for_each_ ? std::unique_ptr<buffer>(new buffer) : nullptr};
            workers[turn_++ % workers.size()]->add(fd, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, peer);
        }
    }

    // These return false when the connection has ended.

    bool serve(connection& peer, std::uint32_t events)
    {
        if (!peer.unsent.empty()) {
            if (!send_rest(peer)) {
                return false;
            }
            if (!peer.unsent.empty()) {
                return true;
            }
        }
        buffer& bytes = buffer_of(peer);
        for (;;) {
            const ssize_t size = ::recv(peer.fd, bytes.data(), bytes.size(), 0);
            if (size <= 0) {
                return size < 0 && errno == EAGAIN;
            }
            const auto received = static_cast<std::size_t>(size);
            const ssize_t sent = ::send(peer.fd, bytes.data(), received, MSG_NOSIGNAL);
            if (sent < 0 && errno != EAGAIN) {
                return false;
            }
            const std::size_t done = sent < 0 ? 0 : static_cast<std::size_t>(sent);
            if (done < received) {
                peer.unsent.assign(bytes.data() + done, bytes.data() + received);
                peer.sent = 0;
                return true;
            }
            // Less than there was room for: there is no more, unless the end of the stream is there, too.
            if (received < bytes.size() && (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) == 0) {
                return true;
            }
        }
    }

    static bool send_rest(connection& peer)
    {
        const std::size_t left = peer.unsent.size() - peer.sent;
        const ssize_t sent = ::send(peer.fd, peer.unsent.data() + peer.sent, left, MSG_NOSIGNAL);
        if (sent < 0) {
            return errno == EAGAIN;
        }
        peer.sent += static_cast<std::size_t>(sent);
        if (peer.sent == peer.unsent.size()) {
            peer.unsent.clear();
        }
        return true;
    }

    bool discard(const connection& peer)
    {
        buffer& bytes = buffer_of(peer);
        for (;;) {
            const ssize_t size = ::recv(peer.fd, bytes.data(), bytes.size(), 0);
            if (size <= 0) {
                return size < 0 && errno == EAGAIN;
            }
        }
    }

    buffer& buffer_of(const connection& peer) noexcept { return peer.own ? *peer.own : buffer_; }

    const int epoll_;
    const bool sink_;
    const bool buffer_for_each_;
    std::size_t turn_ = 0;
    buffer buffer_{};
};

} // namespace

int main(int argc, char** argv)
{
    const bench::server_options wanted = bench::parse_command_line(argc, argv, {"shared", "own"});
    const int listener = bench::listen_on(wanted.port, bench::port_use::alone, SOCK_NONBLOCK);
    std::vector<std::unique_ptr<worker>> workers(wanted.workers);
    for (auto& each : workers) {
        each = std::make_unique<worker>(wanted);
    }
    workers.front()->add(listener, EPOLLIN | EPOLLET, nullptr);
    std::vector<std::thread> threads;
    for (std::size_t index = 1; index < workers.size(); ++index) {
        threads.emplace_back([&, index] { workers[index]->run(listener, workers); });
    }
    bench::announce(bench::port_of(listener));
    workers.front()->run(listener, workers);
}
