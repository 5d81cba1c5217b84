// SPDX-License-Identifier: MIT
//
// Blocking sockets, and a thread for each connection. It has as many threads as connections, whatever number it is
// told.

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <thread>

#include "command_line.hpp"
#include "listen.hpp"

namespace {

bool send_all(int fd, const std::byte* bytes, std::size_t size)
{
    for (std::size_t done = 0; done < size;) {
        const ssize_t sent = ::send(fd, bytes + done, size - done, MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        done += static_cast<std::size_t>(sent);
    }
    return true;
}

void serve(int fd, bool sink)
{
    std::array<std::byte, bench::buffer_size> buffer;
    for (;;) {
        const ssize_t size = ::recv(fd, buffer.data(), buffer.size(), 0);
        if (size <= 0 || (!sink && !send_all(fd, buffer.data(), static_cast<std::size_t>(size)))) {
            break;
        }
    }
    ::close(fd);
}

} // namespace

int main(int argc, char** argv)
{
    const bench::server_options wanted = bench::parse_command_line(argc, argv);
    const int listener = bench::listen_on(wanted.port, bench::port_use::alone);
    bench::announce(bench::port_of(listener));
    for (;;) {
        const int fd = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (fd < 0) {
            bench::die("accept4");
        }
        bench::set_no_delay(fd);
        std::thread(serve, fd, wanted.sink).detach();
    }
}
