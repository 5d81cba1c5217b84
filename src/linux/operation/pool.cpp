// SPDX-License-Identifier: MIT

#include "linux/operation/pool.hpp"

#include <new>
#include <utility>

namespace async_socket::detail {

namespace {

// A record that grew beyond this gives the surplus back.
constexpr std::uint32_t largest_kept_capacity = 1024;

void shrink(operation* record) noexcept
{
    buffer_block::free(std::exchange(record->block, nullptr));
}

void free_record(operation* record) noexcept
{
    shrink(record);
    delete record->extra;
    delete record;
}

void free_list(work_item* first) noexcept
{
    while (first != nullptr) {
        work_item* const next = first->next;
        free_record(static_cast<operation*>(first));
        first = next;
    }
}

// The records at hand of a thread that is not the worker's. They belong to nobody in particular: they may be used for
// any worker of any engine. Without a destructor, for objects of the program may start operations in theirs, which run
// when all that has one is gone.
struct records_at_hand {
    operation* first;
    bool is_over; // the thread takes over no more of them
};
thread_local constinit records_at_hand at_hand{nullptr, false};

// Frees them when the thread ends. SRS_ASYNC_SOCKET_LINUX_01_050
struct end_of_thread {
    bool is_awaited = false;

    ~end_of_thread()
    {
        at_hand.is_over = true;
        free_list(std::exchange(at_hand.first, nullptr));
    }
};
thread_local end_of_thread own_end;

// Takes over what the workers have finished with, where the thread has nothing at hand.
void take_over(std::atomic<work_item*>& finished, std::atomic<std::size_t>& bytes) noexcept
{
    if (at_hand.first != nullptr || at_hand.is_over || finished.load(std::memory_order_relaxed) == nullptr) {
        return;
    }
    own_end.is_awaited = true;
    bytes.store(0, std::memory_order_relaxed);
    at_hand.first = static_cast<operation*>(finished.exchange(nullptr, std::memory_order_acquire));
}

operation* pop(operation*& first) noexcept
{
    operation* const popped = first;
    first = operation_queue::next_of(popped);
    return popped;
}

// What the record takes, as far as this side knows: an allocator has its own share of each piece.
std::size_t bytes_of(const operation& record) noexcept
{
    return sizeof record + (record.extra != nullptr ? sizeof *record.extra : 0) +
           (record.block != nullptr ? sizeof *record.block + record.block->capacity * sizeof(iovec) : 0);
}

bool make_extra(operation* record, bool with_extra) noexcept
{
    record->uses_extra = with_extra;
    if (!with_extra) {
        return true;
    }
    if (record->extra == nullptr) {
        record->extra = new (std::nothrow) operation_extra(record);
        return record->extra != nullptr;
    }
    record->extra->id = 0;
    record->extra->waiters = nullptr;
    record->extra->reason = early_end::none;
    return true;
}

bool make_room(operation* record, std::uint32_t buffer_count) noexcept
{
    if (buffer_count <= record->capacity()) {
        return true;
    }
    buffer_block* const larger = buffer_block::make(buffer_count);
    if (larger == nullptr) {
        return false;
    }
    shrink(record);
    record->block = larger;
    return true;
}

} // namespace

buffer_block* buffer_block::make(std::uint32_t buffer_count) noexcept
{
    void* const memory = ::operator new(sizeof(buffer_block) + buffer_count * sizeof(iovec), std::nothrow);
    if (memory == nullptr) {
        return nullptr;
    }
    auto* const made = new (memory) buffer_block;
    new (made + 1) iovec[buffer_count];
    made->capacity = buffer_count;
    return made;
}

void buffer_block::free(buffer_block* freed) noexcept
{
    ::operator delete(freed);
}

operation_pool::~operation_pool()
{
    free_list(kept_);
    free_list(own_finished_.top.load(std::memory_order_acquire));
}

// SRS_ASYNC_SOCKET_LINUX_01_028
operation* operation_pool::take(std::uint32_t buffer_count, bool with_extra) noexcept
{
    operation* record = nullptr;
    if (kept_ != nullptr) {
        record = pop(kept_);
        kept_bytes_ -= bytes_of(*record);
    } else {
        record = new (std::nothrow) operation;
    }
    if (record != nullptr && (!make_room(record, buffer_count) || !make_extra(record, with_extra))) {
        free_record(record);
        return nullptr;
    }
    if (record != nullptr) {
        record->taken_elsewhere = false;
    }
    return record;
}

// SRS_ASYNC_SOCKET_LINUX_01_028
operation* operation_pool::take_elsewhere(std::uint32_t buffer_count, bool with_extra) noexcept
{
    take_over(finished_->top, finished_->bytes);
    operation* const record = at_hand.first != nullptr ? pop(at_hand.first) : new (std::nothrow) operation;
    if (record != nullptr && (!make_room(record, buffer_count) || !make_extra(record, with_extra))) {
        free_record(record);
        return nullptr;
    }
    if (record != nullptr) {
        record->taken_elsewhere = true;
    }
    return record;
}

void operation_pool::give_back(operation* finished) noexcept
{
    if (finished->capacity() > largest_kept_capacity) {
        shrink(finished);
    }
    if (finished->taken_elsewhere) {
        const std::size_t bytes = bytes_of(*finished);
        if (finished_->bytes.load(std::memory_order_relaxed) + bytes > kept_bytes_at_most) {
            free_record(finished);
            return;
        }
        finished_->bytes.fetch_add(bytes, std::memory_order_relaxed);
        work_item* top = finished_->top.load(std::memory_order_relaxed);
        do {
            finished->next = top;
        } while (
            !finished_->top.compare_exchange_weak(top, finished, std::memory_order_release, std::memory_order_relaxed));
        return;
    }
    const std::size_t bytes = bytes_of(*finished);
    if (kept_bytes_ + bytes > kept_bytes_at_most) {
        free_record(finished);
        return;
    }
    finished->next = kept_;
    kept_ = finished;
    kept_bytes_ += bytes;
}

} // namespace async_socket::detail
