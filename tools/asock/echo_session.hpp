// SPDX-License-Identifier: MIT
//
// One connection of the echo server.

#ifndef ASOCK_ECHO_SESSION_HPP
#define ASOCK_ECHO_SESSION_HPP

#include "handles.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace asock {

class echo_session;

// Told by a session, on a thread of the engine and inside its last callback, that it is over. It may destroy the
// session.
class echo_session_owner {
public:
    virtual void on_session_over(echo_session& session, std::uint64_t echoed) = 0;

protected:
    ~echo_session_owner() = default;
};

// Receives, sends what it has received, and only when that has left receives again: a peer that does not read what
// comes back stops its own session and nothing else. At any moment one operation is pending, so that whoever runs its
// callback has the session for itself; once the next operation is accepted, the session belongs to that one's
// callback, on another thread perhaps, and is not touched any more.
class echo_session {
public:
    echo_session(EXECUTION_ENGINE_HANDLE engine, transport_ptr transport, echo_session_owner& owner);

    // Ends as the callbacks do: with the session running, or with on_session_over called.
    void start();

    // Returns when no callback is running any more, except one that has called this.
    void close();

private:
    static constexpr std::size_t buffer_size = std::size_t{64} << 10U;

    static void on_received(void* context, ASYNC_SOCKET_RECEIVE_RESULT result, std::uint32_t bytes);
    static void on_sent(void* context, ASYNC_SOCKET_SEND_RESULT result);

    void receive();
    void send_back(std::uint32_t bytes);

    echo_session_owner& owner_;
    std::vector<std::byte> buffer_;
    std::uint64_t echoed_ = 0;
    std::uint32_t on_its_way_ = 0; // bytes of the buffer that are being sent
    transport_ptr transport_;
    socket_ptr socket_; // destroyed first: its callbacks use all of the above
};

} // namespace asock

#endif
