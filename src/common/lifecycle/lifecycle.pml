// SPDX-License-Identifier: MIT
//
// The lifecycle of an async socket as a model, to be searched exhaustively with spin: one thread that opens or connects
// the socket, connects that succeed or fail and whose callbacks connect again, callers whose operations call back, calls
// that only visit, closers and a destroyer, outside and inside callbacks, in all combinations that the contract allows. It stands beside the code that it models: lifecycle.cpp, closing.cpp, parking.hpp, destroy.cpp and the steps
// of the platforms' async_socket_open_async, async_socket_close and so on.
//
// "//@" names what is modelled: a file, a function and a piece of its text. A test looks each of them up, so that the
// code cannot change in silence. The fields of the word change together in one atomic step, as in the code. Weaker
// orders of memory are not modelled; ThreadSanitizer watches over those.
//
// Steps of the code are taken together here where that hides nothing:
//   - A compare-exchange loop is the one exchange that succeeds, or the one look that ends it.
//   - Waking follows the change at once if the parking place is free. Later it would wake others, too, and being woken
//     later is being slow to run.
//   - The memory is freed at once by whoever is told to: that is the worst that can happen to all others.
//
// Checked: nobody waits for ever; the socket is freed exactly once, and nobody touches it afterwards; when the close
// that closed it returns, every accepted operation has had its callback and none is running but those on the closer's
// own stack; the connection is not cut while a call is inside; each accepted operation calls back exactly once.
//
// Each of the BREAK_... macros leaves out something that the code needs. The model must then be found wrong.

#ifndef CALLERS
#define CALLERS 2
#endif
#ifndef CLOSERS
#define CLOSERS 1
#endif
#ifndef CONNECTS
#define CONNECTS 0 // the first one is the opener's, each further one that of the callback of the one before
#endif
#ifndef VISITORS
#define VISITORS 0
#endif
#ifndef OTHERS
#define OTHERS 0 // operations that last as long as the socket is open
#endif
#ifdef BACKGROUND // whoever closes may do so in the background; whose callback is one more
#define BACKGROUNDS 1
#else
#define BACKGROUNDS 0
#endif
// With WORKER, callbacks run on one thread, and while one of them waits, others run on top of it (cooperative_wait.hpp);
// otherwise each has a thread of its own, and who waits sleeps.

// Who may sleep: the thread that opens, the callbacks, the closers, the destroyer.
#define OPENER 0
#define CALLBACKS (CALLERS + CONNECTS + BACKGROUNDS)
#define CALLBACK(i) (1 + (i))
#define CONNECT_CALLBACK(i) (1 + CALLERS + (i))
#define BACKGROUND_CALLBACK (1 + CALLERS + CONNECTS)
#define CLOSER(i) (1 + CALLBACKS + (i))
#define DESTROYER (1 + CALLBACKS + CLOSERS)

mtype = { created, opening, open, closing, closed, connecting };

// The word.
//@ src/common/lifecycle/lifecycle.hpp lifecycle: enum class state : std::uint64_t { created, opening, open, closing, closed, connecting };
mtype state = created;
//@ src/common/lifecycle/lifecycle.hpp lifecycle: closer_in_callback = 0x8
bool closer_in_callback = false;
//@ src/common/lifecycle/lifecycle.hpp lifecycle: handle_released = 0x10
bool handle_released = false;
//@ src/common/lifecycle/lifecycle.hpp lifecycle: close_waits = 0x20
#if CONNECTS > 0
bool close_waits = false;
#else
#define close_waits false
#endif
//@ src/common/lifecycle/lifecycle.hpp lifecycle: one_call = std::uint64_t{1} << 8
byte calls = 0;
//@ src/common/lifecycle/lifecycle.hpp lifecycle: one_operation = std::uint64_t{1} << 32
byte operations = 0;

// The parking place.
bool place_is_locked = false;
byte sleepers = 0; // one bit for each who may

// What is watched, but not there in the code.
bool freed = false;
bool disconnected = false;
bool destroy_is_called = false;
byte calls_inside = 0;
byte pending = 0; // accepted operations whose callback has not begun
byte running = 0; // callbacks that have not returned
mtype = { undecided, refused, completes_by_itself, completes_when_disconnected };
mtype operation[CALLERS] = undecided;
bool called_back[CALLERS] = false;
#if CONNECTS > 0
mtype = { not_begun, ends_by_itself, ends_when_closed, ended };
mtype connect[CONNECTS] = not_begun;
bool has_connection = true; // for the close that is under way to end
#else
#define has_connection true
#endif
bool background_has_begun = false;
byte attached = 0; // of the operations that last as long as the socket is open
#ifdef BREAK_CHECK_BEFORE_COUNT
byte between_check_and_count = 0;
#else
#define between_check_and_count 0
#endif

//@ src/common/lifecycle/lifecycle.cpp is_for_the_last_to_free: const bool settled = state_of(word) == state::closed || state_of(word) == state::created;
//@ src/common/lifecycle/lifecycle.cpp is_for_the_last_to_free: return settled && (word & handle_released) != 0 && calls_in(word) == 0 && operations_in(word) == 0;
#define SETTLED (state == closed || state == created)
#ifdef BREAK_FREE_WITHOUT_RELEASED_HANDLE
#define FOR_THE_LAST_TO_FREE (state == closed && calls == 0 && operations == 0)
#elif defined(BREAK_FREE_BEFORE_SETTLED)
#define FOR_THE_LAST_TO_FREE (handle_released && calls == 0 && operations == 0)
#elif defined(BREAK_FREE_UNDER_OPERATIONS)
#define FOR_THE_LAST_TO_FREE (SETTLED && handle_released && calls == 0)
#else
#define FOR_THE_LAST_TO_FREE (SETTLED && handle_released && calls == 0 && operations == 0)
#endif

