// SPDX-License-Identifier: MIT
//
// Cooperative waits as a model, to be searched exhaustively with spin: threads that wait by working, and threads that
// make true what they wait for. lifecycle.pml says how models are written here, and what "//@" and BREAK_... are for.
//
// Checked: no wake-up is lost, so that every wait ends; no thread is asked to look again once its wait is over.

#ifndef WAITERS
#define WAITERS 2
#endif

bool is_true[WAITERS] = false; // what each waits for
byte waiting_count = 0;
bool list_is_locked = false;
bool is_listed[WAITERS] = false;
bool is_woken[WAITERS] = false; // as an eventfd: a wake that comes before the sleep ends it at once
bool waits[WAITERS] = true;

inline lock_list() { atomic { !list_is_locked -> list_is_locked = true } }
inline unlock_list() { list_is_locked = false }

proctype waiter(byte i)
{
    //@ src/common/lifecycle/closing.cpp wait_until: if (done(word)) { return word; }
    if
    :: is_true[i] -> goto over
    :: !is_true[i]
    fi;
    //@ src/common/lifecycle/closing.cpp wait_until: thread->work_at_hand(condition, *this); if (!condition.holds()) {
    if
    :: is_true[i] -> goto over
    :: !is_true[i]
    fi;
    //@ src/common/lifecycle/closing.cpp wait_until: const cooperative_thread::waiting waiting(*thread);
    //@ src/common/lifecycle/cooperative_wait.cpp begin_wait: const std::lock_guard lock(list_mutex); next_ = first_waiting;
    //@ src/common/lifecycle/cooperative_wait.cpp begin_wait: first_waiting = this;
    lock_list();
    is_listed[i] = true;
    unlock_list();
    //@ src/common/lifecycle/cooperative_wait.cpp begin_wait: waiting_count.fetch_add(1, std::memory_order_seq_cst);
#ifndef BREAK_NOT_COUNTED
    waiting_count++;
#endif
    //@ src/common/lifecycle/closing.cpp wait_until: thread->work_until(condition, *this);
    //@ src/linux/engine/worker_close.cpp work_until: while (!done.holds() && !in_forked_child()) {
#ifdef BREAK_NO_LOOK_AFTER_COUNTING
    is_woken[i] -> is_woken[i] = false;
#endif
    do
    :: is_true[i] -> break
    :: !is_true[i] ->
       //@ src/linux/engine/worker_close.cpp work_until: if (!serve_closing(awaited) && !done.holds() && !done.is_to_be_looked_at_again()) { go_on(true); }
#ifdef BREAK_WAKE_IS_NOT_KEPT
       is_woken[i] = false;
#endif
       atomic { is_woken[i] -> is_woken[i] = false }
    od;
    //@ src/common/lifecycle/cooperative_wait.cpp end_wait: waiting_count.fetch_sub(1, std::memory_order_seq_cst); const std::lock_guard lock(list_mutex);
    //@ src/common/lifecycle/cooperative_wait.cpp end_wait: if (previous_ != nullptr) { previous_->next_ = next_; } else { first_waiting = next_; }
#ifndef BREAK_NOT_COUNTED
    waiting_count--;
#endif
#ifdef BREAK_LEAVES_THE_LIST_WITHOUT_LOCK
    is_listed[i] = false;
#else
    lock_list();
    is_listed[i] = false;
    unlock_list();
#endif
    waits[i] = false;
over:
    skip
}

proctype changer(byte i)
{
    byte each;
#ifdef BREAK_LOOK_BEFORE_CHANGE
    bool somebody_waits = (waiting_count != 0);
    is_true[i] = true;
#else
    //@ src/common/lifecycle/lifecycle.cpp change: const std::uint64_t after = word_.fetch_add(difference, std::memory_order_seq_cst) + difference;
    is_true[i] = true;
#define somebody_waits (waiting_count != 0)
#endif
    //@ src/common/lifecycle/lifecycle.cpp change: cooperative_thread::wake_waiting();
    //@ src/common/lifecycle/cooperative_wait.cpp wake_waiting: if (waiting_count.load(std::memory_order_seq_cst) == 0) { return; }
    if
    :: somebody_waits ->
       //@ src/common/lifecycle/cooperative_wait.cpp wake_waiting: const std::lock_guard lock(list_mutex);
       lock_list();
       //@ src/common/lifecycle/cooperative_wait.cpp wake_waiting: for (cooperative_thread* each = first_waiting; each != nullptr; each = each->next_) { each->look_again(); }
       do
       :: each < WAITERS && is_listed[each] -> assert(waits[each]); is_woken[each] = true; each++
       :: each < WAITERS && !is_listed[each] -> each++
       :: each == WAITERS -> each = 0; break
       od;
       unlock_list()
    :: !somebody_waits
    fi
}

init
{
    byte i;
    atomic {
        for (i : 0 .. WAITERS - 1) {
            run waiter(i);
            run changer(i)
        }
    };
    _nr_pr == 1
}
