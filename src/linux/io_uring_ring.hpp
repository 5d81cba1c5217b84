// SPDX-License-Identifier: MIT
//
// One ring for one worker, used by its thread alone. Of each direction of a socket one operation at a time is with the
// kernel, which is what keeps the bytes in order: the kernel may take two of them in either order where it has to wait.
//
// What an entry of the completion queue belongs to, its user data tells: the address of an operation; that address with
// its lowest bit set where it was only asked whether the socket is ready; the address of a watch with the next bit set;
// the address of wake_count_ for a wake; 0 for a cancel, whose own end is of no interest.

#ifndef ASYNC_SOCKET_LINUX_IO_URING_RING_HPP
#define ASYNC_SOCKET_LINUX_IO_URING_RING_HPP

#include <liburing.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "linux/backend.hpp"
#include "linux/ring_memory.hpp"
#include "linux/worker.hpp"

namespace async_socket::detail {

class io_uring_backend final : public backend {
public:
    io_uring_backend(worker& owner, int wake_fd) noexcept : owner_(owner), wake_fd_(wake_fd) {}

    ~io_uring_backend() override
    {
        if (has_ring_) {
            ring_memory_goes();
            io_uring_queue_exit(&ring_);
        }
        ::close(wake_fd_);
    }

    // 0, or the error.
    [[nodiscard]] int set_up() noexcept;

    // The kernel needs to know of nothing before the first operation.
    [[nodiscard]] int attach(ASYNC_SOCKET_HANDLE) noexcept override { return 0; }
    void detach(ASYNC_SOCKET_HANDLE) noexcept override {}

    void start(ASYNC_SOCKET_HANDLE socket, channel& direction) noexcept override;
    void start_notification(operation* notified) noexcept override;
    void cancel(ASYNC_SOCKET_HANDLE socket) noexcept override;
    void cancel_first(ASYNC_SOCKET_HANDLE socket, channel& direction) noexcept override;
    // A notification is with the kernel from its start to its end.
    [[nodiscard]] bool is_in_flight(const operation&) const noexcept override { return true; }
    [[nodiscard]] bool watch(fd_watch& started) noexcept override;
    void cancel_watch(fd_watch& cancelled) noexcept override;
    unsigned wait(bool may_block, time_point_ns limit) noexcept override;
    [[nodiscard]] unsigned poll() noexcept override;

    void wake() noexcept override
    {
        const std::uint64_t one = 1;
        while (::write(wake_fd_, &one, sizeof one) < 0 && errno == EINTR) {
        }
    }

private:
    static constexpr std::uint64_t readiness_bit = 1;
    static constexpr std::uint64_t watch_bit = 2;
    static constexpr unsigned batch = 256;

    [[nodiscard]] io_uring_sqe* next_entry() noexcept;
    void await_wake() noexcept;
    void cancel_entry(std::uint64_t user_data) noexcept;
    [[nodiscard]] int submit_and_wait(time_point_ns limit) noexcept;

    // Each is false where the kernel takes nothing more at all.
    [[nodiscard]] bool send_first(channel& direction) noexcept;
    [[nodiscard]] bool receive_first(channel& direction) noexcept;
    [[nodiscard]] bool start_first(channel& direction) noexcept;
    [[nodiscard]] bool await_readiness(operation* waiting, short events) noexcept;

    [[nodiscard]] bool receive_at_once(operation& first) noexcept;
    void attempt_first(channel& direction) noexcept;

    void take(const io_uring_cqe& completion) noexcept;
    void take_readiness(operation* waiting, int result) noexcept;
    static void note_what_is_left(operation& received, const io_uring_cqe& completion) noexcept;
    void take_transfer(operation* moved, int result) noexcept;
    void end_first(channel& direction, int error) noexcept;

    worker& owner_;
    const int wake_fd_;
    io_uring ring_{};
    bool has_ring_ = false;
    std::uint64_t wake_count_ = 0; // the kernel writes it
    bool awaits_wake_ = false;
};

} // namespace async_socket::detail

#endif
