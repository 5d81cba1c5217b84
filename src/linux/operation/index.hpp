// SPDX-License-Identifier: MIT
//
// The operations of one worker that have a name, to be found by it, in constant time on average: a table that grows and
// shrinks with their number. They are linked through themselves; so where there is no memory for a larger table, the
// old one does, only slower. Used by the worker's thread only.

#ifndef ASYNC_SOCKET_LINUX_OPERATION_INDEX_HPP
#define ASYNC_SOCKET_LINUX_OPERATION_INDEX_HPP

#include <cstddef>
#include <new>
#include <utility>

#include "common/operation/operation_id.hpp"
#include "linux/operation/operation.hpp"

namespace async_socket::detail {

// SRS_ASYNC_SOCKET_LINUX_01_038
class operation_index {
public:
    operation_index() noexcept = default;
    ~operation_index() { delete[] larger_; }
    operation_index(const operation_index&) = delete;
    operation_index& operator=(const operation_index&) = delete;

    void add(operation* named) noexcept
    {
        if (count_ == bucket_count_) {
            resize(bucket_count_ * 4);
        }
        ++count_;
        link(named);
    }

    // nullptr where there is none of that name.
    [[nodiscard]] operation* find(ASYNC_OPERATION_ID id) noexcept
    {
        operation* each = bucket_of(id);
        while (each != nullptr && each->extra->id != id) {
            each = each->extra->next_of_bucket;
        }
        return each;
    }

    // One that was added.
    void remove(operation* named) noexcept
    {
        operation** link = &bucket_of(named->extra->id);
        while (*link != named) {
            link = &(*link)->extra->next_of_bucket;
        }
        *link = named->extra->next_of_bucket;
        --count_;
        if (bucket_count_ != fewest_buckets && count_ < bucket_count_ / 16) {
            resize(bucket_count_ / 4);
        }
    }

    [[nodiscard]] std::size_t bucket_count() const noexcept { return bucket_count_; }

    static constexpr std::size_t fewest_buckets = 1024;

private:
    operation*& bucket_of(ASYNC_OPERATION_ID id) noexcept
    {
        return buckets_[(id >> operation_place_bits) % bucket_count_];
    }

    void link(operation* named) noexcept
    {
        operation*& first = bucket_of(named->extra->id);
        named->extra->next_of_bucket = first;
        first = named;
    }

    void resize(std::size_t bucket_count) noexcept
    {
        operation** const larger =
            bucket_count == fewest_buckets ? nullptr : new (std::nothrow) operation* [bucket_count] {};
        if (larger == nullptr && bucket_count != fewest_buckets) {
            return;
        }
        operation** const old = buckets_;
        const std::size_t old_count = bucket_count_;
        buckets_ = larger != nullptr ? larger : few_;
        bucket_count_ = bucket_count;
        for (std::size_t i = 0; i != old_count; ++i) {
            operation* each = std::exchange(old[i], nullptr);
            while (each != nullptr) {
                operation* const next = each->extra->next_of_bucket;
                link(each);
                each = next;
            }
        }
        delete[] larger_;
        larger_ = larger;
    }

    operation* few_[fewest_buckets]{};
    operation** larger_ = nullptr;
    operation** buckets_ = few_;
    std::size_t bucket_count_ = fewest_buckets;
    std::size_t count_ = 0;
};

} // namespace async_socket::detail

#endif
