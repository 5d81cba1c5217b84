// SPDX-License-Identifier: MIT
//
// The ring of the load generator. io_uring, because the load generator runs on the same machine as what it measures,
// often on the same core: the less it does for a message, the more of what is measured is the server.

#ifndef BENCH_LOAD_RING_HPP
#define BENCH_LOAD_RING_HPP

#include <liburing.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace bench {

class ring {
public:
    // buffer_count (a power of two) buffers of buffer_size bytes, out of which the kernel takes one for each piece that
    // it receives by receive_many.
    ring(unsigned buffer_count, std::size_t buffer_size);
    ~ring();
    ring(const ring&) = delete;
    ring& operator=(const ring&) = delete;

    void send(int fd, const void* bytes, std::size_t size, std::uint64_t user_data);
    void receive(int fd, void* bytes, std::size_t size, std::uint64_t user_data);
    void receive_many(int fd, std::uint64_t user_data);

    // Whether the completions of sends that went well are wanted.
    void report_sends(bool wanted) noexcept { reports_sends_ = wanted; }

    // Submits, waits for at least one completion, and calls take(completion) with each. Fails where there is none for
    // ten seconds.
    template <typename Take>
    void run_once(Take&& take)
    {
        submit_and_wait();
        unsigned head = 0;
        unsigned count = 0;
        io_uring_cqe* completion = nullptr;
        io_uring_for_each_cqe(&ring_, head, completion)
        {
            take(*completion);
            ++count;
        }
        io_uring_cq_advance(&ring_, count);
    }

    // The buffer that the completion of a receive_many filled, to be given back.
    [[nodiscard]] const std::byte* buffer_of(const io_uring_cqe& completion) const noexcept;
    void give_back(const io_uring_cqe& completion) noexcept;

private:
    [[nodiscard]] io_uring_sqe* next_entry();
    void submit_and_wait();

    io_uring ring_{};
    io_uring_buf_ring* buffers_ = nullptr;
    const unsigned buffer_count_;
    const std::size_t buffer_size_;
    std::vector<std::byte> memory_;
    bool reports_sends_ = false;
};

} // namespace bench

#endif
