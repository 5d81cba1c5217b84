// SPDX-License-Identifier: MIT
//
// Named operations, found by their names: in a table that follows their number.

#include <cstddef>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "linux/operation/index.hpp"
#include "linux_faults/faults.h"

namespace linux_tests {
namespace {

using async_socket::detail::next_operation_id;
using async_socket::detail::operation;
using async_socket::detail::operation_extra;
using async_socket::detail::operation_index;

struct named_operation {
    named_operation() : extra(&record)
    {
        record.extra = &extra;
        extra.id = next_operation_id(0);
    }
    operation record;
    operation_extra extra;
};

class index_of_operations : public ::testing::Test {
protected:
    static constexpr std::size_t count = 100'000;

    void expect_all_found(std::size_t first)
    {
        for (std::size_t i = 0; i != all.size(); ++i) {
            ASSERT_EQ(index.find(all[i]->extra.id), i >= first ? &all[i]->record : nullptr) << i;
        }
    }

    linux_faults::clean_scope clean_;
    std::vector<std::unique_ptr<named_operation>> all;
    operation_index index;
};

// SRS_ASYNC_SOCKET_LINUX_01_038
TEST_F(index_of_operations, has_as_much_room_as_there_are_operations)
{
    for (std::size_t i = 0; i != count; ++i) {
        all.push_back(std::make_unique<named_operation>());
        index.add(&all.back()->record);
        ASSERT_GE(index.bucket_count(), i + 1);
    }
    expect_all_found(0);
    for (std::size_t i = 0; i != count; ++i) {
        index.remove(&all[i]->record);
    }
    expect_all_found(count);
    EXPECT_EQ(index.bucket_count(), operation_index::fewest_buckets);
}

// SRS_ASYNC_SOCKET_LINUX_01_038
TEST_F(index_of_operations, does_without_more_room_where_there_is_no_memory)
{
    linux_faults::fail_from(linux_faults::api::operator_new, 1, 0);
    for (std::size_t i = 0; i != 3000; ++i) {
        all.push_back(std::make_unique<named_operation>());
        index.add(&all.back()->record);
    }
    EXPECT_EQ(index.bucket_count(), operation_index::fewest_buckets);
    expect_all_found(0);
}

} // namespace
} // namespace linux_tests
