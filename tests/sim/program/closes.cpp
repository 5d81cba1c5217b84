// SPDX-License-Identifier: MIT
//
// How sockets and listeners end.

#include "program/performance.h"

#include <algorithm>

namespace sim {

bool performance::is_in_use(const socket_record& socket)
{
    return socket.calls != 0 || socket.closes != 0;
}

void performance::close(socket_record& socket, verb how)
{
    const bool is_only_one = oracle_.close_begins(socket);
    oracle_.call_begins(socket.is_listener   ? "async_listener_close"
                        : how == verb::reset ? "async_socket_reset"
                                             : "async_socket_close");
    if (socket.is_listener) {
        async_listener_close(socket.listener);
    } else if (how == verb::reset) {
        async_socket_reset(socket.handle);
    } else {
        async_socket_close(socket.handle);
    }
    oracle_.call_ends(false);
    oracle_.close_returns(socket, is_only_one);
}

void performance::close_in_background(socket_record& socket, const action* performed)
{
    const life before = socket.now_is;
    if (socket.closes != 0 || (before != life::open && before != life::connecting)) {
        return;
    }
    socket.then = &performed->then;
    socket.performed_by = this;
    const time_point began = world_.time.now();
    const int closes_before = socket.closes_begun;
    const time_point began_before = socket.closing_began;
    socket.now_is = life::closing;
    socket.closing_began = std::min(socket.closing_began, world_.time.now());
    ++socket.calls;
    oracle_.call_begins("async_socket_close_async");
    const int result = async_socket_close_async(socket.handle, on_closed, &socket);
    oracle_.call_ends(result != 0);
    --socket.calls;
    if (result != 0 && before == life::connecting) {
        // It has failed at the same moment, or the call that starts it is still under way.
        const auto last = std::find_if(socket.operations.rbegin(), socket.operations.rend(),
                                       [](const auto* each) { return each->what == verb::connect; });
        const bool has_ended = last != socket.operations.rend() && (*last)->calls != 0;
        socket.now_is = has_ended ? life::made : life::connecting;
        socket.closing_began = began_before;
    } else if (result != 0 && oracle_.may_lack_memory(began)) {
        // Unless another close has begun meanwhile.
        if (socket.closes_begun == closes_before) {
            socket.now_is = before;
            socket.closing_began = began_before;
        }
    } else if (result != 0 && socket.closes_begun == closes_before) {
        oracle_.fail("the close of socket %d in the background is refused for no reason", socket.number);
    }
}

// The connection goes on, as the program's own.
void performance::release(socket_record& socket)
{
    if (socket.closes != 0 || socket.now_is != life::open || world_.lacks_descriptors()) {
        return;
    }
    const endpoint::state before = socket.own->now_is;
    const bool is_only_one = oracle_.close_begins(socket);
    SOCKET_HANDLE descriptor = -1;
    oracle_.call_begins("async_socket_release");
    const int result = async_socket_release(socket.handle, &descriptor);
    oracle_.call_ends(result != 0);
    if (result != 0 && (!is_only_one || socket.is_contested || world_.lacks_descriptors())) {
        oracle_.close_is_refused(socket, is_only_one);
        return;
    }
    if (result != 0) {
        oracle_.fail("the release of socket %d fails for no reason", socket.number);
    }
    released_.push_back(descriptor);
    oracle_.close_returns(socket, is_only_one);
    if (world_.find<endpoint>(descriptor) != socket.own.get() ||
        (before == endpoint::state::connected && socket.own->past.failed_at == forever &&
         socket.own->now_is != endpoint::state::connected)) {
        oracle_.fail("socket %d was released, and its connection is gone", socket.number);
    }
}

void performance::destroy(socket_record& socket)
{
    socket.is_destroyed = true;
    const bool is_only_one = oracle_.close_begins(socket);
    oracle_.call_begins(socket.is_listener ? "async_listener_destroy" : "async_socket_destroy");
    if (socket.is_listener) {
        async_listener_destroy(socket.listener);
    } else {
        async_socket_destroy(socket.handle);
    }
    oracle_.call_ends(false);
    oracle_.close_returns(socket, is_only_one);
}

void performance::on_closed(void* context)
{
    auto& socket = *static_cast<socket_record*>(context);
    performance& own = *socket.performed_by;
    own.oracle_.background_close_ends(socket);
    own.perform_all(*socket.then, &socket);
}

} // namespace sim
