// SPDX-License-Identifier: MIT

#include "peer.h"

#include <algorithm>
#include <chrono>

#include "support/limit.h"
#include "support/pattern.h"

namespace stress {

namespace {

// One look at the socket. The peer looks again until its own limit is over.
constexpr std::chrono::milliseconds one_look{50};

constexpr std::uint32_t fast_receive_piece = 256 * 1024;

} // namespace

peer::peer(std::uint16_t port, const peer_script& script, report& findings)
    : socket_(port), script_(script), report_(findings)
{
}

peer::peer(contract::raw_peer::adopted socket, const peer_script& script, report& findings)
    : socket_(socket), script_(script), report_(findings)
{
}

void peer::start()
{
    socket_.make_non_blocking();
    thread_ = std::thread([this] { run(); });
}

void peer::join()
{
    if (thread_.joinable()) {
        thread_.join();
    }
}

void peer::run()
{
    const auto deadline = std::chrono::steady_clock::now() + 2 * contract::generous_limit();
    while (come_to_the_end()) {
        if (!reads_ && !sends_) {
            if (!ended_.wait()) {
                report_.violation("a peer that stopped reading was never told that the connection has ended");
            }
            reads_ = true;
        }
        socket_.wait(reads_, sends_, one_look);
        if (sends_) {
            send_some();
        }
        if (reads_ && !receive_some()) {
            return;
        }
        if (std::chrono::steady_clock::now() > deadline) {
            report_.violation("a peer never sees the end of its connection; " + text());
            return;
        }
    }
}

std::string peer::text() const
{
    return "it has sent " + std::to_string(sent_) + " of " + std::to_string(script_.bytes_to_send) +
           " bytes and received " + std::to_string(received_) + (reads_ ? ", reads" : "") + (sends_ ? ", sends" : "") +
           (ending_done_ ? ", has done its own part of the end" : "") +
           (ended_.is_set() ? ", and was told that this side has ended" : "");
}

void peer::send_some()
{
    const std::uint64_t left = script_.bytes_to_send - sent_;
    const std::size_t length = (std::min)(static_cast<std::size_t>(left), static_cast<std::size_t>(script_.send_piece));
    if (length == 0) {
        sends_ = false;
        return;
    }
    const contract::bytes piece = contract::pattern(length, sent_);
    const long taken = socket_.send(piece.data(), piece.size());
    if (taken == contract::raw_peer::would_block) {
        return;
    }
    if (taken <= 0) {
        // The connection has failed; what had come before is still to be read. The system tells an error once: the
        // end of the stream that is read after this one is not in order.
        sends_ = false;
        has_failed_ = true;
        return;
    }
    sent_ += static_cast<std::uint64_t>(taken);
}

bool peer::receive_some()
{
    contract::bytes piece(receives_ < script_.slow_receives ? script_.receive_piece : fast_receive_piece);
    ++receives_;
    const long more = socket_.receive(piece.data(), piece.size());
    if (more == contract::raw_peer::would_block) {
        // All that had come is read. Not every system tells the end of a connection that has failed, too.
        return !has_failed_;
    }
    if (more <= 0) {
        saw_the_end_in_order_ = more == 0 && !has_failed_;
        return false;
    }
    received_ += static_cast<std::uint64_t>(more);
    report_.bytes_checked += static_cast<std::uint64_t>(more);
    if (script_.sends_may_be_cut) {
        return true;
    }
    if (const std::string wrong = messages_.read(piece.data(), static_cast<std::size_t>(more)); !wrong.empty()) {
        report_.violation("sent bytes: " + wrong);
        return false;
    }
    return true;
}

bool peer::come_to_the_end()
{
    if (ending_done_ || script_.end == peer_end::stays || sent_ + received_ < script_.end_after) {
        return true;
    }
    ending_done_ = true;
    // Said before it is done: who sees the consequence must be able to know the cause.
    switch (script_.end) {
    case peer_end::closes:
        has_ended_something_ = true;
        socket_.close();
        return false;
    case peer_end::resets:
        has_ended_something_ = true;
        socket_.reset();
        return false;
    case peer_end::ends_sending:
        has_ended_something_ = true;
        socket_.shut_down_sending();
        sends_ = false;
        return true;
    default:
        reads_ = false;
        return true;
    }
}

} // namespace stress
