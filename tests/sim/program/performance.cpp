// SPDX-License-Identifier: MIT
//
// The course of a run.

#include "program/performance.h"

#include <algorithm>

#include <unistd.h>

#include "async_socket/async_delay.h"
#include "async_socket/execution_engine_linux.h"
#include "async_socket/log.h"

namespace sim {

// What the library has to say is a part of the trace.
void performance::on_message(ASYNC_SOCKET_LOG_LEVEL level, const char* message, void* context)
{
    performance& own = *static_cast<performance*>(context);
    own.world_.events.line(own.world_.time.now(), scheduler::thread_number(), message);
    own.oracle_.is_logged(level, message);
}

performance::performance(world& played_in, oracle& judge, const program& played)
    : world_(played_in), oracle_(judge), program_(played)
{
}

void performance::run()
{
    begin();
    perform_all(program_.actions, nullptr);
    // Long enough for every shortage to be over, and for what is tried again after it.
    world_.time.rest(world_.time.now() + 2 * second);
    oracle_.judge_rest();
    oracle_.judge_counters(engine_);
    end();
}

void performance::begin()
{
    async_socket_set_log_handler(on_message, this);
    if (program_.is_slow) {
        world_.time.be_slow();
    }
    EXECUTION_ENGINE_LINUX_PARAMETERS parameters{};
    parameters.backend = EXECUTION_ENGINE_LINUX_BACKEND_EPOLL;
    parameters.worker_count = program_.workers;
    engine_ = execution_engine_linux_create(&parameters);
    if (engine_ == nullptr) {
        oracle_.fail("the engine cannot be made");
    }
    execution_engine_linux_set_spin_limit(engine_, program_.spin_limit_us);

    server_ = world_.make_endpoint();
    world_.bind(server_, 0);
    server_->listen(2);
    server_->on_wake = [this] {
        while (std::shared_ptr<endpoint> next = server_->accept()) {
            play(std::move(next));
        }
    };
    nobodys_port_ = world_.take_port();

    for (std::uint32_t i = 0; i < program_.sockets; ++i) {
        const std::shared_ptr<endpoint> own = world_.make_endpoint();
        const std::shared_ptr<endpoint> peer = world_.make_endpoint();
        endpoint::connect(own, peer);
        play(peer);
        socket_record& made = adopt(world_.open(own));
        made.is_custom = i < program_.custom;
        open(made);
    }
    if (program_.has_listener) {
        listener_ = &oracle_.add_socket();
        listener_->is_listener = true;
        listener_->transport = socket_transport_create_server();
        listener_->listener = async_listener_create(engine_);
        if (socket_transport_listen_at(listener_->transport, "127.0.0.1", 0) != 0 ||
            async_listener_open(listener_->listener, listener_->transport) != 0) {
            oracle_.fail("the listener cannot be opened");
        }
        const int descriptor = socket_transport_get_underlying_socket(listener_->transport);
        listener_->own = world_.find<endpoint>(descriptor)->shared_from_this();
        listener_->now_is = life::open;
        port_ = listener_->own->port;
    }
}

// The connection of a descriptor becomes a socket of the library.
socket_record& performance::adopt(int descriptor)
{
    socket_record& made = oracle_.add_socket();
    made.own = world_.find<endpoint>(descriptor)->shared_from_this();
    made.peer = peer_of(*made.own);
    made.descriptor = descriptor;
    made.transport = socket_transport_create_from_socket(descriptor);
    return made;
}

void performance::open(socket_record& socket)
{
    socket.performed_by = this;
    socket.is_being_opened = true;
    const time_point before = world_.time.now();
    oracle_.call_begins(socket.is_custom ? "async_socket_create_with_transport" : "async_socket_create");
    socket.handle = socket.is_custom
                        ? async_socket_create_with_transport(engine_, send_itself, &socket, receive_itself, &socket)
                        : async_socket_create(engine_);
    oracle_.call_ends(socket.handle == nullptr);
    if (socket.handle == nullptr && oracle_.may_lack_memory(before)) {
        socket.is_destroyed = true;
        return;
    }
    if (socket.handle == nullptr || socket.transport == nullptr) {
        oracle_.fail("socket %d cannot be made", socket.number);
    }
    if (async_socket_open_async(socket.handle, socket.transport, on_opened, &socket) != 0) {
        oracle_.fail("socket %d cannot be opened", socket.number);
    }
    // The handle of the transport may be given back at any time.
    if (socket.number % 2 == 0) {
        socket_transport_destroy(socket.transport);
        socket.transport = nullptr;
    }
}

void performance::end()
{
    is_ending_ = true;
    // A callback that was held up may have begun another shortage.
    world_.lacks.allocations_until = std::min(world_.lacks.allocations_until, world_.time.now());
    end_sockets();
    for (std::size_t i = 0; i < oracle_.operations.size(); ++i) {
        operation_record& each = *oracle_.operations[i];
        if (each.socket == nullptr && each.accepted && each.calls == 0) {
            each.cancelled = world_.time.now();
            async_delay_cancel_and_wait(engine_, each.id);
        }
    }
    end_sockets();
    for (const auto& each : oracle_.sockets) {
        if (each->transport != nullptr) {
            socket_transport_destroy(each->transport);
        }
    }
    for (const int each : released_) {
        ::close(each);
    }
    oracle_.judge_counters(engine_);
    if (world_.time.chance().one_in(2)) {
        execution_engine_dec_ref(engine_);
    } else {
        drop_engine_in_callback();
    }
    // Of the library's resolver some may be in the system's, whom nobody waits for any more.
    world_.time.sleep("the end of all other threads", [this] { return world_.time.is_alone(); });
}

// The last reference is dropped by the callback of a delay, perhaps while the call that started it is still under way.
void performance::drop_engine_in_callback()
{
    // One whose time is over at about that moment wakes the worker before the call does.
    operation_record& other = oracle_.add_operation(verb::engine_delay, nullptr);
    const action nothing;
    other.says_how = true;
    other.limit_ms = 1;
    other.performed_by = this;
    other.then = &nothing.then;
    oracle_.begins(other);
    oracle_.returns(other, async_delay_start(engine_, 1, nullptr, on_complete, &other) == 0);
    const time_point lead = 4 * world_.time.call_time();
    world_.time.rest(other.began + millisecond - world_.time.chance().below(static_cast<std::uint32_t>(lead)));
    operation_record& last = oracle_.add_operation(verb::engine_delay, nullptr);
    last.says_how = true;
    last.limit_ms = 0;
    last.performed_by = this;
    oracle_.begins(last);
    const int result = async_delay_start(engine_, 0, nullptr, on_last_delay, &last);
    oracle_.returns(last, result == 0);
    world_.time.sleep("the end of the engine", [this] { return world_.time.is_alone(); });
}

void performance::on_last_delay(void* context, const ASYNC_COMPLETION* completion)
{
    auto& last = *static_cast<operation_record*>(context);
    performance& own = *last.performed_by;
    own.oracle_.called(last, completion->status, completion->system_error, completion->bytes);
    execution_engine_dec_ref(own.engine_);
    own.oracle_.callback_returns(last);
}

// A callback that was under way may have made another one meanwhile.
void performance::end_sockets()
{
    for (std::size_t i = 0; i < oracle_.sockets.size(); ++i) {
        socket_record& each = *oracle_.sockets[i];
        world_.time.sleep("calls of the program", [&each] { return !is_in_use(each); });
        if (each.is_destroyed) {
            continue;
        }
        if (!each.is_listener && world_.time.chance().one_in(2)) {
            close(each, world_.time.chance().one_in(2) ? verb::close : verb::reset);
        }
        destroy(each);
    }
}

} // namespace sim
