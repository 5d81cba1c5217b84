// SPDX-License-Identifier: MIT
//
// The calls of a connection that have a completion, and those that end others.

#include <algorithm>
#include <string>

#include "async_socket/async_delay.h"

#include "callback_frame.h"
#include "connection.h"
#include "world.h"

namespace stress {

namespace {

// None, soon, at once, or far away.
std::uint32_t random_timeout(random& choice)
{
    switch (choice.below(4)) {
    case 0:
        return ASYNC_NO_TIMEOUT;
    case 1:
        return choice.below(20);
    case 2:
        return 0;
    default:
        return 3'600'000 + choice.below(1000);
    }
}

} // namespace

bool connection::is_status(const ASYNC_COMPLETION& completion, std::initializer_list<ASYNC_STATUS> allowed) const
{
    return std::find(allowed.begin(), allowed.end(), completion.status) != allowed.end();
}

void connection::send_ex(std::uint64_t seed)
{
    if (!socket_guard_.enter()) {
        return;
    }
    if (operation* const one = new_operation(operation_kind::send, seed); one != nullptr) {
        const std::uint32_t length =
            static_cast<std::uint32_t>(frame_header_size) + one->choice.size(world_.running().largest_message) - 1;
        one->number = next_number_++;
        one->memory = make_message({one->number, this_starter(), length});
        const std::vector<ASYNC_SOCKET_BUFFER> buffers = one->cut();
        const std::uint32_t timeout_ms = script_.sends_may_be_cut ? random_timeout(one->choice) : ASYNC_NO_TIMEOUT;
        const starting inside(one);
        const ASYNC_SOCKET_SEND_SYNC_RESULT result = async_socket_send_ex_async(
            socket_, buffers.data(), static_cast<std::uint32_t>(buffers.size()), timeout_ms, &one->id, on_send_ex, one);
        account(*one, result == ASYNC_SOCKET_SEND_SYNC_OK);
    }
    socket_guard_.leave();
}

void connection::on_send_ex(void* context, const ASYNC_COMPLETION* completion)
{
    operation& self = *static_cast<operation*>(context);
    ++self.calls;
    connection& owner = self.owner;
    const callback_frame frame(owner, &self);
    if (!owner.is_status(*completion, {ASYNC_STATUS_OK, ASYNC_STATUS_RESET, ASYNC_STATUS_CLOSED, ASYNC_STATUS_CANCELLED,
                                       ASYNC_STATUS_TIMED_OUT, ASYNC_STATUS_NO_RESOURCES, ASYNC_STATUS_ERROR})) {
        owner.report_.violation("a send ended with " + std::string(async_status_to_string(completion->status)));
    }
    const bool whole = completion->bytes == self.memory.size();
    if (completion->bytes > self.memory.size() || (completion->status == ASYNC_STATUS_OK && !whole)) {
        owner.report_.violation("a send tells a wrong number of bytes");
    }
    if (completion->status == ASYNC_STATUS_OK) {
        self.ok = true;
        ++owner.report_.operations_ok;
    }
    std::fill(self.memory.begin(), self.memory.end(), poison);
    self.done = true;
    owner.world_.act_in_callback(owner, self.choice, false);
}

void connection::receive_ex(std::uint64_t seed)
{
    if (!socket_guard_.enter()) {
        return;
    }
    if (operation* const one = new_operation(operation_kind::receive, seed); one != nullptr) {
        one->memory.resize(one->choice.size(world_.running().largest_message));
        std::vector<ASYNC_SOCKET_BUFFER> buffers = one->cut();
        const std::uint32_t timeout_ms = random_timeout(one->choice);
        const bool accepted = receives_.start_in_order(*one, [&] {
            const starting inside(one);
            return async_socket_receive_ex_async(socket_, buffers.data(), static_cast<std::uint32_t>(buffers.size()),
                                                 timeout_ms, &one->id, on_receive_ex, one) == 0;
        });
        account(*one, accepted);
    }
    socket_guard_.leave();
}

void connection::on_receive_ex(void* context, const ASYNC_COMPLETION* completion)
{
    operation& self = *static_cast<operation*>(context);
    ++self.calls;
    connection& owner = self.owner;
    const callback_frame frame(owner, &self);
    const bool closed = completion->status == ASYNC_STATUS_CLOSED && owner.only_a_close_can_abandon();
    if (!owner.is_status(*completion, {ASYNC_STATUS_OK, ASYNC_STATUS_END_OF_STREAM, ASYNC_STATUS_RESET,
                                       ASYNC_STATUS_CLOSED, ASYNC_STATUS_CANCELLED, ASYNC_STATUS_TIMED_OUT,
                                       ASYNC_STATUS_NO_RESOURCES, ASYNC_STATUS_ERROR})) {
        owner.report_.violation("a receive ended with " + std::string(async_status_to_string(completion->status)));
    }
    if ((completion->status == ASYNC_STATUS_OK) != (completion->bytes != 0)) {
        owner.report_.violation("a receive is OK without a byte, or not OK with some");
    }
    if (completion->status == ASYNC_STATUS_OK) {
        self.ok = true;
        ++owner.report_.operations_ok;
    }
    self.received = completion->bytes;
    self.done = true;
    owner.receives_.check();
    owner.world_.act_in_callback(owner, self.choice, closed);
}

void connection::cancel(std::uint64_t seed, bool waits)
{
    if (!socket_guard_.enter()) {
        return;
    }
    operation* one = nullptr;
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        if (!operations_.empty()) {
            // One of the last, which is more likely to be under way.
            random choice(seed);
            const std::size_t back =
                choice.below(static_cast<std::uint32_t>((std::min<std::size_t>)(16, operations_.size())));
            one = operations_[operations_.size() - 1 - back].get();
        }
    }
    const ASYNC_OPERATION_ID id = one != nullptr ? one->name.load() : 0;
    const bool may_be = id != 0 && (one->kind == operation_kind::receive || one->kind == operation_kind::connect ||
                                    (one->kind == operation_kind::send && script_.sends_may_be_cut));
    if (may_be && waits) {
        if (async_socket_cancel_and_wait(socket_, id) != 0 || !one->returned || one->calls != 1) {
            report_.violation("a cancel that waits returned before the callback had");
        }
        ++report_.cancels;
    } else if (may_be) {
        static_cast<void>(async_socket_cancel(socket_, id));
        ++report_.cancels;
    }
    socket_guard_.leave();
}