//@ src/common/lifecycle/closing.cpp is_to_be_closed: return state_of(word) == state::open || state_of(word) == state::connecting || (state_of(word) == state::created && operations_in(word) != 0);
#ifdef BREAK_CLOSE_LEAVES_A_FAILED_CONNECT
#define TO_BE_CLOSED (state == open || state == connecting)
#elif defined(BREAK_CLOSE_LEAVES_A_CONNECT)
#define TO_BE_CLOSED (state == open || (state == created && operations != 0))
#else
#define TO_BE_CLOSED (state == open || state == connecting || (state == created && operations != 0))
#endif

inline touch() { assert(!freed) }

//@ src/win32/platform/socket.cpp deallocate_socket: delete socket;
//@ src/linux/platform/socket.cpp deallocate_socket: delete socket;
inline free_if_last()
{
    if
    :: FOR_THE_LAST_TO_FREE -> freed = true
    :: else
    fi
}

#define IS_ASLEEP(me) ((sleepers & (1 << (me))) != 0)

#ifdef WORKER
//@ src/linux/engine/worker_close.cpp work_until: while (!done.holds() && !in_forked_child()) { take_inbox(); if (!serve_closing(awaited) && !done.holds() && !done.is_to_be_looked_at_again()) { go_on(true); } }
byte innermost = 0; // the callback that is on top of the worker's stack; 0: none
bool innermost_waits = false;
byte own_of[CALLBACKS] = 0;  // how many callbacks are on the stack, from its bottom to this one
byte closer_of_worker = 0; // the callback on the worker's stack that closes; 0: none
#define IS_ON_WORKER(me) ((me) >= CALLBACK(0) && (me) < CALLBACK(CALLBACKS))
//@ src/linux/engine/worker_close.cpp serve_closing: ASYNC_SOCKET_HANDLE socket = awaited_with_work(awaited); if (socket == nullptr) { socket = take_closing(); }
#ifdef BREAK_NESTED_BEFORE_DISCONNECT
#define WORKER_IS_FREE (innermost == 0 || innermost_waits)
#else
#define WORKER_IS_FREE (innermost == 0 || (innermost_waits && disconnected))
#endif
#define MAY_LOOK(me) ((IS_ON_WORKER(me) && innermost == (me)) || (!IS_ON_WORKER(me) && !IS_ASLEEP(me)))
#else
#define IS_ON_WORKER(me) false
#define WORKER_IS_FREE true
#define MAY_LOOK(me) (!IS_ASLEEP(me))
#endif

// Keeps whether the word with which the wait ended has something to close.
//@ src/common/lifecycle/closing.cpp wait_until: std::uint64_t word = word_.load(std::memory_order_acquire);
//@ src/common/lifecycle/closing.cpp wait_until: if (done(word)) { return word; }
//@ src/common/lifecycle/closing.cpp wait_until: thread->work_until(condition, *this); } return word_.load(std::memory_order_acquire); } if (wait != nullptr) { wait->look_for_ring(&word_); } return sleep_until(done);
//@ src/common/lifecycle/closing.cpp sleep_until: park_until(&word_, [this, &word, &done] { word = word_.load(std::memory_order_acquire); return done(word); });
inline wait_until(condition, me)
{
    do
    :: atomic {
        MAY_LOOK(me) && (condition) ->
        touch();
        is_to_be_closed = TO_BE_CLOSED;
#ifdef WORKER
        innermost_waits = (IS_ON_WORKER(me) -> false : innermost_waits);
#endif
        break
       }
#ifdef WORKER
    :: atomic { IS_ON_WORKER(me) && innermost == (me) && !innermost_waits && !(condition) -> touch(); innermost_waits = true }
#endif
       //@ src/common/lifecycle/parking.hpp park_until: std::unique_lock lock(place.mutex);
       //@ src/common/lifecycle/parking.hpp park_until: while (!done()) { place.changed.wait(lock); }
    :: atomic { !IS_ON_WORKER(me) && !IS_ASLEEP(me) && !(condition) && !place_is_locked -> touch(); place_is_locked = true };
#ifdef BREAK_SLEEP_AFTER_UNLOCK
       place_is_locked = false;
       sleepers = sleepers | (1 << me)
#else
       d_step { sleepers = sleepers | (1 << me); place_is_locked = false }
#endif
    od
}

// A change of the word, the waking of those who wait for it, and the freeing if it was for the last to free.
//@ src/common/lifecycle/lifecycle.cpp change: const std::uint64_t after = word_.fetch_add(difference, std::memory_order_seq_cst) + difference;
//@ src/common/lifecycle/lifecycle.cpp change: if (state_of(after) != state::open || state_of(after - difference) != state::open)
inline change(new_state, call_difference, operation_difference)
{
    touch();
    is_told = !(state == open && new_state == open);
    state = new_state;
    calls = calls + (call_difference);
    operations = operations + (operation_difference);
#ifdef BREAK_NO_WAKING
    is_told = false;
#elif defined(BREAK_WAKING_WITHOUT_MUTEX)
    if
    :: is_told -> sleepers = 0; is_told = false
    :: else
    fi;
#else
    if
    :: is_told && !place_is_locked -> sleepers = 0; is_told = false
    :: else
    fi;
#endif
    free_if_last()
}

