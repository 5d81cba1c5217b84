// SPDX-License-Identifier: MIT

#include "support/fixture.h"

namespace transport_test {

bool transport_fixture::bad_descriptors_are_expected = false;

void transport_fixture::SetUp()
{
    linux_faults::reset();
    bad_descriptors_are_expected = false;
    descriptors_ = linux_faults::open_descriptors();
    allocations_ = linux_faults::live_allocations();
}

void transport_fixture::TearDown()
{
    if (!bad_descriptors_are_expected) {
        EXPECT_EQ(linux_faults::calls_on_bad_descriptors(), 0U);
    }
    linux_faults::reset();
    EXPECT_EQ(linux_faults::open_descriptors(), descriptors_);
    EXPECT_EQ(linux_faults::live_allocations(), allocations_);
}

nothing_left_behind::nothing_left_behind()
    : descriptors_(linux_faults::open_descriptors()), allocations_(linux_faults::live_allocations())
{
}

nothing_left_behind::~nothing_left_behind()
{
    EXPECT_EQ(linux_faults::calls_on_bad_descriptors(), 0U);
    EXPECT_EQ(linux_faults::open_descriptors(), descriptors_);
    EXPECT_EQ(linux_faults::live_allocations(), allocations_);
}

} // namespace transport_test
