// SPDX-License-Identifier: MIT
//
// What every back end does alike: which operation has its turn, what is attempted, what becomes of an attempt. It is
// the one place where the state of a channel changes. What is left to a back end is how to wait for the first operation
// of a channel.

#ifndef ASYNC_SOCKET_LINUX_BACKEND_DRIVEN_BACKEND_HPP
#define ASYNC_SOCKET_LINUX_BACKEND_DRIVEN_BACKEND_HPP

#include "linux/backend/backend.hpp"
#include "linux/socket/transfer.hpp"
#include "linux/socket/turn.hpp"

namespace async_socket::detail {

class driven_backend : public backend {
public:
    void submit(operation* added) noexcept final;
    void end_early(operation* asked) noexcept final;
    void close(ASYNC_SOCKET_HANDLE socket) noexcept final;
    void give_up_attempted(ASYNC_SOCKET_HANDLE socket) noexcept final;
    void end_all(ASYNC_SOCKET_HANDLE socket, int error) noexcept final;
    void run_turns() noexcept final;
    [[nodiscard]] bool has_turns() const noexcept final { return !turns_.empty(); }
    void begin_turn() noexcept final { turn_.begin(); }
    void resume(ASYNC_SOCKET_HANDLE socket) noexcept final;

protected:
    explicit driven_backend(backend_reports& owner) noexcept : owner_(owner) {}

    // How the first operation of a channel waits that cannot be attempted.
    enum class waiting : std::uint8_t { asleep, asked, moving, refused };
    // Whether this back end attempts the socket's operations by itself before it waits.
    [[nodiscard]] virtual bool attempts(const ASYNC_SOCKET_TAG& socket) const noexcept = 0;
    // `refused`, and the error: the kernel takes nothing more. EBUSY: for now.
    [[nodiscard]] virtual waiting wait_for(operation& first, int& error) noexcept = 0;
    // Tells the kernel to end the first one, of which it knows. False where it takes nothing more for now.
    [[nodiscard]] virtual bool cancel_first(ASYNC_SOCKET_HANDLE socket, channel& direction) noexcept = 0;
    virtual void start_notification(operation* notified) noexcept = 0;
    // Tells the kernel to end those of which it knows; the socket is being closed.
    virtual void cancel_notifications(ASYNC_SOCKET_HANDLE) noexcept {}
    // Tells the kernel what it could not be told of the socket's notifications.
    virtual void tell_of_notifications(ASYNC_SOCKET_HANDLE) noexcept {}

    // What the back end has heard of: the descriptor is ready for this direction;
    void became_ready(ASYNC_SOCKET_HANDLE socket, channel& direction) noexcept;
    // the first operation, of which the kernel knew, has ended with `error` (0: none);
    void first_ended(ASYNC_SOCKET_HANDLE socket, channel& direction, int error) noexcept;
    // or is with this side again, to be gone on with.
    void first_came_back(ASYNC_SOCKET_HANDLE socket, channel& direction) noexcept;
    void notification_ended(operation* notified, int error) noexcept;

    // The socket is to have a turn.
    void add_turn(ASYNC_SOCKET_HANDLE socket) noexcept;
    // Tells the kernel what it could not be told before, for want of room. False: there is still something.
    [[nodiscard]] bool tell_kernel_all() noexcept;
    bool has_untold_ = false;

    backend_reports& owner_;

private:
    enum class drive_result : std::uint8_t { done, gone };

    void start(ASYNC_SOCKET_HANDLE socket, channel& direction) noexcept;
    drive_result drive(ASYNC_SOCKET_HANDLE socket, channel& direction) noexcept;
    [[nodiscard]] bool may_attempt(const ASYNC_SOCKET_TAG& socket, const channel& direction,
                                   const operation& first) const noexcept;
    [[nodiscard]] progress attempt_first(ASYNC_SOCKET_HANDLE socket, channel& direction) noexcept;
    [[nodiscard]] bool ends_instead_of_waiting(ASYNC_SOCKET_HANDLE socket, channel& direction) noexcept;
    [[nodiscard]] progress blocked(ASYNC_SOCKET_HANDLE socket, channel& direction, operation& first) noexcept;
    [[nodiscard]] progress await_first(ASYNC_SOCKET_HANDLE socket, channel& direction) noexcept;
    void make_due(ASYNC_SOCKET_HANDLE socket, channel& direction) noexcept;
    void end_front(channel& direction, int error) noexcept;
    void give_up_queue(channel& direction) noexcept;
    void give_up_notifications(ASYNC_SOCKET_HANDLE socket) noexcept;
    void end_hurried(channel& direction) noexcept;
    void hurry_kernel(ASYNC_SOCKET_HANDLE socket, channel& direction) noexcept;
    void tell_kernel_again(ASYNC_SOCKET_HANDLE socket) noexcept;

    socket_list<turn_link> turns_;
    turn turn_;
    attempted_operation attempted_;
};

} // namespace async_socket::detail

#endif
