// SPDX-License-Identifier: MIT
//
// Connections that come and go: connect, one message there and back, the end of the stream to the server and from it,
// and again. So many at a time. A connection counts as a message.

#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <vector>

#include "client_socket.hpp"
#include "failure.hpp"
#include "load.hpp"
#include "ring.hpp"
#include "slice_clock.hpp"

namespace bench {

namespace {

class churn_load final : public load {
public:
    churn_load(const options& wanted, const server_meter& meter)
        : meter_(meter), warm_up_seconds_(wanted.warm_up_seconds), port_(wanted.port), ring_(2, 64),
          message_(wanted.size, std::byte{42}), slots_(wanted.connections)
    {
        for (slot& each : slots_) {
            each.received.resize(wanted.size);
        }
    }

    slice_result run(double seconds) override
    {
        slice_clock clock(meter_, warm_up_seconds_, seconds);
        open_ = 0;
        for (std::size_t index = 0; index < slots_.size(); ++index) {
            begin(index);
        }
        while (open_ > 0) {
            ring_.run_once([&](const io_uring_cqe& completion) {
                const auto index = static_cast<std::size_t>(completion.user_data);
                if (completion.res < 0) {
                    fail_with("recv", -completion.res);
                }
                if (!take(index, static_cast<std::size_t>(completion.res))) {
                    return;
                }
                const std::uint64_t now = now_ns();
                clock.advance(now);
                clock.count(now - slots_[index].began_at);
                if (!clock.is_ending()) {
                    begin(index);
                }
            });
        }
        return clock.finish();
    }

private:
    struct slot {
        int fd = -1;
        std::size_t size = 0;
        std::uint64_t began_at = 0;
        std::vector<std::byte> received;
    };

    void begin(std::size_t index)
    {
        slot& one = slots_[index];
        one.began_at = now_ns();
        one.size = 0;
        one.fd = connect_to(port_, ++turn_);
        ++open_;
        if (::send(one.fd, message_.data(), message_.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(message_.size())) {
            fail_with("send", errno);
        }
        ring_.receive(one.fd, one.received.data(), message_.size(), index);
    }

    // True: the connection has come and gone.
    bool take(std::size_t index, std::size_t size)
    {
        slot& one = slots_[index];
        const bool is_complete = one.size == message_.size();
        if ((size == 0) != is_complete) {
            fail(is_complete ? "the server sent more than it was sent" : "the server has closed a connection");
        }
        if (is_complete) {
            ::close(one.fd);
            --open_;
            return true;
        }
        one.size += size;
        if (one.size == message_.size()) {
            if (one.received != message_) {
                fail("the server sent back something else");
            }
            checked("shutdown", ::shutdown(one.fd, SHUT_WR));
            ring_.receive(one.fd, one.received.data(), message_.size(), index);
        } else {
            ring_.receive(one.fd, one.received.data() + one.size, message_.size() - one.size, index);
        }
        return false;
    }

    const server_meter& meter_;
    const double warm_up_seconds_;
    const std::uint16_t port_;
    ring ring_;
    const std::vector<std::byte> message_;
    std::vector<slot> slots_;
    std::size_t open_ = 0;
    std::uint64_t turn_ = 0;
};

} // namespace

std::unique_ptr<load> make_churn_load(const options& wanted, const server_meter& meter)
{
    return std::make_unique<churn_load>(wanted, meter);
}

} // namespace bench