void connection::shutdown_send(std::uint64_t seed)
{
    if (!socket_guard_.enter()) {
        return;
    }
    if (operation* const one = new_operation(operation_kind::shutdown, seed); one != nullptr) {
        const starting inside(one);
        account(*one, async_socket_shutdown_send_async(socket_, on_shutdown, one) == 0);
    }
    socket_guard_.leave();
}

void connection::on_shutdown(void* context, const ASYNC_COMPLETION* completion)
{
    operation& self = *static_cast<operation*>(context);
    ++self.calls;
    connection& owner = self.owner;
    const callback_frame frame(owner, &self);
    if (!owner.is_status(*completion, {ASYNC_STATUS_OK, ASYNC_STATUS_RESET, ASYNC_STATUS_CLOSED, ASYNC_STATUS_ERROR})) {
        owner.report_.violation("a half close ended with " + std::string(async_status_to_string(completion->status)));
    }
    self.done = true;
    owner.world_.act_in_callback(owner, self.choice, false);
}

void connection::delay(std::uint64_t seed)
{
    operation* const one = new_operation(operation_kind::delay, seed);
    if (one == nullptr) {
        return;
    }
    const std::uint32_t delay_ms = one->choice.in_100(80) ? one->choice.below(10) : 3'600'000;
    const starting inside(one);
    account(*one, async_delay_start(engine_, delay_ms, &one->id, on_delay, one) == 0);
}

// No callback of the connection's, which may be gone but for its memory.
void connection::on_delay(void* context, const ASYNC_COMPLETION* completion)
{
    operation& self = *static_cast<operation*>(context);
    ++self.calls;
    connection& owner = self.owner;
    if (being_started == &self) {
        owner.report_.violation("a delay was called back inside the call that started it");
    }
    if (!owner.is_status(*completion, {ASYNC_STATUS_OK, ASYNC_STATUS_CANCELLED})) {
        owner.report_.violation("a delay ended with " + std::string(async_status_to_string(completion->status)));
    }
    self.choice.in_100(50) ? owner.send(self.choice.next()) : owner.receive_ex(self.choice.next());
    self.done = true;
    self.returned = true;
}

void connection::end_delays()
{
    // Those that are added meanwhile are seen, too.
    for (std::size_t i = 0;; ++i) {
        operation* one = nullptr;
        {
            const std::lock_guard<std::mutex> lock(mutex_);
            if (i == operations_.size()) {
                return;
            }
            one = operations_[i].get();
        }
        if (one->kind == operation_kind::delay && one->accepted) {
            end_delay(*one);
        }
    }
}

void connection::end_delay(operation& one)
{
    if (async_delay_cancel_and_wait(engine_, one.name) != 0 || !one.returned || one.calls != 1) {
        report_.violation("a cancel of a delay that waits returned before the callback had");
    }
}

} // namespace stress
