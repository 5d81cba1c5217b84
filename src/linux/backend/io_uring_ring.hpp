// SPDX-License-Identifier: MIT
//
// One ring for one worker, used by its thread alone. Of each direction of a socket one operation at a time is with the
// kernel, which is what keeps the bytes in order: the kernel may take two of them in either order where it has to wait.
//
// What an entry of the completion queue belongs to, its user data tells: the address of an operation; that address with
// its lowest bit set where it was only asked whether the socket is ready; the address of a watch with the next bit set;
// the address of wake_count_ for a wake; 0 for a cancel, whose own end is of no interest.
//
// Where the kernel takes nothing more for now, what it was to be told is told later: each such thing is noted where it
// belongs, and the worker does not sleep until it has been told.

#ifndef ASYNC_SOCKET_LINUX_BACKEND_IO_URING_RING_HPP
#define ASYNC_SOCKET_LINUX_BACKEND_IO_URING_RING_HPP

#include <liburing.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "linux/backend/driven_backend.hpp"
#include "linux/backend/ring_memory.hpp"

namespace async_socket::detail {

class io_uring_backend final : public driven_backend {
public:
    io_uring_backend(backend_reports& owner, int wake_fd) noexcept : driven_backend(owner), wake_fd_(wake_fd) {}
    ~io_uring_backend() override;

    // 0, or the error.
    [[nodiscard]] int set_up() noexcept;

    // The kernel needs to know of nothing before the first operation.
    [[nodiscard]] int attach(ASYNC_SOCKET_HANDLE socket) noexcept override
    {
        socket->receives.ready = socket->is_attempted();
        return 0;
    }
    void detach(ASYNC_SOCKET_HANDLE) noexcept override {}

    [[nodiscard]] int watch(fd_watch& started) noexcept override;
    void cancel_watch(fd_watch& cancelled) noexcept override;
    unsigned wait(bool may_block, time_point_ns limit) noexcept override;
    [[nodiscard]] unsigned poll() noexcept override;

    void wake() noexcept override
    {
        const std::uint64_t one = 1;
        while (::write(wake_fd_, &one, sizeof one) < 0 && errno == EINTR) {
        }
    }

protected:
    [[nodiscard]] bool attempts(const ASYNC_SOCKET_TAG& socket) const noexcept override
    {
        return socket.is_attempted();
    }
    [[nodiscard]] waiting wait_for(operation& first, int& error) noexcept override;
    [[nodiscard]] bool cancel_first(ASYNC_SOCKET_HANDLE socket, channel& direction) noexcept override;
    void start_notification(operation* notified) noexcept override;
    void cancel_notifications(ASYNC_SOCKET_HANDLE socket) noexcept override;
    void tell_of_notifications(ASYNC_SOCKET_HANDLE socket) noexcept override;

private:
    static constexpr std::uint64_t readiness_bit = 1;
    static constexpr std::uint64_t watch_bit = 2;
    static constexpr unsigned batch = 256;

    // nullptr where the kernel takes nothing more for now.
    [[nodiscard]] io_uring_sqe* next_entry() noexcept;
    void await_wake() noexcept;
    void note_untold(ASYNC_SOCKET_HANDLE socket) noexcept;
    [[nodiscard]] bool cancel_entry(std::uint64_t user_data) noexcept;
    [[nodiscard]] int submit_and_wait(time_point_ns limit) noexcept;
    unsigned take_completions() noexcept;
    void fail(int error) noexcept;
    unsigned wait_without_ring(bool may_block, time_point_ns limit) noexcept;

    static void prepare_transfer(io_uring_sqe& entry, operation& moved) noexcept;
    [[nodiscard]] bool await_readiness(operation& waiting_for_it, short events) noexcept;

    void take(const io_uring_cqe& completion) noexcept;
    void take_readiness(operation* asked_about, int result) noexcept;
    static void note_what_is_left(operation& received, const io_uring_cqe& completion) noexcept;
    void take_transfer(operation* moved, int result) noexcept;

    const int wake_fd_;
    io_uring ring_{};
    bool has_ring_ = false;
    int failed_ = 0;               // why the kernel takes nothing more, for good; 0: it does
    std::uint64_t wake_count_ = 0; // the kernel writes it
    bool awaits_wake_ = false;
};

} // namespace async_socket::detail

#endif
