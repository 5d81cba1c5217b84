// SPDX-License-Identifier: MIT
//
// Rings of closes as a model, to be searched exhaustively with spin: threads that run callbacks, which close sockets and
// wait for the callbacks of those. A thread that waits runs further callbacks on top of its stack, as a worker does, and
// every callback on a stack is held up by what is on top of it. lifecycle.pml says how models are written here, and what
// "//@" and BREAK_... are for.
//
// Each socket belongs to one thread and has callbacks to be called, one after the other. Each of them closes any one
// socket, or none; and so does a thread outside.
//
// Checked: every callback returns, whoever closes what. A close returns while a callback of its socket is left only if
// that is below it on the stack, or waits for it in a ring and still has not returned. And a close that is in no ring,
// whatever its thread does besides, leaves nothing out.

#ifndef THREADS
#define THREADS 2
#endif
#ifndef SOCKETS
#define SOCKETS 3
#endif
#ifndef CALLBACKS
#define CALLBACKS 1 // of each socket
#endif
#define DEEPEST (SOCKETS * CALLBACKS)
#define FRAMES (THREADS * DEEPEST)
#define NONE 255
#define TOP(t) ((t) * DEEPEST + height[t] - 1)

// The stacks: frame t * DEEPEST + p is the callback at height p of thread t.
byte height[THREADS] = 0;
byte whose[FRAMES] = NONE;   // the socket
byte awaited[FRAMES] = NONE; // the socket that it is closing; NONE: it waits for nothing
bool has_closed[FRAMES] = false;
bool is_listed[FRAMES] = false;  // its wait is, for others to find
bool has_looked[FRAMES] = false; // it has looked for rings, since its wait may be listed by one on top of it
byte left_out[FRAMES] = 0;      // how many callbacks its wait leaves out because of a ring
short left_out_by[FRAMES] = 0;  // the waits that leave this callback out, one bit each

bool is_wrong = false; // a callback was left out that waits for nothing

bool is_closing[SOCKETS] = false;
byte to_begin[SOCKETS] = CALLBACKS;
byte to_return[SOCKETS] = CALLBACKS;

