// SPDX-License-Identifier: MIT
//
// Operations that are under way when a socket is closed, and that the close must end.

#ifndef ASYNC_SOCKET_TESTS_CONTRACT_OTHERS_PENDING_H
#define ASYNC_SOCKET_TESTS_CONTRACT_OTHERS_PENDING_H

#include <cstddef>
#include <vector>

#include <gtest/gtest.h>

#include "support/fixture.h"
#include "support/pattern.h"

namespace contract {

class with_others_pending : public with_socket {
protected:
    using with_socket::with_socket;

    // Receives that stay pending, and sends that do because the peer does not read.
    std::vector<operation*> start_others()
    {
        std::vector<operation*> others;
        for (int i = 0; i != 20; ++i) {
            others.push_back(&start_receive(socket.get(), 100));
            others.push_back(&start_send(socket.get(), pattern(mebibyte)));
        }
        return others;
    }

    static void expect_done(const std::vector<operation*>& others)
    {
        for (const operation* const other : others) {
            EXPECT_TRUE(other->is_done());
            EXPECT_EQ(other->calls(), 1u);
        }
    }
};

} // namespace contract

#endif
