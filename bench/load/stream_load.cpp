// SPDX-License-Identifier: MIT
//
// Each connection sends one message after the other to a server that throws away what it receives. A message counts
// when the system has taken all of it; the system's buffers bound how far that is from what the server has received.

#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <vector>

#include "client_socket.hpp"
#include "failure.hpp"
#include "load.hpp"
#include "ring.hpp"
#include "slice_clock.hpp"

namespace bench {

namespace {

class stream_load final : public load {
public:
    stream_load(const options& wanted, const server_meter& meter)
        : meter_(meter), warm_up_seconds_(wanted.warm_up_seconds), ring_(2, 64), message_(wanted.size, std::byte{42}),
          connections_(wanted.connections)
    {
        ring_.report_sends(true);
        for (connection& each : connections_) {
            each.fd = connect_to(wanted.port);
        }
    }

    ~stream_load() override
    {
        for (const connection& each : connections_) {
            ::close(each.fd);
        }
    }

    slice_result run(double seconds) override
    {
        slice_clock clock(meter_, warm_up_seconds_, seconds);
        std::size_t outstanding = 0;
        const auto send = [&](std::size_t index) {
            connections_[index].sent_at = now_ns();
            ++outstanding;
            ring_.send(connections_[index].fd, message_.data(), message_.size(), index);
        };
        for (std::size_t index = 0; index < connections_.size(); ++index) {
            send(index);
        }
        while (outstanding > 0) {
            ring_.run_once([&](const io_uring_cqe& completion) {
                if (completion.res != static_cast<int>(message_.size())) {
                    fail_with("send", completion.res < 0 ? -completion.res : EPIPE);
                }
                const auto index = static_cast<std::size_t>(completion.user_data);
                const std::uint64_t now = now_ns();
                clock.advance(now);
                --outstanding;
                clock.count(now - connections_[index].sent_at);
                if (!clock.is_ending()) {
                    send(index);
                }
            });
        }
        for (const connection& each : connections_) {
            await_arrival(each.fd);
        }
        return clock.finish();
    }

private:
    struct connection {
        int fd = -1;
        std::uint64_t sent_at = 0;
    };

    static void await_arrival(int fd)
    {
        constexpr int patience_ms = 10'000;
        for (int waited = 0; waited < patience_ms; ++waited) {
            int left = 0;
            checked("SIOCOUTQ", ::ioctl(fd, SIOCOUTQ, &left));
            if (left == 0) {
                return;
            }
            ::usleep(1000);
        }
        fail("the server does not receive");
    }

    const server_meter& meter_;
    const double warm_up_seconds_;
    ring ring_;
    std::vector<std::byte> message_;
    std::vector<connection> connections_;
};

} // namespace

std::unique_ptr<load> make_stream_load(const options& wanted, const server_meter& meter)
{
    return std::make_unique<stream_load>(wanted, meter);
}

} // namespace bench
