// SPDX-License-Identifier: MIT

#include "connection.h"

#include <algorithm>

#include "async_socket/placement.h"

#include "callback_frame.h"
#include "expected_results.h"
#include "world.h"

namespace stress {

std::uint32_t connection::this_starter()
{
    static std::atomic<std::uint32_t> last{0};
    thread_local const std::uint32_t mine = ++last;
    return mine;
}

connection::connection(world& in, std::size_t place, EXECUTION_ENGINE_HANDLE engine, std::uint64_t seed)
    : world_(in), report_(in.findings()), counts_(in.counts()), place_(place), engine_(engine),
      script_(make_peer_script(seed)), receives_(in.findings())
{
    // A choice of its own, so that the rest of a seed's program is what it was before there was one.
    random placing(seed + 1);
    const std::uint32_t thread = placing.in_100(world_.running().places_in_100)
                                     ? placing.below(execution_engine_get_thread_count(engine))
                                     : EXECUTION_ENGINE_ANY_THREAD;
    socket_ = async_socket_create_on(engine, thread);
    if (socket_ == nullptr) {
        report_.violation("async_socket_create failed");
        static_cast<void>(socket_guard_.retire());
    }
    ++counts_.sockets;
    ++report_.connections;
    {
        const std::lock_guard<std::mutex> lock(world_.connect_mutex());
        meet(random(seed).next());
    }
    met_.set();
    peer_->start();
}

connection::~connection()
{
    peer_->join();
}

void connection::open(std::uint64_t seed)
{
    if (!socket_guard_.enter()) {
        return;
    }
    if (transport_guard_.enter()) {
        operation context(*this, operation_kind::notify, seed);
        const connection* const before = std::exchange(being_opened, this);
        const int result = async_socket_open_async(socket_, transport_, on_open, &context);
        being_opened = before;
        if (context.calls != (result == 0 ? 1U : 0U)) {
            report_.violation("an open that succeeded was not called back once, or one that failed was");
        }
        if (result == 0 && opened_.exchange(true)) {
            report_.violation("a socket was opened twice");
        }
        transport_guard_.leave();
    }
    socket_guard_.leave();
}

void connection::on_open(void* context, ASYNC_SOCKET_OPEN_RESULT result)
{
    operation& self = *static_cast<operation*>(context);
    ++self.calls;
    if (result != ASYNC_SOCKET_OPEN_OK) {
        self.owner.report_.violation("an open callback without OK");
    }
    const callback_frame frame(self.owner, nullptr);
    self.owner.world_.act_in_callback(self.owner, self.choice, false);
}

operation* connection::new_operation(operation_kind kind, std::uint64_t seed)
{
    if (!world_.may_start_another()) {
        return nullptr;
    }
    const std::lock_guard<std::mutex> lock(mutex_);
    return operations_.emplace_back(std::make_unique<operation>(*this, kind, seed)).get();
}

void connection::account(operation& one, bool accepted)
{
    one.accepted = accepted;
    one.name = accepted ? one.id : 0;
    ++(accepted ? report_.operations_accepted : report_.operations_refused);
}

void connection::send(std::uint64_t seed)
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
        const starting inside(one);
        const ASYNC_SOCKET_SEND_SYNC_RESULT result =
            async_socket_send_async(socket_, buffers.data(), static_cast<std::uint32_t>(buffers.size()), on_send, one);
        account(*one, result == ASYNC_SOCKET_SEND_SYNC_OK);
    }
    socket_guard_.leave();
}

void connection::on_send(void* context, ASYNC_SOCKET_SEND_RESULT result)
{
    operation& self = *static_cast<operation*>(context);
    ++self.calls;
    const callback_frame frame(self.owner, &self);
    if (result == ASYNC_SOCKET_SEND_OK) {
        self.ok = true;
        ++self.owner.report_.operations_ok;
    } else if (result != ASYNC_SOCKET_SEND_ERROR && result != ASYNC_SOCKET_SEND_ABANDONED) {
        self.owner.report_.violation("a send was called back with no result of its enum");
    }
    // What still left after this would be wrong at the peer.
    std::fill(self.memory.begin(), self.memory.end(), poison);
    self.done = true;
    self.owner.world_.act_in_callback(self.owner, self.choice, false);
}

