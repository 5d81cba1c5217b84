// SPDX-License-Identifier: MIT
//
// The gate before the system socket of a transport as a model, to be searched exhaustively with spin: one thread that
// makes the socket, users, and threads that disconnect, as they like. lifecycle.pml says how models are written here,
// and what "//@" and BREAK_... are for.
//
// Checked: a socket that was made is closed exactly once; nobody uses it once it is closed; after a disconnect nothing
// brings it back; one disconnect at most is the one that disconnects.

#ifndef USERS
#define USERS 2
#endif
#ifndef DISCONNECTERS
#define DISCONNECTERS 2
#endif

mtype = { idle, setup, open, closed };

// The word.
#ifdef STARTS_OPEN
//@ src/common/transport/use_gate.hpp use_gate: explicit use_gate(bool open) noexcept : word_(open ? bits_of(state::open) : bits_of(state::idle)) {}
//@ src/common/transport/use_gate.hpp use_gate: enum class state : std::uint32_t { idle, setup, open, closed };
mtype state = open;
byte sockets = 1;
#else
mtype state = idle;
byte sockets = 0; // those made and not closed
#endif
byte users = 0;

// What is watched, but not there in the code.
bool is_disconnected = false;
byte disconnects = 0;
byte using = 0;

//@ src/api/transport/lifetime.cpp leave: close_system_socket(transport);
inline close_socket()
{
    assert(sockets == 1 && using == 0);
    sockets--
}

// True for the last who leaves a disconnected gate: that one closes.
//@ src/common/transport/use_gate.hpp leave: return word_.fetch_sub(one_user, std::memory_order_acq_rel) - one_user == bits_of(state::closed);
inline leave()
{
    atomic {
        using--;
        users--;
#ifdef BREAK_LEAVE_LOOKS_AT_USERS_ONLY
        must_close = (users == 0)
#else
        must_close = (users == 0 && state == closed)
#endif
    };
    if
    :: atomic { must_close -> close_socket(); must_close = false }
    :: !must_close
    fi
}

proctype maker()
{
    bool is_again;
    do
    :: atomic {
        //@ src/common/transport/use_gate.hpp begin_setup: std::uint32_t expected = bits_of(state::idle); return word_.compare_exchange_strong(expected, bits_of(state::setup), std::memory_order_acq_rel);
        state == idle ->
        assert(!is_disconnected);
        state = setup
       };
       sockets++;
       if
       :: atomic {
           //@ src/common/transport/use_gate.hpp complete_setup: std::uint32_t expected = bits_of(state::setup); return word_.compare_exchange_strong(expected, bits_of(state::open), std::memory_order_acq_rel);
#ifdef BREAK_COMPLETE_WITHOUT_COMPARE
           state = open
#else
           if
           :: state == setup -> state = open
           :: else -> close_socket()
           fi
#endif
          };
          break
       :: // The connect or listen has failed; it may be tried once more.
          atomic { close_socket() };
          atomic {
           //@ src/common/transport/use_gate.hpp abandon_setup: std::uint32_t expected = bits_of(state::setup); word_.compare_exchange_strong(expected, bits_of(state::idle), std::memory_order_acq_rel);
#ifdef BREAK_ABANDON_WITHOUT_COMPARE
           state = idle
#else
           if
           :: state == setup -> state = idle
           :: else
           fi
#endif
          };
          if
          :: is_again -> break
          :: !is_again -> is_again = true
          fi
       fi
    :: state != idle -> break
    od
}

proctype user()
{
    bool must_close;
    if
    :: atomic {
        //@ src/common/transport/use_gate.hpp enter: std::uint32_t word = word_.load(std::memory_order_acquire); while (state_of(word) == state::open) {
        //@ src/common/transport/use_gate.hpp enter: if (word_.compare_exchange_weak(word, word + one_user, std::memory_order_acq_rel, std::memory_order_acquire)) {
        state == open ->
#ifdef BREAK_ENTER_CHECKS_BEFORE_IT_COUNTS
        skip
       };
       atomic {
#endif
        users++;
        using++
       };
       assert(sockets == 1);
       leave()
    :: state != open
    fi
}

// One who has something to end on the socket, open or not.
proctype joiner()
{
    bool must_close;
    if
    :: atomic {
        //@ src/common/transport/use_gate.hpp join: std::uint32_t word = word_.load(std::memory_order_acquire); while (state_of(word) == state::open || word >= one_user) {
        //@ src/common/transport/use_gate.hpp join: if (word_.compare_exchange_weak(word, word + one_user, std::memory_order_acq_rel, std::memory_order_acquire)) {
#ifdef BREAK_JOIN_WHERE_NOBODY_IS
        state == open || state == closed ->
#else
        state == open || users != 0 ->
#endif
        users++;
        using++
       };
       assert(sockets == 1);
       leave()
    :: state != open && users == 0
    fi
}

proctype disconnecter()
{
    bool must_close;
    if
    :: atomic {
        //@ src/common/transport/use_gate.hpp disconnect: std::uint32_t word = word_.load(std::memory_order_acquire);
        //@ src/common/transport/use_gate.hpp disconnect: const bool was_open = state_of(word) == state::open;
        //@ src/common/transport/use_gate.hpp disconnect: const std::uint32_t after = users + (was_open ? one_user : 0) + bits_of(state::closed);
        //@ src/common/transport/use_gate.hpp disconnect: if (word_.compare_exchange_weak(word, after, std::memory_order_acq_rel, std::memory_order_acquire)) {
        state == open ->
        state = closed;
        is_disconnected = true;
        disconnects++;
        assert(disconnects == 1);
#ifndef BREAK_DISCONNECT_IS_NO_USER
        users++;
#endif
        using++
       };
       // Ends what is pending, with the socket.
       assert(sockets == 1);
#ifdef BREAK_DISCONNECT_CLOSES
       atomic { using--; users--; close_socket() }
#elif defined(BREAK_DISCONNECT_IS_NO_USER)
       atomic { using--; if :: users == 0 -> close_socket() :: else fi }
#else
       leave()
#endif
    :: atomic { state != open -> state = closed; is_disconnected = true }
    fi
}

init
{
    byte i;
    atomic {
        run maker();
        for (i : 0 .. USERS - 1) {
            run user()
        }
        for (i : 0 .. DISCONNECTERS - 1) {
            run disconnecter()
        }
        run joiner();
        i = 0
    };
    atomic {
        _nr_pr == 1 ->
        // The last who has the transport disconnects it (socket_transport_destroy); the maker may have come later.
        assert(using == 0 && users == 0 && state == closed);
        assert(sockets == 0)
    }
}
