// SPDX-License-Identifier: MIT
//
// One end of a TCP connection, or what listens for some; with the rules of Linux, as its manual pages and its behaviour
// on loopback have them. The network between two ends takes a drawn time for everything, and as much as fits.

#ifndef ASYNC_SOCKET_TESTS_SIM_ENDPOINT_H
#define ASYNC_SOCKET_TESTS_SIM_ENDPOINT_H

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "world/object.h"
#include "world/scheduler.h"

namespace sim {

class endpoint final : public object, public std::enable_shared_from_this<endpoint> {
public:
    enum class state { made, connecting, connected, listening, over };

    explicit endpoint(scheduler& world) : world_(world) {}

    // As the calls of these names: a count, or an error below 0.
    std::int64_t send(const char* data, std::size_t length);
    std::int64_t receive(char* data, std::size_t length);
    int shut_down(bool reading, bool writing);
    // connect() to nowhere, and closing with a linger of 0.
    void reset();
    // close() of its last descriptor: what is on its way goes on.
    void released() override;
    [[nodiscard]] std::uint32_t events() override;
    int take_error();
    [[nodiscard]] std::shared_ptr<endpoint> accept();

    // The network makes them: two ends that are connected; one that is about to be connected to a listener, or to be
    // refused.
    static void connect(const std::shared_ptr<endpoint>& left, const std::shared_ptr<endpoint>& right);
    void connect_to(const std::shared_ptr<endpoint>& listener);
    void listen(std::size_t backlog);
    // The system gives the connection up.
    void fail(int error);

    [[nodiscard]] std::size_t available() const { return received_.size(); }
    [[nodiscard]] std::size_t room() const;
    [[nodiscard]] std::size_t waiting() const { return accepted_.size(); }
    [[nodiscard]] endpoint* peer() const { return peer_.get(); }

    state now_is = state::made;
    std::size_t receive_limit = 1 << 16;
    std::size_t send_limit = 1 << 16;
    bool lingers_never = false; // SO_LINGER with 0
    std::uint16_t port = 0;
    std::uint16_t peer_port = 0;

    // For the oracle: what has been true here, which nothing takes back.
    struct history {
        std::string sent;                                           // what send() has taken
        std::vector<std::pair<std::uint64_t, time_point>> arrivals; // how many bytes there were, and since when
        std::uint64_t arrived = 0;
        time_point finished_at = forever; // the end of the peer's stream
        time_point failed_at = forever;   // the first error
        int error = 0;
        bool shortage = false; // a call has failed for want of memory
    };
    history past;

private:
    [[nodiscard]] time_point delay();
    void transmit_later();
    void transmit();
    void acknowledge();
    void finish_if_drained();
    void take_reset(int error);
    void send_reset();
    void end_connection(int error);

    scheduler& world_;
    std::shared_ptr<endpoint> peer_;
    std::weak_ptr<endpoint> listener_;
    std::string unsent_;
    std::string received_;
    std::deque<std::shared_ptr<endpoint>> accepted_;
    std::size_t backlog_ = 0;
    int error_ = 0;
    bool is_transmitting_ = false;
    bool peer_has_finished_ = false;
    bool reading_is_over_ = false;
    bool writing_is_over_ = false;
    bool end_is_sent_ = false;
    bool lacks_room_ = false;
    bool is_orphan_ = false;
};

} // namespace sim

#endif
