// SPDX-License-Identifier: MIT

#include <cstdint>
#include <memory>
#include <vector>

#include <liburing.h>

#include "cut_message.h"
#include "plan.h"

// The linker makes both names of each function.
// NOLINTBEGIN(bugprone-reserved-identifier)

using namespace linux_faults;

namespace {

// Cuts the sends and receives that are about to be submitted. Their messages are replaced for the time of the
// submission only: the kernel has read them when it is over.
class cut_submissions {
public:
    explicit cut_submissions(io_uring* ring)
    {
        if (!is_cut(api::io_uring_transfer)) {
            return;
        }
        const io_uring_sq& queue = ring->sq;
        for (unsigned at = queue.sqe_head; at != queue.sqe_tail; ++at) {
            cut(queue.sqes[at & queue.ring_mask]);
        }
    }

private:
    void cut(io_uring_sqe& entry)
    {
        if (entry.opcode == IORING_OP_SEND || entry.opcode == IORING_OP_RECV) {
            entry.len = static_cast<std::uint32_t>(allowed(api::io_uring_transfer, entry.len));
        } else if (entry.opcode == IORING_OP_SENDMSG || entry.opcode == IORING_OP_RECVMSG) {
            const auto* const whole = reinterpret_cast<const msghdr*>(static_cast<std::uintptr_t>(entry.addr));
            const std::size_t length = allowed(api::io_uring_transfer, cut_message::length_of(*whole));
            messages_.push_back(std::make_unique<cut_message>(*whole, length));
            entry.addr = reinterpret_cast<std::uintptr_t>(messages_.back()->get());
        }
    }

    std::vector<std::unique_ptr<cut_message>> messages_;
};

} // namespace

extern "C" {

int __real_io_uring_queue_init_params(unsigned entries, io_uring* ring, io_uring_params* parameters);
int __wrap_io_uring_queue_init_params(unsigned entries, io_uring* ring, io_uring_params* parameters);
int __wrap_io_uring_queue_init_params(unsigned entries, io_uring* ring, io_uring_params* parameters)
{
    return call_or_return_error(api::io_uring_queue_init_params, -1,
                                [=] { return __real_io_uring_queue_init_params(entries, ring, parameters); });
}

int __real_io_uring_submit(io_uring* ring);
int __wrap_io_uring_submit(io_uring* ring);
int __wrap_io_uring_submit(io_uring* ring)
{
    return call_or_return_error(api::io_uring_submit, -1, [=] {
        const cut_submissions cut(ring);
        return __real_io_uring_submit(ring);
    });
}

int __real_io_uring_submit_and_wait(io_uring* ring, unsigned count);
int __wrap_io_uring_submit_and_wait(io_uring* ring, unsigned count);
int __wrap_io_uring_submit_and_wait(io_uring* ring, unsigned count)
{
    return call_or_return_error(api::io_uring_submit_and_wait, -1, [=] {
        const cut_submissions cut(ring);
        return __real_io_uring_submit_and_wait(ring, count);
    });
}

int __real_io_uring_submit_and_wait_timeout(io_uring* ring, io_uring_cqe** completion, unsigned count,
                                            __kernel_timespec* timeout, sigset_t* mask);
int __wrap_io_uring_submit_and_wait_timeout(io_uring* ring, io_uring_cqe** completion, unsigned count,
                                            __kernel_timespec* timeout, sigset_t* mask);
int __wrap_io_uring_submit_and_wait_timeout(io_uring* ring, io_uring_cqe** completion, unsigned count,
                                            __kernel_timespec* timeout, sigset_t* mask)
{
    return call_or_return_error(api::io_uring_submit_and_wait_timeout, -1, [=] {
        const cut_submissions cut(ring);
        return __real_io_uring_submit_and_wait_timeout(ring, completion, count, timeout, mask);
    });
}

int __real_io_uring_submit_and_get_events(io_uring* ring);
int __wrap_io_uring_submit_and_get_events(io_uring* ring);
int __wrap_io_uring_submit_and_get_events(io_uring* ring)
{
    return call_or_return_error(api::io_uring_submit_and_get_events, -1, [=] {
        const cut_submissions cut(ring);
        return __real_io_uring_submit_and_get_events(ring);
    });
}

int __real_io_uring_get_events(io_uring* ring);
int __wrap_io_uring_get_events(io_uring* ring);
int __wrap_io_uring_get_events(io_uring* ring)
{
    return call_or_return_error(api::io_uring_get_events, -1, [=] { return __real_io_uring_get_events(ring); });
}

} // extern "C"

// NOLINTEND(bugprone-reserved-identifier)