// What is left of the waking where the parking place was taken. By the address of the word, which may be gone by now:
// nothing of the object is touched.
inline wake_if_told()
{
    //@ src/common/lifecycle/lifecycle.cpp change: { unpark(&word_); cooperative_thread::wake_waiting(); }
    //@ src/common/lifecycle/parking.cpp unpark: { const std::lock_guard lock(place.mutex); }
    //@ src/common/lifecycle/parking.cpp unpark: place.changed.notify_all();
    if
    :: atomic { is_told && !place_is_locked -> sleepers = 0; is_told = false }
    :: !is_told
    fi
}

// The step with which a close takes the closing upon itself; `counted` is 1 where it counts as a call until then.
//@ src/api/socket/open_close.cpp close_socket: const lifecycle::to_close found = life.begin_close(own != 0 ? lifecycle::closer::own_callback : lifecycle::closer::elsewhere); if (found == lifecycle::close_nothing) { return false; }
inline take_closing(me, own, counted)
{
    touch();
#if CONNECTS > 0
    //@ src/common/lifecycle/lifecycle.hpp what_to_close: return state_of(word) == state::created ? close_callbacks : close_connection;
    has_connection = (state != created);
#endif
    state = closing;
    calls = calls - (counted);
#ifdef WORKER
    //@ src/api/socket/open_close.cpp close_socket: callback_scope::mark_closing(socket);
    closer_of_worker = (IS_ON_WORKER(me) -> (me) : 0);
#endif
    closer_in_callback = ((own) != 0)
}

// The rest of async_socket_close after begin_close has returned true.
inline go_on_closing(me, own)
{
#ifndef BREAK_CLOSE_WITHOUT_WAITING_FOR_CALLS
    //@ src/common/lifecycle/closing.cpp wait_for_calls: wait_until([](std::uint64_t word) { return calls_in(word) == 0; });
    //@ src/api/socket/open_close.cpp close_socket: life.wait_for_calls();
    wait_until(calls == 0, me);
#endif
    //@ src/win32/platform/open_close.cpp begin_detaching: transport_disconnect(socket->transport, mode);
    //@ src/api/socket/open_close.cpp close_socket: begin_detaching(socket, found, mode);
    //@ src/linux/platform/socket.cpp begin_detaching: socket->worker.load(std::memory_order_relaxed)->close(socket);
#ifndef BREAK_CLOSE_WITHOUT_DISCONNECT
    atomic { touch(); assert(calls_inside == 0); disconnected = has_connection };
#endif
    //@ src/common/lifecycle/closing.cpp wait_for_operations: wait_until([own, &wait](std::uint64_t word) { return is_down_to(word, own, wait); }, &wait);
    //@ src/common/lifecycle/closing.cpp wait_briefly_for_operations: const auto is_over = [this, own, &wait] { return is_down_to(word_.load(std::memory_order_seq_cst), own, wait); }; if (!is_over()) { wait.look_for_ring(&word_); } return park_for(&word_, limit, is_over);
    //@ src/win32/platform/open_close.cpp wait_for_operations: is_over = socket->life.wait_briefly_for_operations(own, wait, cancel_again);
    //@ src/linux/platform/socket.cpp wait_for_operations: socket->life.wait_for_operations(own, wait);
    //@ src/api/socket/open_close.cpp close_socket: wait_for_operations(socket, own, wait);
#ifdef BREAK_CLOSE_WAITS_FOR_ITSELF
    wait_until(operations == 0, me);
#elif !defined(BREAK_CLOSE_WITHOUT_WAITING_FOR_CALLBACKS)
    wait_until(operations <= own, me);
#endif
    //@ src/common/lifecycle/closing.cpp complete_close: return is_for_the_last_to_free(change(bits_of(state::closed) - bits_of(state::closing)));
    //@ src/api/socket/open_close.cpp close_socket: if (life.complete_close()) { free_socket(socket); }
    atomic {
     // The promise of the close that has closed.
     assert(running == own && pending == 0);
     is_to_be_closed = false;
     change(closed, 0, 0)
    };
    wake_if_told()
}

