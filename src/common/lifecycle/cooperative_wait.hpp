// SPDX-License-Identifier: MIT
//
// Waiting on a thread that others need. A thread that waits for the callbacks of a socket may be the very one that has
// to run them (or that has to serve another thread that waits in the same way). Such a thread names itself cooperative:
// instead of sleeping in the wait, it is asked to go on working until what it waits for has come.
//
// Who is waiting so is kept in one list for the process, under a mutex: it is used only where a close inside a
// callback has to wait for others.

#ifndef ASYNC_SOCKET_COMMON_LIFECYCLE_COOPERATIVE_WAIT_HPP
#define ASYNC_SOCKET_COMMON_LIFECYCLE_COOPERATIVE_WAIT_HPP

#include <cstdint>

namespace async_socket::detail {

class lifecycle;

class cooperative_thread {
public:
    // The condition of a wait; may be asked at any time during the wait, by the waiting thread.
    class condition {
    public:
        [[nodiscard]] virtual bool holds() const noexcept = 0;
        // To be called before the thread sleeps. True: look once more whether it holds, and what there is to do.
        [[nodiscard]] virtual bool is_to_be_looked_at_again() const noexcept { return false; }

    protected:
        ~condition() = default;
    };

    // Does what can be done without waiting, until the condition holds or nothing is left to do. What is waited for is
    // often over then, and no other thread needs to know that this one has waited.
    virtual void work_at_hand(const condition&, const lifecycle&) noexcept {}
    // Works until the condition holds. `awaited` is the life of the socket that the wait is about.
    virtual void work_until(const condition& done, const lifecycle& awaited) noexcept = 0;
    // Makes work_until look at its condition again. Called by any thread, under the list's mutex.
    virtual void look_again() noexcept = 0;

    // The calling thread; nullptr where it may just sleep.
    [[nodiscard]] static cooperative_thread* current() noexcept;
    static void set_current(cooperative_thread* thread) noexcept;

    // While one of these lives, wake_waiting reaches the thread, which is the calling one, once.
    class waiting {
    public:
        explicit waiting(cooperative_thread& thread) noexcept : thread_(thread) { thread_.begin_wait(); }
        ~waiting() { thread_.end_wait(); }
        waiting(const waiting&) = delete;
        waiting& operator=(const waiting&) = delete;

    private:
        cooperative_thread& thread_;
    };

    // To be called after a change that somebody may be waiting for.
    static void wake_waiting() noexcept;

protected:
    ~cooperative_thread() = default;

private:
    void begin_wait() noexcept;
    void end_wait() noexcept;

    std::uint32_t waits_ = 0; // the thread's own: how many there are
    // Under the list's mutex.
    cooperative_thread* previous_ = nullptr;
    cooperative_thread* next_ = nullptr;
};

} // namespace async_socket::detail

#endif
