// SPDX-License-Identifier: MIT
//
// Where the records of operations come from and go to. Each worker has a pool. Its own thread takes and gives back
// without any atomic step. Another thread takes from a list of its own; when that is empty, it takes over, in one step,
// all the records that it or others took before and that the workers have finished with. So nobody allocates once there
// are as many records as are ever in flight, and nobody locks.

#ifndef ASYNC_SOCKET_LINUX_OPERATION_POOL_HPP
#define ASYNC_SOCKET_LINUX_OPERATION_POOL_HPP

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "linux/operation/operation.hpp"

namespace async_socket::detail {

class operation_pool {
public:
    operation_pool() noexcept = default;
    ~operation_pool();
    operation_pool(const operation_pool&) = delete;
    operation_pool& operator=(const operation_pool&) = delete;

    // Has one list of finished records together with another pool, which must outlive this one. Before either is used.
    // Otherwise the records would drift from the list of one worker to that of another.
    void share_finished_with(operation_pool& other) noexcept { finished_ = other.finished_; }

    // A record with room for so many buffers, and with an extra that is in use if it is wanted; nullptr when there is
    // no memory. On the worker's thread.
    [[nodiscard]] operation* take(std::uint32_t buffer_count, bool with_extra = false) noexcept;
    // The same on any other thread.
    [[nodiscard]] operation* take_elsewhere(std::uint32_t buffer_count, bool with_extra = false) noexcept;

    // On the worker's thread, wherever it was taken.
    void give_back(operation* finished) noexcept;

    // Records that would make a list longer than this are freed: a burst is not to be paid for with memory for ever.
    // Each worker keeps one such list, the engine one for the other threads together, and each of these threads at
    // most one that it has taken over. SRS_ASYNC_SOCKET_LINUX_01_037
    static constexpr std::size_t kept_bytes_at_most = std::size_t{2} << 20;

private:
    // The worker's thread only.
    operation* kept_ = nullptr;
    std::size_t kept_bytes_ = 0;

    // Pushed to by the threads of the workers, taken as a whole by others: nothing is ever popped, so there is no ABA
    // problem. The number of bytes is about right, which is enough for a bound.
    struct finished_list {
        std::atomic<work_item*> top{nullptr};
        std::atomic<std::size_t> bytes{0};
    };
    finished_list own_finished_;
    finished_list* finished_ = &own_finished_;
};

} // namespace async_socket::detail

#endif