// async_socket_close; `own` of the callbacks are on the caller's stack.
inline close(me, own, is_part_of_destroy)
{
    if
    :: atomic {
        (is_part_of_destroy || !destroy_is_called) && TO_BE_CLOSED ->
        //@ src/common/lifecycle/closing.cpp begin_close: bits_of(state::closing) + (from != closer::elsewhere ? closer_in_callback : 0) + (from == closer::background ? one_operation : 0);
        //@ src/common/lifecycle/closing.cpp begin_close: std::uint64_t word = word_.load(std::memory_order_acquire);
        //@ src/common/lifecycle/closing.cpp begin_close: if (is_to_be_closed(word)) { if (word_.compare_exchange_weak(word, (word & ~state_mask) + added, std::memory_order_acq_rel, std::memory_order_acquire)) { return what_to_close(word); } }
        take_closing(me, own, 0)
       };
       go_on_closing(me, own)
#if CONNECTS > 0
    :: atomic {
        (is_part_of_destroy || !destroy_is_called) && state == opening && operations != 0 ->
        //@ src/common/lifecycle/closing.cpp begin_close: else if (state_of(word) == state::opening && operations_in(word) != 0) { if (word_.compare_exchange_weak(word, (word + one_call) | close_waits, std::memory_order_acq_rel, std::memory_order_acquire)) { return begin_close_after_opening(added, from == closer::background); } }
        touch();
#ifndef BREAK_CLOSE_LETS_OPEN_AGAIN
        close_waits = true;
#endif
#ifndef BREAK_CLOSE_WAITS_UNCOUNTED
        calls++
#endif
       };
       //@ src/common/lifecycle/closing.cpp begin_close_after_opening: const auto is_over = [](std::uint64_t now) { return state_of(now) != state::opening; }; std::uint64_t word = must_not_work ? sleep_until(is_over) : wait_until(is_over);
       wait_until(state != opening, me);
       if
       :: atomic {
           state != closing ->
           //@ src/common/lifecycle/closing.cpp begin_close_after_opening: while (state_of(word) != state::closing) { if (word_.compare_exchange_weak(word, (word & ~state_mask) + added - one_call, std::memory_order_acq_rel, std::memory_order_acquire)) { return what_to_close(word); } }
           assert(state != opening && state != closed);
#ifdef BREAK_CLOSE_WAITS_UNCOUNTED
           take_closing(me, own, 0)
#else
           take_closing(me, own, 1)
#endif
          };
          go_on_closing(me, own)
       :: atomic {
           state == closing ->
           //@ src/common/lifecycle/closing.cpp begin_close_after_opening: change(std::uint64_t{0} - one_call); return close_nothing;
           touch();
           is_to_be_closed = false;
#ifndef BREAK_CLOSE_WAITS_UNCOUNTED
           change(closing, -1, 0)
#endif
          };
          wake_if_told()
       fi
#endif
    :: atomic {
        (is_part_of_destroy || !destroy_is_called) && !TO_BE_CLOSED && !(CONNECTS > 0 && state == opening && operations != 0) ->
        touch();
        // The promise of a close that finds the socket not open, and nobody who closes it: nothing is left of a connect.
        assert(state == closing || state == closed || (running == own && pending == 0))
       }
    :: !is_part_of_destroy && destroy_is_called
    fi
}

#ifdef BACKGROUND
// The step with which a close in the background begins: from here on it is an operation.
inline take_closing_in_background(counted)
{
    touch();
#if CONNECTS > 0
    has_connection = (state != created);
#endif
    state = closing;
    calls = calls - (counted);
#ifndef BREAK_BACKGROUND_IS_NOT_COUNTED
    operations++;
#endif
    closer_in_callback = true;
    background_has_begun = true
}

// async_socket_close_async
inline close_in_background(me)
{
    if
    :: atomic {
        !destroy_is_called && TO_BE_CLOSED ->
        //@ src/api/socket/background_close.cpp close_in_background: asked->found = core_of(socket).life.begin_close(lifecycle::closer::background); if (asked->found == lifecycle::close_nothing) {
        take_closing_in_background(0)
       }
#if CONNECTS > 0
    :: atomic { !destroy_is_called && state == opening && operations != 0 -> touch(); close_waits = true; calls++ };
       // Works off nothing meanwhile, for it must not wait for a callback.
       if
       :: atomic { state != opening && state != closing -> take_closing_in_background(1) }
       :: atomic { state == closing -> touch(); is_to_be_closed = false; change(closing, -1, 0) };
          wake_if_told()
       fi
#endif
    :: atomic { !destroy_is_called && !TO_BE_CLOSED && !(CONNECTS > 0 && state == opening && operations != 0) -> touch() }
    :: destroy_is_called
    fi
}
#endif

//@ src/common/lifecycle/lifecycle.cpp release_handle: return is_for_the_last_to_free(word_.fetch_or(handle_released, std::memory_order_acq_rel) | handle_released);
//@ src/api/socket/create.cpp async_socket_destroy: if (life.release_handle()) { free_socket(async_socket); }
inline release_handle()
{
    touch();
    is_to_be_closed = false;
    handle_released = true;
    free_if_last()
}

// Whether a callback closes that is not on the stack of the one that destroys.
#ifdef WORKER
#define CLOSERS_ELSEWHERE(me) (closer_in_callback && !(IS_ON_WORKER(me) && closer_of_worker != 0) -> 1 : 0)
#else
#define CLOSERS_ELSEWHERE(me) closer_in_callback
#endif
#ifdef BREAK_CLOSER_COUNTS_TWICE
#define CLOSERS_LEFT_OUT(me) closer_in_callback
#else
#define CLOSERS_LEFT_OUT(me) CLOSERS_ELSEWHERE(me)
#endif

// async_socket_destroy inside a callback.
inline destroy_inside(me)
{
    //@ src/common/lifecycle/destroy.cpp close_for_destroy: const std::uint32_t own = callback_scope::depth(socket); if (own != 0) {
    //@ src/common/lifecycle/destroy.cpp close_for_destroy: async_socket_close(socket); callback_wait wait(socket, callback_wait::purpose::destroy_inside); life.wait_for_others_to_close(own, callback_scope::is_closing(socket), wait); return;
    close(me, own, true);
    //@ src/common/lifecycle/closing.cpp wait_for_others_to_close: const auto is_over = [own, closer_is_among_own, &wait](std::uint64_t word) {
    //@ src/common/lifecycle/closing.cpp wait_for_others_to_close: const std::uint32_t closers = (word & closer_in_callback) != 0 && !closer_is_among_own ? 1 : 0;
    //@ src/common/lifecycle/closing.cpp wait_for_others_to_close: return state_of(word) != state::closing || is_down_to(word, own + closers, wait); }; wait_until(is_over, &wait);
#ifdef BREAK_DESTROY_INSIDE_WAITS_FOR_THE_CLOSE
    wait_until(state != closing, me);
#elif defined(BREAK_DESTROY_INSIDE_FORGETS_THE_CLOSING_CALLBACK)
    wait_until(state != closing || operations <= own, me);
#elif !defined(BREAK_DESTROY_INSIDE_WAITS_FOR_NOBODY)
    wait_until(state != closing || operations <= own + CLOSERS_LEFT_OUT(me), me);
#endif
    // The promise of destroy, which leaves out the callback that calls it and one that is closing.
    atomic { assert(running <= own + CLOSERS_ELSEWHERE(me) && pending == 0); release_handle() }
}

