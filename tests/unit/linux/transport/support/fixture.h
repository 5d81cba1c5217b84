// SPDX-License-Identifier: MIT
//
// Every test must leave the process as it found it: no descriptor, no block of memory more, and no call on a descriptor
// that is not open.

#ifndef TRANSPORT_TEST_FIXTURE_H
#define TRANSPORT_TEST_FIXTURE_H

#include <cstddef>

#include <gmock/gmock.h>

#include "linux_faults/faults.h"

namespace transport_test {

class transport_fixture : public testing::Test {
protected:
    void SetUp() override;
    void TearDown() override;

    // For a test that hands over such a descriptor on purpose.
    static void expect_bad_descriptor() { bad_descriptors_are_expected = true; }

private:
    static bool bad_descriptors_are_expected;
    std::size_t descriptors_ = 0;
    std::size_t allocations_ = 0;
};

// For a loop in a test, around what must leave nothing behind.
class nothing_left_behind {
public:
    nothing_left_behind();
    ~nothing_left_behind();
    nothing_left_behind(const nothing_left_behind&) = delete;
    nothing_left_behind& operator=(const nothing_left_behind&) = delete;

private:
    std::size_t descriptors_;
    std::size_t allocations_;
};

} // namespace transport_test

#endif
