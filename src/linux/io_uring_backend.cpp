// SPDX-License-Identifier: MIT
//
// The ring itself: making it, waiting, and taking what has ended.

#include "linux/io_uring_backend.hpp"

#include <poll.h>
#include <sys/eventfd.h>

#include <new>

#include "linux/io_uring_ring.hpp"
#include "linux/system_error.hpp"
#include "linux/transfer.hpp"

namespace async_socket::detail {

namespace {

constexpr unsigned submission_entries = 1024;
constexpr unsigned completion_entries = 8192;

} // namespace

int io_uring_backend::set_up() noexcept
{
    // From what serves a single thread best to what every kernel knows: an unknown flag is EINVAL.
    constexpr unsigned cooperative = IORING_SETUP_COOP_TASKRUN | IORING_SETUP_TASKRUN_FLAG;
    constexpr unsigned flags_to_try[] = {IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | cooperative,
                                         cooperative, 0};
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
    ring_memory_is_mapped();
    // Without these an operation may block a thread of the kernel's, its end be lost, or a wait have no limit: such a
    // kernel is too old.
    constexpr unsigned needed = IORING_FEAT_NODROP | IORING_FEAT_FAST_POLL | IORING_FEAT_EXT_ARG;
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

int io_uring_backend::submit_and_wait(time_point_ns limit) noexcept
{
    if (limit == never) {
        return io_uring_submit_and_wait(&ring_, 1);
    }
    const time_point_ns now = now_ns();
    const time_point_ns left = limit > now ? limit - now : 0;
    __kernel_timespec time{};
    time.tv_sec = static_cast<long long>(left / 1'000'000'000);
    time.tv_nsec = static_cast<long long>(left % 1'000'000'000);
    io_uring_cqe* completion = nullptr;
    return io_uring_submit_and_wait_timeout(&ring_, &completion, 1, &time, nullptr);
}

// SRS_EXECUTION_ENGINE_LINUX_01_009
unsigned io_uring_backend::wait(bool may_block, time_point_ns limit) noexcept
{
    if (!awaits_wake_) {
        await_wake();
    }
    const int result = may_block ? submit_and_wait(limit) : io_uring_submit_and_get_events(&ring_);
    // EBUSY and EAGAIN: the kernel wants its completions taken first, or is short of memory; what was not submitted is
    // so in the next round.
    if (result < 0 && result != -EINTR && result != -EBUSY && result != -EAGAIN && result != -ETIME) {
        log_system_failure("execution_engine", "io_uring_enter", -result);
    }

    owner_.woke_up();
    unsigned taken = 0;
    io_uring_cqe* completions[batch];
    for (;;) {
        const unsigned count = io_uring_peek_batch_cqe(&ring_, completions, batch);
        for (unsigned i = 0; i < count; ++i) {
            take(*completions[i]);
        }
        io_uring_cq_advance(&ring_, count);
        taken += count;
        if (count < batch) {
            return taken;
        }
    }
}

// What has ended, or could if the thread entered the kernel, is seen without a system call.
unsigned io_uring_backend::poll() noexcept
{
    const bool has_work = (IO_URING_READ_ONCE(*ring_.sq.kflags) & (IORING_SQ_TASKRUN | IORING_SQ_CQ_OVERFLOW)) != 0;
    if (!has_work && io_uring_cq_ready(&ring_) == 0) {
        return 0;
    }
    return wait(false, never);
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
    if ((user_data & watch_bit) != 0) {
        auto& ended = *reinterpret_cast<fd_watch*>(user_data & ~watch_bit);
        ended.is_watched = false;
        owner_.watch_ended(ended);
        return;
    }
    auto* const finished = reinterpret_cast<operation*>(user_data & ~readiness_bit);
    if ((user_data & readiness_bit) != 0) {
        take_readiness(finished, completion.res);
    } else {
        if (finished->kind == work_kind::receive) {
            note_what_is_left(*finished, completion);
        }
        take_transfer(finished, completion.res);
    }
}

// SRS_ASYNC_SOCKET_LINUX_01_030
void io_uring_backend::note_what_is_left(operation& received, const io_uring_cqe& completion) noexcept
{
    // With less a system call of its own costs more than it gains.
    constexpr std::uint32_t long_receive = 16 * 1024;
    const bool is_filled = completion.res > 0 && static_cast<std::uint32_t>(completion.res) == received.total_length;
    received.socket->has_more =
        is_filled && received.total_length >= long_receive && (completion.flags & IORING_CQE_F_SOCK_NONEMPTY) != 0;
}

// `result`: the events that hold, or a negative error.
void io_uring_backend::take_readiness(operation* waiting, int result) noexcept
{
    if (!is_notification(waiting->kind)) {
        channel& direction = channel_of(*waiting);
        if (result < 0 || waiting->socket->closing) {
            end_first(direction, result < 0 ? -result : ECANCELED);
            return;
        }
        waiting->in_flight = false;
        attempt_first(direction);
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
    channel& direction = channel_of(*moved);
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
    } else if (moved->socket->closing || moved->ends_early() != early_end::none) {
        end_first(direction, ECANCELED);
    } else if (!start_first(direction)) {
        end_first(direction, ENOBUFS);
    }
}

void io_uring_backend::end_first(channel& direction, int error) noexcept
{
    operation* const first = direction.queue.front();
    ASYNC_SOCKET_HANDLE const socket = first->socket;
    first->in_flight = false;
    owner_.end(first, error);
    // The next one has its turn. There is none left where the socket is being closed.
    if (!direction.queue.empty()) {
        start(socket, direction);
    }
}

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