// async_socket_destroy outside callbacks, from the point on at which nobody calls anything else any more.
inline destroy_outside(me)
{
    //@ src/common/lifecycle/destroy.cpp close_for_destroy: while (is_to_be_closed(socket, life)) { async_socket_close(socket); }
    //@ src/common/lifecycle/destroy.cpp is_to_be_closed: return life.wait_until_settled(wait);
    do
    :: true ->
       //@ src/common/lifecycle/closing.cpp wait_until_settled: const state now = state_of(word); if (now == state::closing) {
       //@ src/common/lifecycle/closing.cpp wait_until_settled: return now == state::closed || (now != state::opening && (word & close_waits) == 0); }; return is_to_be_closed(wait_until(is_over, &wait));
#ifdef BREAK_DESTROY_DOES_NOT_WAIT
       wait_until(true, me);
#else
       wait_until(state == closed || (state != opening && state != closing && !close_waits), me);
#endif
       if
       :: is_to_be_closed -> is_to_be_closed = false; close(me, 0, true)
       :: !is_to_be_closed -> break
       fi
    od;
#ifndef BREAK_DESTROY_FORGETS_THE_CLOSING_CALLBACK
    //@ src/common/lifecycle/destroy.cpp close_for_destroy: life.wait_for_operations(0, wait);
    wait_until(operations == 0, me);
#endif
    // The promise of destroy.
    atomic { assert(running == 0 && pending == 0); release_handle() }
}

// What the program does in a callback: closes or not, then destroys or not.
inline callback_body(me)
{
    if
    :: true
    :: close(me, own, false)
#ifdef BACKGROUND
    :: close_in_background(me)
#endif
    fi;
    if
    :: true
    :: atomic { !destroy_is_called && between_check_and_count == 0 -> destroy_is_called = true };
       destroy_inside(me)
    fi;
    //@ src/common/lifecycle/lifecycle.cpp end_operation: return is_for_the_last_to_free(change(std::uint64_t{0} - one_operation));
    //@ src/win32/completion/on_io_complete.cpp on_io_complete: if (socket->life.end_operation()) { free_socket(socket); }
    //@ src/win32/completion/on_io_complete.cpp complete_queued_receive: if (socket->life.end_operation()) { free_socket(socket); }
    //@ src/win32/connect/operation.cpp finish: if (socket->life.end_operation()) { free_socket(socket); }
    //@ src/win32/listen/accept_operation.cpp run_accept: if (socket->life.end_operation()) { free_socket(socket); }
    //@ src/win32/platform/shutdown.cpp run_shutdown: if (socket->life.end_operation()) { free_socket(socket); }
    //@ src/win32/platform/socket_delay.cpp run_socket_delay: if (socket->life.end_operation()) { free_socket(socket); }
    //@ src/linux/engine/worker_call.cpp call: if (socket->life.end_operation()) { free_socket(socket); }
    atomic {
        running--;
#ifdef WORKER
        if
        :: IS_ON_WORKER(me) -> innermost = outer; innermost_waits = (outer != 0)
        :: else
        fi;
#endif
        change(state, 0, -1)
    };
    wake_if_told()
}

#if CONNECTS > 0
//@ src/common/lifecycle/lifecycle.cpp begin_connect: change(bits_of(state::connecting) - bits_of(state::opening) + one_operation * (std::uint64_t{1} + others));
inline begin_connect(i)
{
    atomic {
        if
        :: connect[i] = ends_by_itself
        :: connect[i] = ends_when_closed
        fi;
        pending++;
        attached = OTHERS;
#ifdef BREAK_CONNECT_IS_NOT_COUNTED
        change(connecting, 0, OTHERS)
#else
        change(connecting, 0, 1 + OTHERS)
#endif
    };
    wake_if_told()
}

// A change of the state alone, made if it is as it must be.
//@ src/common/lifecycle/lifecycle.cpp change_state: std::uint64_t word = word_.load(std::memory_order_acquire);
//@ src/common/lifecycle/lifecycle.cpp change_state: while (state_of(word) == from && !(to == state::opening && (word & close_waits) != 0)) {
//@ src/common/lifecycle/lifecycle.cpp change_state: if (word_.compare_exchange_weak(word, word + bits_of(to) - bits_of(from), std::memory_order_seq_cst, std::memory_order_acquire)) {
//@ src/common/lifecycle/lifecycle.cpp change_state: unpark(&word_); cooperative_thread::wake_waiting(); return true;
inline change_state(to)
{
    change(to, 0, 0)
}