void connection::receive(std::uint64_t seed)
{
    if (!socket_guard_.enter()) {
        return;
    }
    if (operation* const one = new_operation(operation_kind::receive, seed); one != nullptr) {
        one->memory.resize(one->choice.size(world_.running().largest_message));
        std::vector<ASYNC_SOCKET_BUFFER> buffers = one->cut();
        const bool accepted = receives_.start_in_order(*one, [&] {
            const starting inside(one);
            const int result = async_socket_receive_async(socket_, buffers.data(),
                                                          static_cast<std::uint32_t>(buffers.size()), on_receive, one);
            return result == 0;
        });
        account(*one, accepted);
    }
    socket_guard_.leave();
}

void connection::on_receive(void* context, ASYNC_SOCKET_RECEIVE_RESULT result, std::uint32_t bytes_received)
{
    operation& self = *static_cast<operation*>(context);
    ++self.calls;
    connection& owner = self.owner;
    const callback_frame frame(owner, &self);
    const bool abandoned = result == ASYNC_SOCKET_RECEIVE_ABANDONED && owner.only_a_close_can_abandon();
    if (result == ASYNC_SOCKET_RECEIVE_OK) {
        self.ok = true;
        ++owner.report_.operations_ok;
    } else if (result != ASYNC_SOCKET_RECEIVE_ERROR && result != ASYNC_SOCKET_RECEIVE_ABANDONED) {
        owner.report_.violation("a receive was called back with no result of its enum");
    }
    if ((result == ASYNC_SOCKET_RECEIVE_OK) != (bytes_received != 0)) {
        owner.report_.violation("a receive is OK without a byte, or not OK with some");
    }
    self.received = bytes_received;
    self.done = true;
    owner.receives_.check();
    owner.world_.act_in_callback(owner, self.choice, abandoned);
}

void connection::notify(std::uint64_t seed)
{
    if (!socket_guard_.enter()) {
        return;
    }
    if (operation* const one = new_operation(operation_kind::notify, seed); one != nullptr) {
        const ASYNC_SOCKET_NOTIFY_IO_TYPE type =
            one->choice.in_100(50) ? ASYNC_SOCKET_NOTIFY_IO_TYPE_IN : ASYNC_SOCKET_NOTIFY_IO_TYPE_OUT;
        const starting inside(one);
        const bool accepted = async_socket_notify_io_async(socket_, type, on_notify, one) == 0;
        if (accepted && !contract::expected::notify_io_is_offered) {
            report_.violation("notify_io was accepted where it is not offered");
        }
        account(*one, accepted);
    }
    socket_guard_.leave();
}

void connection::on_notify(void* context, ASYNC_SOCKET_NOTIFY_IO_RESULT result)
{
    operation& self = *static_cast<operation*>(context);
    ++self.calls;
    const callback_frame frame(self.owner, &self);
    if (result < ASYNC_SOCKET_NOTIFY_IO_RESULT_IN || result > ASYNC_SOCKET_NOTIFY_IO_RESULT_ERROR) {
        self.owner.report_.violation("a notify_io was called back with no result of its enum");
    }
    self.done = true;
    self.owner.world_.act_in_callback(self.owner, self.choice, false);
}

bool connection::only_a_close_can_abandon() const
{
    return !peer_->has_ended_something() && !transport_touched_;
}

void connection::expect_silence(const char* when, std::uint32_t others_allowed)
{
    const std::uint32_t own = own_callbacks(*this);
    if (const std::uint32_t running = running_; running > own + others_allowed) {
        report_.violation(std::string(when) + " returned while " + std::to_string(running - own) +
                          " other callbacks were running");
    }
}

void connection::close(bool with_a_reset)
{
    if (!socket_guard_.enter(true)) {
        return;
    }
    // The promise is that of the call that closes. It is this one if the socket is open and no other close is under
    // way from its beginning to its end.
    const handle_guard::closes before = socket_guard_.count_closes();
    const bool was_opened = opened_;
    const bool in_callback = own_callbacks(*this) != 0;
    if (in_callback) {
        ++report_.closes_inside_callbacks;
        ++closing_callbacks_;
    }
    if (with_a_reset) {
        reset_ = true;
        async_socket_reset(socket_);
    } else {
        async_socket_close(socket_);
    }
    if (in_callback) {
        --closing_callbacks_;
    }
    const handle_guard::closes after = socket_guard_.count_closes();
    if (was_opened && before.under_way == 1 && after.begun == before.begun && !socket_guard_.is_retired()) {
        expect_silence("close", 0);
        silent_ = true;
    }
    socket_guard_.leave(true);
}

