// SPDX-License-Identifier: MIT
//
// Tells a test that another thread is about to wait in poll, so that it can do what must end the wait.

#ifndef TRANSPORT_TEST_POLL_ENTRIES_H
#define TRANSPORT_TEST_POLL_ENTRIES_H

#include <cstddef>

namespace transport_test {

// While it lives, calls of poll are announced. One at a time.
class poll_entries {
public:
    poll_entries();
    ~poll_entries();
    poll_entries(const poll_entries&) = delete;
    poll_entries& operator=(const poll_entries&) = delete;

    // Waits until that many calls have been announced; false when a generous limit is over first.
    [[nodiscard]] static bool wait_for(std::size_t number);
};

} // namespace transport_test

#endif
