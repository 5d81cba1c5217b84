// SPDX-License-Identifier: MIT
//
// The other ends of many connections: peers SEED CONNECTIONS ADDRESS PORT [ADDRESS PORT]... Does what protocol.h says,
// told so by lines on the standard input. Ends with 0 when every byte came back and every connection ended in order.

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "protocol.h"

namespace {

using bytes = std::vector<unsigned char>;

void require(bool holds, const char* what)
{
    if (!holds) {
        throw std::runtime_error(std::string("cannot ") + what + ", error " + std::to_string(errno));
    }
}

int connect_to(const sockaddr_in& address)
{
    const int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    require(made != -1, "make a socket");
    require(connect(made, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0, "connect");
    return made;
}

bytes random_message(std::minstd_rand& random, std::size_t index)
{
    bytes result(1 + random() % scale::longest_message);
    for (unsigned char& each : result) {
        each = static_cast<unsigned char>(random());
    }
    result.front() = index % 2 == 0 ? scale::peer_closes : scale::test_closes;
    return result;
}

void send_all(int to, const bytes& data)
{
    for (std::size_t sent = 0; sent != data.size();) {
        const ssize_t more = send(to, data.data() + sent, data.size() - sent, MSG_NOSIGNAL);
        require(more > 0, "send");
        sent += static_cast<std::size_t>(more);
    }
}

void receive_the_same(int from, const bytes& expected)
{
    bytes arrived(expected.size());
    for (std::size_t received = 0; received != arrived.size();) {
        const ssize_t more = recv(from, arrived.data() + received, arrived.size() - received, 0);
        require(more > 0, "receive what was sent");
        received += static_cast<std::size_t>(more);
    }
    if (arrived != expected) {
        throw std::runtime_error("what came back is not what was sent");
    }
}

void wait_for(const char* line)
{
    std::string told;
    if (!std::getline(std::cin, told) || told != line) {
        throw std::runtime_error("told '" + told + "' instead of '" + line + "'");
    }
}

void tell(const char* line)
{
    std::cout << line << std::endl;
}

std::vector<int> connect_all(std::size_t count, int argc, char** argv)
{
    std::vector<sockaddr_in> addresses;
    for (int i = 3; i + 1 < argc; i += 2) {
        sockaddr_in& address = addresses.emplace_back();
        address.sin_family = AF_INET;
        address.sin_port = htons(static_cast<std::uint16_t>(std::strtoul(argv[i + 1], nullptr, 10)));
        require(inet_pton(AF_INET, argv[i], &address.sin_addr) == 1, "read an address");
    }
    std::vector<int> result;
    for (std::size_t i = 0; i != count; ++i) {
        result.push_back(connect_to(addresses[i % addresses.size()]));
    }
    return result;
}

void echo_all(const std::vector<int>& sockets, std::minstd_rand& random)
{
    for (int round = 0; round != scale::rounds; ++round) {
        std::vector<bytes> messages;
        for (std::size_t i = 0; i != sockets.size(); ++i) {
            messages.push_back(random_message(random, i));
            send_all(sockets[i], messages.back());
        }
        for (std::size_t i = 0; i != sockets.size(); ++i) {
            receive_the_same(sockets[i], messages[i]);
        }
    }
}

void close_all(const std::vector<int>& sockets, std::minstd_rand& random)
{
    std::vector<int> own;
    std::vector<int> others;
    for (std::size_t i = 0; i != sockets.size(); ++i) {
        (i % 2 == 0 ? own : others).push_back(sockets[i]);
    }
    std::shuffle(own.begin(), own.end(), random);
    for (const int each : own) {
        ::close(each);
    }
    for (const int each : others) {
        unsigned char byte = 0;
        const ssize_t more = recv(each, &byte, 1, 0);
        require(more == 0, "see the end of a stream in order");
        ::close(each);
    }
}

} // namespace

int main(int argc, char** argv)
{
    try {
        if (argc < 5) {
            throw std::runtime_error("too few arguments");
        }
        rlimit limit{};
        require(getrlimit(RLIMIT_NOFILE, &limit) == 0, "ask for the limit");
        limit.rlim_cur = limit.rlim_max;
        require(setrlimit(RLIMIT_NOFILE, &limit) == 0, "raise the limit");

        std::minstd_rand random(static_cast<std::uint32_t>(std::strtoul(argv[1], nullptr, 10)));
        const std::vector<int> sockets =
            connect_all(static_cast<std::size_t>(std::strtoul(argv[2], nullptr, 10)), argc, argv);
        tell(scale::all_are_connected);
        wait_for(scale::echo);
        echo_all(sockets, random);
        tell(scale::all_is_echoed);
        wait_for(scale::close);
        close_all(sockets, random);
        tell(scale::all_is_closed);
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "peers: %s\n", error.what());
        return 1;
    }
}
