// SPDX-License-Identifier: MIT
//
// The other end of a connection: a thread that sends its stream, checks the messages that come, and ends as its script
// says.

#ifndef ASYNC_SOCKET_TESTS_STRESS_PEER_H
#define ASYNC_SOCKET_TESTS_STRESS_PEER_H

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>

#include "frame.h"
#include "program.h"
#include "report.h"
#include "support/event.h"
#include "support/raw_peer.h"

namespace stress {

class peer {
public:
    peer(std::uint16_t port, const peer_script& script, report& findings);
    peer(contract::raw_peer::adopted socket, const peer_script& script, report& findings);

    // Begins the script, when the connection has been accepted.
    void start();
    // This side has ended the connection: the peer reads what is left and ends.
    void this_side_has_ended() { ended_.set(); }
    void join();

    // Whether the peer has begun to end the connection by itself, or to end what it sends.
    [[nodiscard]] bool has_ended_something() const { return has_ended_something_; }

    // After join: whether the stream ended in order at the peer, and the messages that arrived whole.
    [[nodiscard]] bool saw_the_end_in_order() const { return saw_the_end_in_order_; }
    [[nodiscard]] const frame_reader& messages() const { return messages_; }
    [[nodiscard]] const peer_script& script() const { return script_; }

private:
    void run();
    [[nodiscard]] std::string text() const;
    void send_some();
    // False when the connection is over.
    bool receive_some();
    // Does what the script says about the end; false when the peer has left.
    bool come_to_the_end();

    contract::raw_peer socket_;
    const peer_script script_;
    report& report_;
    contract::event ended_;
    std::atomic<bool> has_ended_something_{false};
    // The thread's own; read after join.
    frame_reader messages_;
    std::uint64_t sent_ = 0;
    std::uint64_t received_ = 0;
    std::uint32_t receives_ = 0;
    bool reads_ = true;
    bool sends_ = true;
    bool ending_done_ = false;
    bool has_failed_ = false;
    bool saw_the_end_in_order_ = false;
    std::thread thread_;
};

} // namespace stress

#endif
