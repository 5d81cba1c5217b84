// SPDX-License-Identifier: MIT
//
// The ring itself: making it, waiting, and taking what has ended.

#include "linux/backend/io_uring_backend.hpp"

#include <poll.h>
#include <sys/eventfd.h>

#include <new>

#include "linux/backend/io_uring_ring.hpp"
#include "linux/backend/ring_size.hpp"
#include "linux/backend/wait_limit.hpp"
#include "linux/system/system_error.hpp"

namespace async_socket::detail {

namespace {

// Whether a call may succeed the next time. EBUSY and EAGAIN: the kernel wants its completions taken first, or is short
// of memory; what was not submitted is so in the next round.
bool passes(int error) noexcept
{
    return error == EINTR || error == EBUSY || error == EAGAIN || error == ETIME || error == ENOMEM;
}

} // namespace

io_uring_backend::~io_uring_backend()
{
    if (has_ring_) {
        ring_memory_goes();
        io_uring_queue_exit(&ring_);
    }
    ::close(wake_fd_);
}

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
        parameters.cq_entries = ring_completions.load(std::memory_order_relaxed);
        result = io_uring_queue_init_params(ring_submissions.load(std::memory_order_relaxed), &ring_, &parameters);
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
    // A filter of system calls may let a ring be made that it does not let be used.
    // SRS_EXECUTION_ENGINE_LINUX_01_017
    result = io_uring_submit(&ring_);
    return result < 0 ? -result : 0;
}

io_uring_sqe* io_uring_backend::next_entry() noexcept
{
    if (!has_ring_) {
        return nullptr;
    }
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
    if (failed_ != 0) {
        return wait_without_ring(may_block, limit);
    }
    if (!awaits_wake_) {
        await_wake();
    }
    // SRS_EXECUTION_ENGINE_LINUX_01_019: without a wake to wait for, or with something that is still to be told, this
    // must not sleep.
    const bool blocks = tell_kernel_all() && awaits_wake_ && may_block;
    const int result = blocks ? submit_and_wait(limit) : io_uring_submit_and_get_events(&ring_);
    owner_.woke_up();
    if (result < 0 && !passes(-result)) {
        fail(-result);
        return 1;
    }
    return take_completions();
}

// SRS_EXECUTION_ENGINE_LINUX_01_018. Without a ring the kernel has nothing of ours any more, neither memory nor
// sockets.
void io_uring_backend::fail(int error) noexcept
{
    log_system_failure("execution_engine", "io_uring_enter", error);
    failed_ = error;
    has_ring_ = false;
    ring_memory_goes();
    io_uring_queue_exit(&ring_);
    owner_.kernel_has_failed(error);
}

unsigned io_uring_backend::wait_without_ring(bool may_block, time_point_ns limit) noexcept
{
    pollfd wake{wake_fd_, POLLIN, 0};
    const int woken = ::poll(&wake, 1, may_block ? milliseconds_until(limit) : 0);
    owner_.woke_up();
    if (woken <= 0) {
        return 0;
    }
    static_cast<void>(uninterrupted([&] { return ::read(wake_fd_, &wake_count_, sizeof wake_count_); }));
    return 1;
}

unsigned io_uring_backend::take_completions() noexcept
{
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
    if (failed_ != 0) {
        return wait_without_ring(false, never);
    }
    const bool has_work = (IO_URING_READ_ONCE(*ring_.sq.kflags) & (IORING_SQ_TASKRUN | IORING_SQ_CQ_OVERFLOW)) != 0;
    if (!has_work && io_uring_cq_ready(&ring_) == 0) {
        return 0;
    }
    return wait(false, never);
}

backend* make_io_uring_backend(backend_reports& owner, int& error) noexcept
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
