// SPDX-License-Identifier: MIT

#include "ring.hpp"

#include <sys/mman.h>

#include <cerrno>
#include <cstdlib>

#include "failure.hpp"

namespace bench {

namespace {

constexpr unsigned entries = 4096;
constexpr unsigned completions = 32768; // more than all connections can have at once
constexpr int patience_seconds = 10;
constexpr int buffer_group = 0;

} // namespace

ring::ring(unsigned buffer_count, std::size_t buffer_size)
    : buffer_count_(buffer_count), buffer_size_(buffer_size), memory_(buffer_count * buffer_size)
{
    io_uring_params parameters{};
    parameters.flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_CQSIZE;
    parameters.cq_entries = completions;
    if (const int result = io_uring_queue_init_params(entries, &ring_, &parameters); result < 0) {
        fail_with("the load generator needs io_uring of Linux 6.1: io_uring_queue_init_params", -result);
    }

    void* const shared = ::mmap(nullptr, buffer_count * sizeof(io_uring_buf), PROT_READ | PROT_WRITE,
                                MAP_ANONYMOUS | MAP_PRIVATE, -1, 0);
    if (shared == MAP_FAILED) {
        fail_with("mmap", errno);
    }
    buffers_ = static_cast<io_uring_buf_ring*>(shared);
    io_uring_buf_reg registration{};
    registration.ring_addr = reinterpret_cast<std::uintptr_t>(shared);
    registration.ring_entries = buffer_count;
    registration.bgid = buffer_group;
    if (const int result = io_uring_register_buf_ring(&ring_, &registration, 0); result < 0) {
        fail_with("io_uring_register_buf_ring", -result);
    }
    io_uring_buf_ring_init(buffers_);
    for (unsigned index = 0; index < buffer_count; ++index) {
        io_uring_buf_ring_add(buffers_, memory_.data() + index * buffer_size, static_cast<unsigned>(buffer_size),
                              static_cast<unsigned short>(index), io_uring_buf_ring_mask(buffer_count),
                              static_cast<int>(index));
    }
    io_uring_buf_ring_advance(buffers_, static_cast<int>(buffer_count));
}

ring::~ring()
{
    io_uring_queue_exit(&ring_);
    ::munmap(buffers_, buffer_count_ * sizeof(io_uring_buf));
}

io_uring_sqe* ring::next_entry()
{
    io_uring_sqe* entry = io_uring_get_sqe(&ring_);
    if (entry == nullptr) {
        if (const int result = io_uring_submit(&ring_); result < 0) {
            fail_with("io_uring_submit", -result);
        }
        entry = io_uring_get_sqe(&ring_);
        if (entry == nullptr) {
            fail("io_uring takes no more");
        }
    }
    return entry;
}

void ring::send(int fd, const void* bytes, std::size_t size, std::uint64_t user_data)
{
    io_uring_sqe* const entry = next_entry();
    io_uring_prep_send(entry, fd, bytes, size, MSG_WAITALL | MSG_NOSIGNAL);
    io_uring_sqe_set_data64(entry, user_data);
    if (!reports_sends_) {
        io_uring_sqe_set_flags(entry, IOSQE_CQE_SKIP_SUCCESS);
    }
}

void ring::receive(int fd, void* bytes, std::size_t size, std::uint64_t user_data)
{
    io_uring_sqe* const entry = next_entry();
    io_uring_prep_recv(entry, fd, bytes, size, 0);
    entry->ioprio |= IORING_RECVSEND_POLL_FIRST;
    io_uring_sqe_set_data64(entry, user_data);
}

void ring::receive_many(int fd, std::uint64_t user_data)
{
    io_uring_sqe* const entry = next_entry();
    io_uring_prep_recv_multishot(entry, fd, nullptr, 0, 0);
    entry->ioprio |= IORING_RECVSEND_POLL_FIRST;
    io_uring_sqe_set_flags(entry, IOSQE_BUFFER_SELECT);
    entry->buf_group = buffer_group;
    io_uring_sqe_set_data64(entry, user_data);
}

void ring::submit_and_wait()
{
    __kernel_timespec limit{};
    limit.tv_sec = patience_seconds;
    io_uring_cqe* first = nullptr;
    int result = 0;
    do {
        result = io_uring_submit_and_wait_timeout(&ring_, &first, 1, &limit, nullptr);
    } while (result == -EINTR);
    if (result == -ETIME) {
        fail("the server has not answered for " + std::to_string(patience_seconds) + " seconds");
    }
    if (result < 0) {
        fail_with("io_uring_submit_and_wait_timeout", -result);
    }
}

const std::byte* ring::buffer_of(const io_uring_cqe& completion) const noexcept
{
    return memory_.data() + (completion.flags >> IORING_CQE_BUFFER_SHIFT) * buffer_size_;
}

void ring::give_back(const io_uring_cqe& completion) noexcept
{
    const unsigned index = completion.flags >> IORING_CQE_BUFFER_SHIFT;
    io_uring_buf_ring_add(buffers_, memory_.data() + index * buffer_size_, static_cast<unsigned>(buffer_size_),
                          static_cast<unsigned short>(index), io_uring_buf_ring_mask(buffer_count_), 0);
    io_uring_buf_ring_advance(buffers_, 1);
}

} // namespace bench
