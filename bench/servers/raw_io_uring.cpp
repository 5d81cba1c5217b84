// SPDX-License-Identifier: MIT
//
// The kernel's ring with nothing in between: one thread, receives and sends through the ring, one system call for all
// that a round of completions has started.

#include <liburing.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>

#include "command_line.hpp"
#include "listen.hpp"

namespace {

struct connection {
    int fd = -1;
    bool is_sending = false;
    std::byte buffer[bench::buffer_size];
};

class server {
public:
    server(int listener, bool sink) : listener_(listener), sink_(sink)
    {
        io_uring_params parameters{};
        parameters.flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_CQSIZE;
        parameters.cq_entries = 32768;
        if (const int result = io_uring_queue_init_params(4096, &ring_, &parameters); result < 0) {
            bench::die("io_uring_queue_init_params", -result);
        }
    }

    [[noreturn]] void run()
    {
        accept();
        for (;;) {
            const int result = io_uring_submit_and_wait(&ring_, 1);
            if (result < 0 && result != -EINTR) {
                bench::die("io_uring_submit_and_wait", -result);
            }
            unsigned head = 0;
            unsigned count = 0;
            io_uring_cqe* completion = nullptr;
            io_uring_for_each_cqe(&ring_, head, completion)
            {
                take(*completion);
                ++count;
            }
            io_uring_cq_advance(&ring_, count);
        }
    }

private:
    io_uring_sqe* next_entry()
    {
        io_uring_sqe* entry = io_uring_get_sqe(&ring_);
        while (entry == nullptr) {
            io_uring_submit(&ring_);
            entry = io_uring_get_sqe(&ring_);
        }
        return entry;
    }

    void accept()
    {
        io_uring_sqe* const entry = next_entry();
        io_uring_prep_multishot_accept(entry, listener_, nullptr, nullptr, SOCK_CLOEXEC);
        io_uring_sqe_set_data(entry, nullptr);
    }

    void receive(connection* peer)
    {
        io_uring_sqe* const entry = next_entry();
        io_uring_prep_recv(entry, peer->fd, peer->buffer, sizeof peer->buffer, 0);
        io_uring_sqe_set_data(entry, peer);
        peer->is_sending = false;
    }

    void send(connection* peer, std::size_t size)
    {
        io_uring_sqe* const entry = next_entry();
        io_uring_prep_send(entry, peer->fd, peer->buffer, size, MSG_WAITALL | MSG_NOSIGNAL);
        io_uring_sqe_set_data(entry, peer);
        peer->is_sending = true;
    }

    void take(const io_uring_cqe& completion)
    {
        auto* const peer = static_cast<connection*>(io_uring_cqe_get_data(&completion));
        if (peer == nullptr) {
            take_accepted(completion);
        } else if (completion.res <= 0) {
            ::close(peer->fd);
            delete peer;
        } else if (peer->is_sending || sink_) {
            receive(peer);
        } else {
            send(peer, static_cast<std::size_t>(completion.res));
        }
    }

    void take_accepted(const io_uring_cqe& completion)
    {
        if (completion.res >= 0) {
            bench::set_no_delay(completion.res);
            auto* const peer = new connection;
            peer->fd = completion.res;
            receive(peer);
        }
        if ((completion.flags & IORING_CQE_F_MORE) == 0) {
            accept();
        }
    }

    const int listener_;
    const bool sink_;
    io_uring ring_{};
};

} // namespace

int main(int argc, char** argv)
{
    const bench::server_options wanted = bench::parse_command_line(argc, argv);
    if (wanted.workers != 1) {
        bench::die("--workers", EINVAL);
    }
    const int listener = bench::listen_on(wanted.port, bench::port_use::alone);
    server echo(listener, wanted.sink);
    bench::announce(bench::port_of(listener));
    echo.run();
}
