// SPDX-License-Identifier: MIT
//
// The operations of one worker that have a name, to be found by it. Linked through the operations, so that adding one
// needs no memory. Used by the worker's thread only.

#ifndef ASYNC_SOCKET_LINUX_OPERATION_INDEX_HPP
#define ASYNC_SOCKET_LINUX_OPERATION_INDEX_HPP

#include <cstddef>

#include "common/operation_id.hpp"
#include "linux/operation.hpp"

namespace async_socket::detail {

class operation_index {
public:
    void add(operation* named) noexcept
    {
        operation*& first = bucket_of(named->extra->id);
        named->extra->next_of_bucket = first;
        first = named;
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
    }

private:
    static constexpr std::size_t bucket_count = 1024;

    operation*& bucket_of(ASYNC_OPERATION_ID id) noexcept
    {
        return buckets_[(id >> operation_place_bits) % bucket_count];
    }

    operation* buckets_[bucket_count]{};
};

} // namespace async_socket::detail

#endif