void connection::destroy()
{
    if (!socket_guard_.retire()) {
        return;
    }
    async_socket_destroy(socket_);
    expect_silence("destroy", 0);
    silent_ = true;
    --counts_.sockets;
    destroyed_ = true;
    note_if_all_is_over();
}

void connection::destroy_in_callback(bool abandoned)
{
    const std::uint32_t own_uses = being_opened == this ? 1 : 0;
    const handle_guard::retirement retirement = socket_guard_.try_retire(own_uses, abandoned);
    if (retirement == handle_guard::retirement::refused) {
        return;
    }
    ++report_.destroys_inside_callbacks;
    report_.destroys_during_a_close += retirement == handle_guard::retirement::during_a_close ? 1 : 0;
    async_socket_destroy(socket_);
    // A callback that closes waits for this one.
    expect_silence("destroy inside a callback",
                   retirement == handle_guard::retirement::during_a_close ? closing_callbacks_.load() : 0);
    silent_ = true;
    --counts_.sockets;
    destroyed_ = true;
    note_if_all_is_over();
}

void connection::note_if_all_is_over()
{
    if (destroyed_ && running_ == 0) {
        all_is_over_.set();
    }
}

void connection::disconnect_transport()
{
    if (transport_guard_.enter()) {
        transport_touched_ = true;
        socket_transport_disconnect(transport_);
        transport_guard_.leave();
    }
}

void connection::destroy_transport()
{
    // In a callback nothing may be waited for that may wait for the callback.
    const bool mine = innermost == nullptr ? transport_guard_.retire()
                                           : transport_guard_.try_retire(0, false) != handle_guard::retirement::refused;
    if (mine) {
        transport_touched_ = true;
        socket_transport_destroy(transport_);
        --counts_.transports;
    }
}

void connection::end()
{
    destroy();
    // A callback may have been faster, and be at it still.
    if (!all_is_over_.wait()) {
        report_.violation("a destroy does not return; " + text());
    }
    destroy_transport();
    end_delays();
    peer_->this_side_has_ended();
    peer_->join();
}

void connection::check()
{
    receives_.check();
    receives_.check_poison();
    if (running_ != 0) {
        report_.violation("callbacks run after everything has ended");
    }
    const std::lock_guard<std::mutex> lock(mutex_);
    for (const std::unique_ptr<operation>& one : operations_) {
        if (one->calls != (one->accepted ? 1U : 0U)) {
            report_.violation(std::string(one->accepted ? "an accepted" : "a refused") + " operation was called back " +
                              std::to_string(one->calls) + " times; " + text());
        }
        if (one->kind == operation_kind::send && one->calls != 0 &&
            std::count(one->memory.begin(), one->memory.end(), poison) !=
                static_cast<std::ptrdiff_t>(one->memory.size())) {
            report_.violation("the memory of a send was written after its callback");
        }
    }
    check_sends();
}

void connection::check_sends() const
{
    // Where bytes of the peer were still unread when this side closed, the system sends a reset, and what was on its
    // way may be lost; some systems do not even tell the peer.
    const bool may_be_a_reset = contract::expected::reset_may_look_like_an_end_in_order && reset_;
    const bool end_is_certain =
        !may_be_a_reset &&
        (!contract::expected::blocking_receive_may_take_a_reset_for_the_end || peer_->script().bytes_to_send == 0);
    if (!peer_->saw_the_end_in_order() || !end_is_certain || script_.sends_may_be_cut) {
        return;
    }
    for (const std::unique_ptr<operation>& one : operations_) {
        if (one->kind == operation_kind::send && one->ok && peer_->messages().whole().count(one->number) == 0) {
            report_.violation("message " + std::to_string(one->number) +
                              " was called back with OK, but has not arrived although the stream ended in order");
        }
    }
}

std::string connection::text() const
{
    return "connection " + std::to_string(place_) + (opened_ ? ", opened" : "") + (silent_ ? ", closed" : "") +
           ", callbacks running: " + std::to_string(running_);
}

} // namespace stress