// What ends a connect, and its callback.
proctype connector(byte i)
{
    bool is_told;
    bool is_to_be_closed;
    bool has_failed;
    byte own = 1;
#ifdef WORKER
    byte outer;
#endif
    if
    :: atomic {
        WORKER_IS_FREE && (connect[i] == ends_by_itself || (connect[i] == ends_when_closed && disconnected)) ->
        connect[i] = ended;
#ifdef WORKER
        outer = innermost;
        own = (outer == 0 -> 1 : own_of[outer - 1] + 1);
        own_of[CONNECT_CALLBACK(i) - 1] = own;
        innermost = CONNECT_CALLBACK(i);
        innermost_waits = false
#endif
       };
       if
       :: atomic {
#ifndef BREAK_CONNECT_SUCCEEDS_UNDER_CLOSE
           state == connecting ->
#endif
           //@ src/common/lifecycle/lifecycle.cpp complete_connect: return change_state(state::connecting, state::open);
           //@ src/linux/engine/worker_connect.cpp settle_connect: return socket->life.complete_connect() ? ASYNC_STATUS_OK : ASYNC_STATUS_CLOSED;
           //@ src/win32/connect/outcome.cpp open_socket: if (socket_->life.complete_connect()) {
           change_state(open)
          };
          wake_if_told()
       :: if
          :: atomic {
#ifndef BREAK_CONNECT_FAILS_UNDER_CLOSE
              state == connecting ->
#endif
              //@ src/common/lifecycle/lifecycle.cpp abandon_connect: return change_state(state::connecting, state::created);
              //@ src/linux/engine/worker_connect.cpp settle_connect: if (socket->life.abandon_connect()) {
              //@ src/win32/connect/outcome.cpp settle_socket: return completion_of_failure(!socket_->life.abandon_connect());
              has_failed = true;
              change_state(created)
             };
             wake_if_told();
#if OTHERS > 0
             //@ src/linux/engine/worker_connect.cpp settle_connect: static_cast<void>(socket->life.end_operation());
             atomic { attached = 0; change(state, 0, -OTHERS) };
             wake_if_told()
#endif
#ifndef BREAK_CONNECT_FAILS_UNDER_CLOSE
          :: atomic { state != connecting -> touch() }
#endif
          fi
       :: atomic { state != connecting -> touch() }
       fi;
       atomic { touch(); pending--; running++ };
#if CONNECTS > 1
       // It cannot know of a destroy that has just been called on another thread.
       if
       :: true
       :: atomic {
           has_failed && i + 1 < CONNECTS && state == created && !close_waits ->
           touch();
#ifdef BREAK_OPEN_FORGETS_WHO_IS_COUNTED
           operations = 0;
           calls = 0;
#endif
           state = opening
          };
          if
          :: begin_connect(i + 1)
          :: atomic { change(created, 0, 0) };
             wake_if_told()
          fi
       fi;
#endif
       has_failed = false;
       callback_body(CONNECT_CALLBACK(i))
    :: freed
    fi
}
#endif

#if VISITORS > 0
// A call that is about operations which are under way.
proctype visitor()
{
    bool is_told;
    if
    :: atomic {
        !destroy_is_called ->
        //@ src/common/lifecycle/lifecycle.cpp begin_visit: return state_of(word_.fetch_add(one_call, std::memory_order_acq_rel));
        //@ src/api/socket/leave.cpp async_socket_get_transport: const bool is_open = core.life.begin_visit() == lifecycle::state::open;
        //@ src/api/socket/cancel.cpp cancel: const lifecycle::state state = core_of(socket).life.begin_visit();
        //@ src/common/lifecycle/lifecycle.cpp begin_lasting_visit: std::uint64_t word = word_.load(std::memory_order_acquire);
        //@ src/common/lifecycle/lifecycle.cpp begin_lasting_visit: if (word_.compare_exchange_weak(word, word + one_call, std::memory_order_acq_rel, std::memory_order_acquire)) {
        //@ src/linux/platform/cancel.cpp cancel_operation: if (!socket->life.begin_lasting_visit()) {
        //@ src/api/socket/cancel.cpp cancel_and_wait: static_cast<void>(core_of(socket).life.begin_visit());
        //@ src/linux/platform/cancel.cpp cancel_operation_and_wait: waiter.wait(waiting_elsewhere);
        //@ src/win32/listen/accept_operation.cpp try_again: static_cast<void>(own_socket->life.begin_visit());
        touch();
#ifndef BREAK_VISIT_IS_NOT_COUNTED
        calls++
#endif
       };
       touch();
       //@ src/api/socket/cancel.cpp end_visit: if (core_of(socket).life.end_visit()) { free_socket(socket); }
       //@ src/linux/engine/worker_cancel.cpp leave_after_cancel: if (socket->life.end_visit()) { free_socket(socket); }
       //@ src/win32/platform/cancel.cpp cancel_operation_and_wait: waiter.wait(lifecycle());
       //@ src/win32/listen/accept_operation.cpp try_again: if (own_socket->life.end_visit()) { free_socket(own_socket); }
       //@ src/common/lifecycle/lifecycle.cpp end_visit: return is_for_the_last_to_free(change(std::uint64_t{0} - one_call));
#ifdef BREAK_VISIT_NEVER_FREES
       atomic {
        touch();
        calls--;
        if
        :: !place_is_locked -> sleepers = 0
        :: else -> is_told = true
        fi
       };
#elif !defined(BREAK_VISIT_IS_NOT_COUNTED)
       atomic { change(state, -1, 0) };
#endif
       wake_if_told()
    :: destroy_is_called
    fi
}
#endif

