// SPDX-License-Identifier: MIT
//
// Each busy connection has one message outstanding: it is sent, comes back, is compared, and the next one is sent.

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <random>
#include <vector>

#include "client_socket.hpp"
#include "failure.hpp"
#include "load.hpp"
#include "ring.hpp"
#include "slice_clock.hpp"

namespace bench {

namespace {

constexpr std::size_t compared = 64;      // of the beginning and of the end of each piece
constexpr std::size_t acquaintance = 128; // connections are made in groups of so many
constexpr std::size_t largest_piece = 65536;
constexpr std::uint64_t send_bit = std::uint64_t{1} << 32;

class echo_load final : public load {
public:
    echo_load(const options& wanted, const server_meter& meter)
        : meter_(meter), warm_up_seconds_(wanted.warm_up_seconds), size_(wanted.size),
          busy_(wanted.busy == 0 ? wanted.connections : wanted.busy),
          ring_(static_cast<unsigned>(std::bit_ceil(std::max<std::size_t>(busy_, 2))),
                std::min(wanted.size, largest_piece)),
          messages_(busy_ * wanted.size), connections_(wanted.connections)
    {
        // Different for each connection, so that a message that went astray is noticed; the same in each run.
        std::minstd_rand random(1);
        std::generate(messages_.begin(), messages_.end(), [&random] { return static_cast<std::byte>(random() >> 8); });

        // The server accepts in the pace in which it is asked to: nothing is lost from its backlog.
        for (std::size_t index = 0; index < connections_.size(); ++index) {
            connections_[index].fd = connect_to(wanted.port);
            if (index % acquaintance == acquaintance - 1 || index + 1 == connections_.size()) {
                echo_blocking(connections_[index].fd, messages_.data(), std::min(size_, compared));
            }
        }
        for (std::size_t index = 0; index < connections_.size(); ++index) {
            ring_.receive_many(connections_[index].fd, index);
        }
    }

    ~echo_load() override
    {
        for (const connection& each : connections_) {
            ::close(each.fd);
        }
    }

    slice_result run(double seconds) override
    {
        slice_clock clock(meter_, warm_up_seconds_, seconds);
        clock_ = &clock;
        now_ = now_ns();
        for (std::size_t index = 0; index < busy_; ++index) {
            send(index);
        }
        while (outstanding_ > 0) {
            ring_.run_once([this](const io_uring_cqe& completion) {
                if (!is_current_) {
                    is_current_ = true;
                    now_ = now_ns();
                    clock_->advance(now_);
                }
                take(completion);
            });
            is_current_ = false;
        }
        return clock.finish();
    }

private:
    struct connection {
        int fd = -1;
        std::size_t received = 0;
        std::uint64_t sent_at = 0;
        bool was_compared = false;
    };

    std::byte* message_of(std::size_t index) noexcept { return messages_.data() + index * size_; }

    void send(std::size_t index)
    {
        connection& sender = connections_[index];
        sender.received = 0;
        sender.sent_at = now_;
        ++outstanding_;
        ring_.send(sender.fd, message_of(index), size_, index | send_bit);
    }

    void take(const io_uring_cqe& completion)
    {
        if ((completion.user_data & send_bit) != 0) {
            fail_with("send", completion.res < 0 ? -completion.res : EPIPE);
        }
        const auto index = static_cast<std::size_t>(completion.user_data);
        connection& receiver = connections_[index];
        if (completion.res > 0) {
            const auto size = static_cast<std::size_t>(completion.res);
            take_piece(index, receiver, ring_.buffer_of(completion), size);
            ring_.give_back(completion);
        } else if (completion.res == 0) {
            fail("the server has closed a connection");
        } else if (completion.res != -ENOBUFS) {
            fail_with("recv", -completion.res);
        }
        if ((completion.flags & IORING_CQE_F_MORE) == 0) {
            ring_.receive_many(receiver.fd, index);
        }
    }

    void take_piece(std::size_t index, connection& receiver, const std::byte* piece, std::size_t size)
    {
        if (index >= busy_ || receiver.received + size > size_) {
            fail("the server sent more than it was sent");
        }
        const std::byte* const expected = message_of(index) + receiver.received;
        const std::size_t ends = receiver.was_compared ? std::min(size, compared) : size;
        if (std::memcmp(piece, expected, ends) != 0 ||
            std::memcmp(piece + size - ends, expected + size - ends, ends) != 0) {
            fail("the server sent back something else");
        }
        receiver.received += size;
        if (receiver.received < size_) {
            return;
        }
        --outstanding_;
        receiver.was_compared = true;
        clock_->count(now_ - receiver.sent_at);
        if (!clock_->is_ending()) {
            // The next message differs from this one, so that one that comes back twice is noticed.
            auto& changed = *message_of(index);
            changed = static_cast<std::byte>(std::to_integer<unsigned>(changed) + 1);
            send(index);
        }
    }

    const server_meter& meter_;
    const double warm_up_seconds_;
    const std::size_t size_;
    const std::size_t busy_;
    ring ring_;
    std::vector<std::byte> messages_;
    std::vector<connection> connections_;
    std::size_t outstanding_ = 0;
    std::uint64_t now_ = 0;
    bool is_current_ = false;
    slice_clock* clock_ = nullptr;
};

} // namespace

std::unique_ptr<load> make_echo_load(const options& wanted, const server_meter& meter)
{
    return std::make_unique<echo_load>(wanted, meter);
}

} // namespace bench
