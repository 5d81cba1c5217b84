// SPDX-License-Identifier: MIT
//
// One ring for one worker, used by its thread alone. Of each direction of a socket one operation at a time is with the
// kernel, which is what keeps the bytes in order: the kernel may take two of them in either order where it has to wait.
//
// What an entry of the completion queue belongs to, its user data tells: the address of an operation; that address with
// its lowest bit set where it was only asked whether the socket is ready; the address of wake_count_ for a wake; 0 for
// a cancel, whose own end is of no interest.

#include "linux/io_uring_backend.hpp"

#include <liburing.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <new>

#include "linux/system_error.hpp"
#include "linux/transfer.hpp"

namespace async_socket::detail {

namespace {

constexpr unsigned submission_entries = 1024;
constexpr unsigned completion_entries = 8192;

class io_uring_backend final : public backend {
public:
    io_uring_backend(worker& owner, int wake_fd) noexcept : owner_(owner), wake_fd_(wake_fd) {}

    ~io_uring_backend() override
    {
        if (has_ring_) {
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
    // A notification is with the kernel from its start to its end.
    [[nodiscard]] bool is_in_flight(const operation&) const noexcept override { return true; }
    void wait(bool may_block) noexcept override;

    void wake() noexcept override
    {
        const std::uint64_t one = 1;
        while (::write(wake_fd_, &one, sizeof one) < 0 && errno == EINTR) {
        }
    }

private:
    static constexpr std::uint64_t readiness_bit = 1;
    static constexpr unsigned batch = 256;

    [[nodiscard]] io_uring_sqe* next_entry() noexcept;
    void await_wake() noexcept;

    // Each is false where the kernel takes nothing more at all.
    [[nodiscard]] bool send_first(channel& direction) noexcept;
    [[nodiscard]] bool receive_first(channel& direction) noexcept;
    [[nodiscard]] bool start_first(channel& direction) noexcept;
    [[nodiscard]] bool await_readiness(operation* waiting, short events) noexcept;

    void attempt_custom(channel& direction) noexcept;

    void take(const io_uring_cqe& completion) noexcept;
    void take_readiness(operation* waiting, int result) noexcept;
    void take_transfer(operation* moved, int result) noexcept;
    void end_first(channel& direction, int error) noexcept;

    static channel& direction_of(const operation* moved) noexcept
    {
        return moved->kind == work_kind::send ? moved->socket->sends : moved->socket->receives;
    }

    worker& owner_;
    const int wake_fd_;
    io_uring ring_{};
    bool has_ring_ = false;
    std::uint64_t wake_count_ = 0; // the kernel writes it
    bool awaits_wake_ = false;
};

int io_uring_backend::set_up() noexcept
{
    // From what serves a single thread best to what every kernel knows: an unknown flag is EINVAL.
    constexpr unsigned flags_to_try[] = {IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN |
                                             IORING_SETUP_COOP_TASKRUN,
                                         IORING_SETUP_COOP_TASKRUN, 0};
    int result = -EINVAL;
    io_uring_params parameters{};
    for (const unsigned flags : flags_to_try) {
        parameters = {};
        parameters.flags = flags | IORING_SETUP_CQSIZE | IORING_SETUP_CLAMP;
        parameters.cq_entries = completion_entries;
        result = io_uring_queue_init_params(submission_entries, &ring_, &parameters);
        if (result != -EINVAL) {
            break;
        }
    }
    if (result < 0) {
        return -result;
    }
    has_ring_ = true;
    // Without these an operation may block a thread of the kernel's, or its end be lost: such a kernel is too old.
    constexpr unsigned needed = IORING_FEAT_NODROP | IORING_FEAT_FAST_POLL;
    if ((parameters.features & needed) != needed) {
        return ENOSYS;
    }
    await_wake();
    return 0;
}

// nullptr only where the kernel takes nothing more at all.
io_uring_sqe* io_uring_backend::next_entry() noexcept
{
    io_uring_sqe* entry = io_uring_get_sqe(&ring_);
    if (entry == nullptr) {
        // The round has more to start than the queue has room for.
        io_uring_submit(&ring_);
        entry = io_uring_get_sqe(&ring_);
    }
    return entry;
}

void io_uring_backend::await_wake() noexcept
{
    io_uring_sqe* const entry = next_entry();
    awaits_wake_ = entry != nullptr;
    if (entry != nullptr) {
        io_uring_prep_read(entry, wake_fd_, &wake_count_, sizeof wake_count_, 0);
        entry->user_data = reinterpret_cast<std::uint64_t>(&wake_count_);
    }
}

void io_uring_backend::start(ASYNC_SOCKET_HANDLE socket, channel& direction) noexcept
{
    if (socket->custom != nullptr) {
        attempt_custom(direction);
        return;
    }
    while (!direction.queue.empty() && !start_first(direction)) {
        owner_.end(direction.queue.front(), ENOBUFS);
    }
}

bool io_uring_backend::start_first(channel& direction) noexcept
{
    return direction.queue.front()->kind == work_kind::send ? send_first(direction) : receive_first(direction);
}

bool io_uring_backend::send_first(channel& direction) noexcept
{
    operation* const sent = direction.queue.front();
    io_uring_sqe* const entry = next_entry();
    if (entry == nullptr) {
        return false;
    }
    // With MSG_WAITALL the kernel continues a short send by itself, where it knows how to.
    constexpr int flags = send_flags | MSG_WAITALL;
    const iovec& first = sent->buffers[sent->current];
    if (sent->current + 1 == sent->buffer_count) {
        io_uring_prep_send(entry, sent->socket->fd, first.iov_base, first.iov_len, flags);
    } else {
        io_uring_prep_sendmsg(entry, sent->socket->fd, remaining_message(*sent), flags);
    }
    entry->user_data = reinterpret_cast<std::uint64_t>(sent);
    direction.in_flight = true;
    return true;
}

bool io_uring_backend::receive_first(channel& direction) noexcept
{
    operation* const received = direction.queue.front();
    io_uring_sqe* const entry = next_entry();
    if (entry == nullptr) {
        return false;
    }
    if (received->buffer_count == 1) {
        io_uring_prep_recv(entry, received->socket->fd, received->buffers->iov_base, received->buffers->iov_len, 0);
    } else {
        io_uring_prep_recvmsg(entry, received->socket->fd, remaining_message(*received), 0);
    }
    entry->user_data = reinterpret_cast<std::uint64_t>(received);
    direction.in_flight = true;
    return true;
}

bool io_uring_backend::await_readiness(operation* waiting, short events) noexcept
{
    io_uring_sqe* const entry = next_entry();
    if (entry == nullptr) {
        return false;
    }
    io_uring_prep_poll_add(entry, waiting->socket->fd, static_cast<unsigned>(events));
    entry->user_data = reinterpret_cast<std::uint64_t>(waiting) | readiness_bit;
    return true;
}

void io_uring_backend::start_notification(operation* notified) noexcept
{
    if (!await_readiness(notified, notified->kind == work_kind::notify_in ? POLLIN : POLLOUT)) {
        owner_.end(notified, ENOBUFS);
    }
}

// The program's own functions are tried here, and the kernel is only asked when to try again.
void io_uring_backend::attempt_custom(channel& direction) noexcept
{
    while (!direction.queue.empty()) {
        operation* const first = direction.queue.front();
        const bool is_send = first->kind == work_kind::send;
        const transfer_result result = is_send ? try_send(*first) : try_receive(*first);
        const bool waits = result.state == progress::would_block;
        if (waits && await_readiness(first, is_send ? POLLOUT : POLLIN)) {
            direction.in_flight = true;
            return;
        }
        owner_.end(first, waits ? ENOBUFS : result.error);
    }
}

// SRS_ASYNC_SOCKET_LINUX_01_025
void io_uring_backend::cancel(ASYNC_SOCKET_HANDLE socket) noexcept
{
    const auto cancel_one = [this](std::uint64_t user_data) {
        // Where there is no entry to be had, the shutdown that went before ends the operation, too.
        if (io_uring_sqe* const entry = next_entry()) {
            io_uring_prep_cancel64(entry, user_data, 0);
            entry->user_data = 0;
        }
    };
    const std::uint64_t bit = socket->custom != nullptr ? readiness_bit : 0;
    for (const channel* direction : {&socket->sends, &socket->receives}) {
        if (direction->in_flight) {
            cancel_one(reinterpret_cast<std::uint64_t>(direction->queue.front()) | bit);
        }
    }
    for (const operation* each = socket->notifications.front(); each != nullptr;
         each = operation_queue::next_of(const_cast<operation*>(each))) {
        cancel_one(reinterpret_cast<std::uint64_t>(each) | readiness_bit);
    }
}

// SRS_EXECUTION_ENGINE_LINUX_01_009
void io_uring_backend::wait(bool may_block) noexcept
{
    if (!awaits_wake_) {
        await_wake();
    }
    const int result = may_block ? io_uring_submit_and_wait(&ring_, 1) : io_uring_submit_and_get_events(&ring_);
    // EBUSY and EAGAIN: the kernel wants its completions taken first, or is short of memory; what was not submitted is
    // so in the next round.
    if (result < 0 && result != -EINTR && result != -EBUSY && result != -EAGAIN && result != -ETIME) {
        log_system_failure("execution_engine", "io_uring_enter", -result);
    }

    owner_.woke_up();
    io_uring_cqe* completions[batch];
    for (;;) {
        const unsigned count = io_uring_peek_batch_cqe(&ring_, completions, batch);
        for (unsigned i = 0; i < count; ++i) {
            take(*completions[i]);
        }
        io_uring_cq_advance(&ring_, count);
        if (count < batch) {
            break;
        }
    }
}

void io_uring_backend::take(const io_uring_cqe& completion) noexcept
{
    const std::uint64_t user_data = completion.user_data;
    if (user_data == 0) {
        return;
    }
    if (user_data == reinterpret_cast<std::uint64_t>(&wake_count_)) {
        await_wake();
        return;
    }
    auto* const finished = reinterpret_cast<operation*>(user_data & ~readiness_bit);
    if ((user_data & readiness_bit) != 0) {
        take_readiness(finished, completion.res);
    } else {
        take_transfer(finished, completion.res);
    }
}

// `result`: the events that hold, or a negative error.
void io_uring_backend::take_readiness(operation* waiting, int result) noexcept
{
    if (waiting->kind == work_kind::send || waiting->kind == work_kind::receive) {
        channel& direction = direction_of(waiting);
        if (result < 0 || waiting->socket->closing) {
            end_first(direction, result < 0 ? -result : ECANCELED);
            return;
        }
        direction.in_flight = false;
        attempt_custom(direction);
        return;
    }
    if (result >= 0) {
        // SRS_ASYNC_SOCKET_LINUX_01_024
        owner_.end(waiting, (result & (POLLERR | POLLNVAL)) != 0 ? EIO : 0);
    } else {
        owner_.end(waiting, -result);
    }
}

// `result`: the number of bytes, or a negative error.
void io_uring_backend::take_transfer(operation* moved, int result) noexcept
{
    channel& direction = direction_of(moved);
    // SRS_ASYNC_SOCKET_LINUX_01_020
    bool goes_on = result == -EINTR || result == -EAGAIN;
    if (result < 0 && !goes_on) {
        end_first(direction, -result);
        return;
    }
    if (result > 0) {
        advance(*moved, static_cast<std::size_t>(result));
    }
    if (moved->kind == work_kind::send) {
        // SRS_ASYNC_SOCKET_LINUX_01_008
        goes_on = moved->transferred < moved->total_length;
    } else if (result > 0 && moved->current == IOV_MAX && moved->current < moved->buffer_count) {
        // SRS_ASYNC_SOCKET_LINUX_01_019: the system takes no more than IOV_MAX buffers at a time; the rest of them may
        // be filled from what is there already.
        static_cast<void>(try_receive(*moved));
    }
    if (!goes_on) {
        end_first(direction, 0);
    } else if (moved->socket->closing) {
        end_first(direction, ECANCELED);
    } else if (!start_first(direction)) {
        end_first(direction, ENOBUFS);
    }
}

void io_uring_backend::end_first(channel& direction, int error) noexcept
{
    operation* const first = direction.queue.front();
    ASYNC_SOCKET_HANDLE const socket = first->socket;
    direction.in_flight = false;
    owner_.end(first, error);
    // The next one has its turn. There is none left where the socket is being closed.
    if (!direction.queue.empty()) {
        start(socket, direction);
    }
}

} // namespace

backend* make_io_uring_backend(worker& owner, int& error) noexcept
{
    // Blocking, for io_uring takes a non-blocking read to mean that it must not wait either.
    const int wake_fd = eventfd(0, EFD_CLOEXEC);
    if (wake_fd < 0) {
        error = errno;
        return nullptr;
    }
    auto* const made = new (std::nothrow) io_uring_backend(owner, wake_fd);
    if (made == nullptr) {
        error = ENOMEM;
        ::close(wake_fd);
        return nullptr;
    }
    error = made->set_up();
    if (error != 0) {
        delete made;
        return nullptr;
    }
    return made;
}

} // namespace async_socket::detail