// async_socket_open_async
proctype opener()
{
    bool is_told;
    bool is_to_be_closed;
    byte own = 1;
#ifdef WORKER
    byte outer; // of no use on this thread
#endif
    if
    :: atomic {
        !destroy_is_called ->
        //@ src/common/lifecycle/lifecycle.cpp begin_open: return change_state(state::created, state::opening);
        //@ src/api/socket/open_close.cpp async_socket_open_async: if (!life.begin_open()) {
        //@ src/api/socket/connect.cpp connect: if (!life.begin_open()) {
        //@ src/api/listener/listener.cpp async_listener_open: if (!life.begin_open()) {
        touch();
        assert(state == created);
        state = opening
       };
       if
       :: //@ src/common/lifecycle/lifecycle.cpp abandon_open: change(bits_of(state::created) - bits_of(state::opening));
          //@ src/api/socket/open_close.cpp async_socket_open_async: life.abandon_open(); return 1;
          //@ src/api/socket/connect.cpp connect: life.abandon_open(); return start == connect_start::no_resources ? ASYNC_STATUS_NO_RESOURCES : 1;
          //@ src/api/listener/listener.cpp async_listener_open: life.abandon_open(); return 1;
          atomic { change(created, 0, 0) };
          wake_if_told()
       :: //@ src/common/lifecycle/lifecycle.cpp complete_open: change(bits_of(state::open) - bits_of(state::opening) + one_operation * (std::uint64_t{1} + others));
          //@ src/api/socket/open_close.cpp async_socket_open_async: life.complete_open(standing_operations);
          //@ src/api/listener/listener.cpp async_listener_open: life.complete_open(standing_operations); if (life.end_operation()) { free_socket(socket); }
          atomic { running++; attached = OTHERS; change(open, 0, 1 + OTHERS) };
          wake_if_told();
          //@ src/api/socket/open_close.cpp async_socket_open_async: if (life.end_operation()) { free_socket(async_socket); }
          callback_body(OPENER)
#if CONNECTS > 0
       :: //@ src/linux/platform/connect.cpp start_connect: socket->life.begin_connect(standing_operations);
          //@ src/win32/connect/operation.cpp begin_under_mutex: socket_->life.begin_connect(0);
          begin_connect(0)
#endif
       fi
    :: destroy_is_called
    fi
}

// async_socket_send_async or async_socket_receive_async. One is like the other, so they may as well begin in order.
proctype caller(byte i)
{
    bool is_told;
    i == 0 || operation[i - 1] != undecided;
    if
    :: atomic {
        !destroy_is_called && state == open ->
        //@ src/common/lifecycle/lifecycle.cpp begin_call: std::uint64_t word = word_.load(std::memory_order_acquire);
        //@ src/common/lifecycle/lifecycle.cpp begin_call: while (state_of(word) == state::open && has_room(word)) {
        //@ src/common/lifecycle/lifecycle.cpp begin_call: if (word_.compare_exchange_weak(word, word + one_call + one_operation, std::memory_order_acq_rel, std::memory_order_acquire)) {
        //@ src/api/socket/counted_call.hpp counted_call: if (!life.begin_call()) {
        //@ src/api/socket/leave.cpp async_socket_release: if (!life.begin_call()) {
        touch();
#ifdef BREAK_CHECK_BEFORE_COUNT
        between_check_and_count++
       };
       atomic {
        touch();
        between_check_and_count--;
#endif
        calls++;
        operations++;
        calls_inside++
       };
       //@ src/api/socket/leave.cpp async_socket_release: life.withdraw_call();
       //@ src/api/socket/counted_call.hpp counted_call: life.withdraw_call();
       if
       :: atomic {
           touch();
           assert(!disconnected);
           pending++;
           if
           :: operation[i] = completes_by_itself
           :: operation[i] = completes_when_disconnected
           fi
          };
          //@ src/common/lifecycle/lifecycle.cpp end_call: change(std::uint64_t{0} - one_call);
          //@ src/api/socket/counted_call.hpp counted_call: life.end_call();
          atomic { assert(!disconnected); calls_inside--; change(state, -1, 0) };
          wake_if_told()
       :: //@ src/common/lifecycle/lifecycle.cpp withdraw_call: change(std::uint64_t{0} - one_call - one_operation);
          atomic { assert(!disconnected); calls_inside--; operation[i] = refused; change(state, -1, -1) };
          wake_if_told()
       fi
    :: atomic { !destroy_is_called && state != open -> touch(); operation[i] = refused }
    :: atomic { destroy_is_called -> operation[i] = refused }
    fi
}

// What follows from an accepted operation.
proctype callback(byte i)
{
    bool is_told;
    bool is_to_be_closed;
    byte own = 1;
#ifdef WORKER
    byte outer; // what this callback runs on top of
#endif
    if
    :: operation[i] == refused
    :: atomic {
        WORKER_IS_FREE &&
        (operation[i] == completes_by_itself || (operation[i] == completes_when_disconnected && disconnected)) ->
#ifdef WORKER
        outer = innermost;
        own = (outer == 0 -> 1 : own_of[outer - 1] + 1);
        own_of[i] = own;
        innermost = CALLBACK(i);
        innermost_waits = false;
#endif
        touch();
        assert(!called_back[i]);
        called_back[i] = true;
        pending--;
        running++
       };
       callback_body(CALLBACK(i))
    fi
}

#if OTHERS > 0
// What is counted as long as the socket is open, and ends because it is closed.
proctype other()
{
    bool is_told;
    if
       //@ src/linux/engine/worker_close.cpp detach_if_done: if (socket->life.end_operation()) { free_socket(socket); }
    :: atomic {
#ifdef WORKER
        //@ src/linux/engine/worker_close.cpp can_detach: return socket.closing && socket.connecting == nullptr && socket.sends.queue.empty() && socket.receives.queue.empty() && socket.notifications.empty() && socket.ended.empty();
        WORKER_IS_FREE && pending == 0 &&
#endif
        disconnected && attached > 0 -> attached--; change(state, 0, -1)
       };
       wake_if_told()
    :: freed
    fi
}
#endif