c_code {
#define AT(t, p) ((t) * DEEPEST + (p))

    static int thread_of(int frame) { return frame / DEEPEST; }
    static int is_there(int frame) { return frame % DEEPEST < now.height[thread_of(frame)]; }

    static int own(int t, int socket)
    {
        int p, count = 0;
        for (p = 0; p < now.height[t]; p++) {
            count += now.whose[AT(t, p)] == socket;
        }
        return count;
    }

    //@ src/linux/engine/worker_close.cpp serve_closing: ASYNC_SOCKET_HANDLE socket = awaited_with_work(awaited); if (socket == nullptr) { socket = take_closing(); } if (socket == nullptr) { socket = left_out_with_work(); }
    //@ src/linux/engine/worker_close.cpp take_closing: if (!socket->is_called_back) { return socket; }
    //@ src/linux/engine/worker_close.cpp left_out_with_work: if (is_closing_here(*socket) && has_work(*socket) && callback_wait::leaves_out_here(socket)) {
    // Of a socket that is being closed, on top of a wait; not on top of a callback of the same socket, but where that is
    // awaited, or left out.
    static int may_begin(int t, int socket)
    {
        int p;
        if (socket % THREADS != t || now.to_begin[socket] == 0) {
            return 0;
        }
        if (now.height[t] == 0) {
            return 1;
        }
        if (now.awaited[AT(t, now.height[t] - 1)] == NONE || !now.is_closing[socket]) {
            return 0;
        }
        if (now.awaited[AT(t, now.height[t] - 1)] == socket) {
            return 1;
        }
        for (p = 0; p < now.height[t]; p++) {
#ifdef BREAK_RING_IS_NOT_SERVED
            if (now.whose[AT(t, p)] == socket) {
#else
            if (now.whose[AT(t, p)] == socket && now.left_out_by[AT(t, p)] == 0) {
#endif
                return 0;
            }
        }
        return 1;
    }

    //@ src/common/lifecycle/closing.cpp is_down_to: return operations_in(word) <= own + wait.left_out();
    //@ src/common/lifecycle/callback_wait.hpp left_out: return left_out_.load(std::memory_order_seq_cst);
    static int has_ended(int t)
    {
        const int top = AT(t, now.height[t] - 1);
        return now.height[t] > 0 && now.awaited[top] != NONE &&
               now.to_return[now.awaited[top]] <= own(t, now.awaited[top]) + now.left_out[top];
    }

    //@ src/common/lifecycle/callback_ring.cpp for_each_ahead: for (callback_wait* each = *wait.top_; each != &wait; each = each->outer_) { visit(*each); }
    //@ src/common/lifecycle/callback_ring.cpp for_each_ahead: for_each_awaited(wait, [&visit](const callback_scope& scope) { for_each_on_top(scope, visit); });
    // Whether the first wait cannot end before the second one has: that is on top of it; or on top of a callback of the
    // awaited socket on another thread.
    static int leads_to(int from, int to)
    {
        int p;
        if (thread_of(from) == thread_of(to)) {
            return from < to;
        }
        for (p = AT(thread_of(to), 0); p <= to; p++) {
            if (now.whose[p] == now.awaited[from]) {
                return 1;
            }
        }
        return 0;
    }

    static int waits(int frame)
    {
        int p, does = 0;
        for (p = frame; is_there(p) && p < AT(thread_of(frame) + 1, 0); p++) {
            does |= now.awaited[p] != NONE;
        }
        return does;
    }

    static int is_wait(int frame) { return is_there(frame) && now.is_listed[frame]; }

    //@ src/common/lifecycle/callback_wait.hpp look_for_ring: if (has_looked_) { return false; } list_and_look(word);
    //@ src/common/lifecycle/callback_ring.cpp list: for (callback_wait* each = &added; each != nullptr && !each->is_listed_; each = each->outer_) {
    //@ src/common/lifecycle/callback_wait.cpp list_and_look: callback_ring::list(*this); callback_ring search(*this); has_found = search.find(); if (has_found) { search.leave_out(names); }
    //@ src/common/lifecycle/callback_ring.cpp leave_out: each->is_in_ring_.store(true, std::memory_order_seq_cst);
    //@ src/common/lifecycle/callback_ring.cpp leave_out_of: wait.left_out_.fetch_add(1, std::memory_order_seq_cst);
    static void look_for_ring(int t)
    {
        const int last = AT(t, now.height[t] - 1);
        int ahead[FRAMES] = {0}, ring[FRAMES] = {0};
        int i, j, changed, found = 0;
        for (i = AT(t, 0); i <= last; i++) {
            now.is_listed[i] = now.awaited[i] != NONE;
        }
#ifdef BREAK_LISTED_DOES_NOT_LOOK
        for (i = AT(t, 0); i < last; i++) {
            now.has_looked[i] = now.is_listed[i];
        }
#endif
        now.has_looked[last] = 1;
#ifdef BREAK_NO_RINGS
        return;
#endif
        ahead[last] = ring[last] = 1;
        do {
            changed = 0;
            for (i = 0; i < FRAMES; i++) {
                for (j = 0; j < FRAMES; j++) {
                    if (is_wait(i) && is_wait(j) && ahead[i] && !ahead[j] && leads_to(i, j)) {
                        ahead[j] = changed = 1;
                    }
                }
            }
        } while (changed);
        do {
            changed = 0;
            for (i = 0; i < FRAMES; i++) {
                for (j = 0; j < FRAMES; j++) {
                    if (is_wait(i) && is_wait(j) && ahead[i] && ring[j] && !ring[i] && leads_to(i, j)) {
                        ring[i] = changed = found = 1;
                    }
                }
            }
        } while (changed);
        if (!found) {
            return;
        }
        for (i = 0; i < FRAMES; i++) {
            if (!ring[i]) {
                continue;
            }
            for (j = 0; j < FRAMES; j++) {
                int k, is_held_up = 0;
                if (!is_there(j) || thread_of(j) == thread_of(i) || now.whose[j] != now.awaited[i] ||
                    (now.left_out_by[j] & 1 << i) != 0) {
                    continue;
                }
                for (k = j; k < AT(thread_of(j) + 1, 0); k++) {
                    is_held_up |= ring[k];
                }
#ifdef BREAK_EVERY_CALLBACK_IS_LEFT_OUT
                is_held_up = 1;
#endif
                if (is_held_up) {
                    now.is_wrong |= !waits(j);
                    now.left_out_by[j] |= 1 << i;
                    now.left_out[i]++;
                }
            }
        }
    }

    // The promise of a close that returns.
    static int left_is_excused(int t)
    {
        const int top = AT(t, now.height[t] - 1);
        int i, excused = own(t, now.awaited[top]);
        for (i = 0; i < FRAMES; i++) {
            excused += is_there(i) && now.whose[i] == now.awaited[top] && (now.left_out_by[i] & 1 << top) != 0;
        }
        return now.to_return[now.awaited[top]] == excused;
    }

    //@ src/common/lifecycle/callback_ring.cpp take_out: topmost = removed.outer_;
    static void end_wait(int t)
    {
        const int top = AT(t, now.height[t] - 1);
        int i;
        for (i = 0; i < FRAMES; i++) {
            now.left_out_by[i] &= ~(1 << top);
        }
        now.left_out[top] = 0;
        now.is_listed[top] = 0;
        now.has_looked[top] = 0;
        now.awaited[top] = NONE;
    }

    static void begin_callback(int t, int socket)
    {
        now.to_begin[socket]--;
        now.whose[AT(t, now.height[t])] = socket;
        now.height[t]++;
    }

    //@ src/common/lifecycle/callback_ring.cpp take_out_scope: by->left_out_.fetch_sub(1, std::memory_order_seq_cst);
    //@ src/linux/engine/worker_call.cpp call: if (socket->life.end_operation()) {
    static void end_callback(int t)
    {
        const int top = AT(t, now.height[t] - 1);
        int i;
        for (i = 0; i < FRAMES; i++) {
#ifndef BREAK_RETURNED_CALLBACK_STAYS_LEFT_OUT
            now.left_out[i] -= (now.left_out_by[top] & 1 << i) != 0;
#endif
        }
        now.left_out_by[top] = 0;
        now.to_return[now.whose[top]]--;
        now.whose[top] = NONE;
        now.has_closed[top] = 0;
        now.height[t]--;
    }
}

#define RETURNED(s) (to_return[s] == 0)
#if SOCKETS == 2
#define ALL_RETURNED (RETURNED(0) && RETURNED(1))
#elif SOCKETS == 3
#define ALL_RETURNED (RETURNED(0) && RETURNED(1) && RETURNED(2))
#else
#define ALL_RETURNED (RETURNED(0) && RETURNED(1) && RETURNED(2) && RETURNED(3))
#endif

#define BEGIN(s) :: atomic { c_expr { (may_begin(Pthread->t, s)) } -> c_code { begin_callback(Pthread->t, s); } }
#define CLOSE(s) :: atomic { RUNS && !has_closed[TOP(t)] && !is_closing[s] -> is_closing[s] = true; has_closed[TOP(t)] = true; awaited[TOP(t)] = s }
#define RUNS (height[t] > 0 && awaited[TOP(t)] == NONE)

proctype thread(byte t)
{
    do
    BEGIN(0)
    BEGIN(1)
#if SOCKETS > 2
    BEGIN(2)
#endif
#if SOCKETS > 3
    BEGIN(3)
#endif
    CLOSE(0)
    CLOSE(1)
#if SOCKETS > 2
    CLOSE(2)
#endif
#if SOCKETS > 3
    CLOSE(3)
#endif
    // Before it sleeps, once.
    :: atomic {
        height[t] > 0 && awaited[TOP(t)] != NONE && !has_looked[TOP(t)] && !c_expr { (has_ended(Pthread->t)) } ->
        c_code { look_for_ring(Pthread->t); };
        assert(!is_wrong)
       }
    :: atomic { c_expr { (has_ended(Pthread->t)) } -> assert(c_expr { (left_is_excused(Pthread->t)) }); c_code { end_wait(Pthread->t); } }
    :: atomic { RUNS -> c_code { end_callback(Pthread->t); } }
    :: atomic { ALL_RETURNED -> break }
    od
}

init
{
    byte t;
    byte s;
    atomic {
        for (t : 0 .. THREADS - 1) {
            run thread(t)
        };
        t = 0
    };
    if
    :: true
    :: atomic { !is_closing[0] -> is_closing[0] = true; s = 0 };
       to_return[0] == 0
    fi;
    _nr_pr == 1;
    assert(ALL_RETURNED)
}
