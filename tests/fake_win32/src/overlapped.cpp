// SPDX-License-Identifier: MIT

#include "overlapped.h"

namespace fake_win32 {

namespace {

// Uses up what StartThreadpoolIo has announced.
void use_start(call_scope& call, socket_object& socket)
{
    if (socket.io == nullptr) {
        return;
    }
    unsigned& started = socket.io->started[std::this_thread::get_id()];
    if (started == 0) {
        call.misused(misuse::io_not_started, "an overlapped call on a bound socket without StartThreadpoolIo before");
    } else {
        started--;
    }
    socket.io->outstanding++;
}

} // namespace

std::shared_ptr<operation> begin_overlapped(call_scope& call, const std::shared_ptr<socket_object>& socket,
                                            pending_kind kind, OVERLAPPED* overlapped)
{
    world& all = call.all();
    if (all.operations.count(overlapped) != 0) {
        call.misused(misuse::overlapped_reused, "the OVERLAPPED is that of an operation that is pending");
        return nullptr;
    }
    use_start(call, *socket);
    auto op = std::make_shared<operation>();
    op->overlapped = overlapped;
    op->io = socket->io;
    op->event = overlapped->hEvent;
    op->socket = socket->handle;
    op->sequence = all.next_sequence++;
    op->is_send = kind == pending_kind::send;
    op->kind = kind;
    overlapped->Internal = 0x103; // STATUS_PENDING
    const auto event = all.events.find(op->event);
    if (event != all.events.end()) {
        event->second.signaled = false;
    } else if (op->event != nullptr) {
        call.misused(misuse::handle_not_open, "the event of the OVERLAPPED is not open");
    }
    all.operations[overlapped] = op;
    return op;
}

bool may_return_at_once(call_scope& call, const operation& op)
{
    const at_once mode = call.all().mode;
    const bool is_allowed = mode == at_once::always || (mode == at_once::seeded && call.all().coin());
    return op.ended && op.io_result == NO_ERROR && is_allowed;
}

} // namespace fake_win32