proctype closer(byte i)
{
    bool is_told;
    bool is_to_be_closed;
#ifdef BACKGROUND
    close_in_background(CLOSER(i))
#else
    close(CLOSER(i), 0, false)
#endif
}

#ifdef BACKGROUND
// What follows from a close in the background: on Windows a thread of the pool that sleeps until it can go on, on Linux
// steps of the worker, which it takes when it can.
proctype background()
{
    bool is_told;
    bool is_to_be_closed;
    byte own = 1;
#ifdef WORKER
    byte outer;
#endif
    if
    :: background_has_begun ->
#ifdef WORKER
#define WORKER_LOOKS (innermost == 0 || innermost_waits)
#ifdef BREAK_BACKGROUND_WITHOUT_WAITING_FOR_CALLS
#define NO_CALLS true
#else
#define NO_CALLS (calls == 0)
#endif
       //@ src/linux/platform/socket.cpp begin_background_close: const visit during_call(closing->socket);
       //@ src/linux/engine/worker_background.cpp go_on_with: if (socket->life.has_calls()) {
       //@ src/common/lifecycle/lifecycle.cpp has_calls: return calls_in(word_.load(std::memory_order_seq_cst)) != 0;
       //@ src/linux/engine/worker_background.cpp go_on_with: begin_closing(socket);
       atomic { WORKER_LOOKS && NO_CALLS -> touch(); assert(calls_inside == 0); disconnected = has_connection };
       //@ src/linux/engine/worker_background.cpp go_on_with: (socket->life.only_the_close_is_left() ? closed_ : settling_).push_back(closing);
       //@ src/common/lifecycle/lifecycle.cpp only_the_close_is_left: return operations_in(word_.load(std::memory_order_seq_cst)) == 1;
       //@ src/linux/engine/worker_background.cpp call_closed: tell_closed(ended);
       atomic {
#ifdef BREAK_BACKGROUND_WITHOUT_WAITING_FOR_CALLBACKS
        WORKER_LOOKS ->
#else
        WORKER_LOOKS && operations <= 1 ->
#endif
        outer = innermost;
        own = (outer == 0 -> 1 : own_of[outer - 1] + 1);
        own_of[BACKGROUND_CALLBACK - 1] = own;
        innermost = BACKGROUND_CALLBACK;
        innermost_waits = false
       };
#else
       //@ src/win32/platform/background_close.cpp begin_background_close: socket->life.begin_visit();
       //@ src/win32/platform/background_close.cpp run_background_close: life.wait_for_calls();
#ifndef BREAK_BACKGROUND_WITHOUT_WAITING_FOR_CALLS
       wait_until(calls == 0, BACKGROUND_CALLBACK);
#endif
       //@ src/win32/platform/background_close.cpp run_background_close: begin_detaching(socket, asked.found, disconnect_mode::in_order);
       atomic { touch(); assert(calls_inside == 0); disconnected = has_connection };
       //@ src/win32/platform/background_close.cpp run_background_close: wait_for_operations(socket, 1, wait);
#ifndef BREAK_BACKGROUND_WITHOUT_WAITING_FOR_CALLBACKS
       wait_until(operations <= 1, BACKGROUND_CALLBACK);
#endif
       //@ src/win32/platform/background_close.cpp run_background_close: tell_closed(asked);
#endif
       //@ src/api/socket/background_close.cpp tell_closed: static_cast<void>(core_of(ended.socket).life.complete_close()); ended.on_closed(ended.context);
       atomic {
        // The promise of on_closed: it is the last callback.
        assert(state == closing && running == 0 && pending == 0);
        running++;
        is_to_be_closed = false;
        change(closed, 0, 0)
       };
       wake_if_told();
       //@ src/win32/platform/background_close.cpp run_background_close: if (life.end_operation()) { free_socket(socket); }
       //@ src/linux/engine/worker_background.cpp call_closed: if (ended.socket->life.end_operation()) { free_socket(ended.socket); }
       callback_body(BACKGROUND_CALLBACK)
    :: freed
    fi
}
#endif

// Destroys when it likes, unless a callback has done so.
proctype destroyer()
{
    bool is_told;
    bool is_to_be_closed;
    if
    :: atomic { !destroy_is_called && between_check_and_count == 0 -> destroy_is_called = true };
       destroy_outside(DESTROYER)
    :: destroy_is_called
    fi
}

init
{
    byte i;
    atomic {
        run opener();
        for (i : 0 .. CALLERS - 1) {
            run caller(i);
            run callback(i)
        }
        for (i : 0 .. CLOSERS - 1) {
            run closer(i)
        }
#if OTHERS > 0
        for (i : 0 .. OTHERS - 1) {
            run other()
        }
#endif
#if CONNECTS > 0
        for (i : 0 .. CONNECTS - 1) {
            run connector(i)
        }
#endif
#if VISITORS > 0
        for (i : 0 .. VISITORS - 1) {
            run visitor()
        }
#endif
#ifdef BACKGROUND
        run background();
#endif
        run destroyer();
        i = 0
    };
    atomic {
        _nr_pr == 1 -> // everyone else has come to an end
        assert(freed);
        assert(calls == 0 && operations == 0 && calls_inside == 0 && pending == 0 && running == 0);
        for (i : 0 .. CALLERS - 1) {
            assert(called_back[i] == (operation[i] != refused))
        }
#if CONNECTS > 0
        for (i : 0 .. CONNECTS - 1) {
            assert(connect[i] == not_begun || connect[i] == ended)
        }
#endif
    }
}
