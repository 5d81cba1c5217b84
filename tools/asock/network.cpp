// SPDX-License-Identifier: MIT

#include "network.hpp"

#include "diagnostics.hpp"
#include "error.hpp"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <cstdio>
#include <mutex>

namespace asock {

namespace {

std::uint32_t milliseconds(std::chrono::seconds limit)
{
    const auto wanted = std::chrono::duration_cast<std::chrono::milliseconds>(limit).count();
    return limit == std::chrono::seconds::zero()
               ? UINT32_MAX
               : static_cast<std::uint32_t>(std::clamp<std::int64_t>(wanted, 1, UINT32_MAX - 1));
}

transport_ptr checked(transport_ptr transport)
{
    if (!transport) {
        throw failure(with_library_error("cannot create a socket"));
    }
    return transport;
}

// Until something may have been given back, or a stop is requested.
void rest(const std::stop_token& stop)
{
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    never.wait_for(lock, stop, std::chrono::milliseconds(100), [] { return false; });
}

} // namespace

transport_ptr connect_to(const endpoint& peer, std::chrono::seconds limit, const std::stop_token& stop)
{
    forget_library_error();
    transport_ptr transport = checked(transport_ptr(socket_transport_create_client()));
    int refused = 0;
    {
        const std::stop_callback give_up(stop, [&transport] { socket_transport_disconnect(transport.get()); });
        refused = socket_transport_connect(transport.get(), peer.host.c_str(), peer.port, milliseconds(limit));
    }
    if (stop.stop_requested()) {
        throw interrupted();
    }
    if (refused != 0) {
        throw failure(with_library_error("cannot connect to " + to_string(peer)),
                      "check the address, and that the other side is running and reachable");
    }
    return transport;
}

transport_ptr listen_on(const std::string& address, std::uint16_t port)
{
    forget_library_error();
    transport_ptr listener = checked(transport_ptr(socket_transport_create_server()));
    if (socket_transport_listen_at(listener.get(), address.c_str(), port) != 0) {
        throw failure(with_library_error("cannot listen on " + to_string(endpoint{address, port})),
                      "the port may be in use by another program (port 0 picks a free one), and the address must be "
                      "a numeric one of this machine");
    }
    return listener;
}

endpoint local_endpoint(const transport_ptr& listener)
{
    constexpr std::size_t longest_address = 64;
    std::array<char, longest_address> host{};
    endpoint local;
    if (socket_transport_get_local_endpoint(listener.get(), host.data(), host.size(), &local.port) != 0) {
        throw failure(with_library_error("cannot find out the port"));
    }
    local.host = host.data();
    return local;
}

transport_ptr accept_from(const transport_ptr& listener, const std::stop_token& stop)
{
    forget_library_error();
    const std::stop_callback give_up(stop, [&listener] { socket_transport_disconnect(listener.get()); });
    for (;;) {
        SOCKET_TRANSPORT_HANDLE accepted = nullptr;
        const SOCKET_ACCEPT_RESULT result = socket_transport_accept(listener.get(), &accepted, UINT32_MAX);
        transport_ptr connection(accepted);
        if (stop.stop_requested()) {
            throw interrupted();
        }
        switch (result) {
        case SOCKET_ACCEPT_OK:
            return connection;
        case SOCKET_ACCEPT_NO_CONNECTION:
        case SOCKET_ACCEPT_INPROGRESS:
            break;
        case SOCKET_ACCEPT_PORT_EXHAUSTION:
            return nullptr;
        case SOCKET_ACCEPT_ERROR:
            throw failure(with_library_error("cannot accept connections any more"));
        }
    }
}

transport_ptr patient_acceptor::accept(const std::stop_token& stop)
{
    for (;;) {
        transport_ptr accepted = accept_from(listener_, stop);
        if (accepted) {
            told_ = false;
            return accepted;
        }
        if (!told_) {
            std::fputs("asock: too many connections are open; the next one waits until one ends\n", stderr);
            told_ = true;
        }
        rest(stop);
    }
}

} // namespace asock
