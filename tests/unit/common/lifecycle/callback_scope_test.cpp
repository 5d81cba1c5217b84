// SPDX-License-Identifier: MIT

#include <gtest/gtest.h>

#include "common/lifecycle/callback_scope.hpp"
#include "support/background.h"

namespace async_socket::detail {

namespace {

ASYNC_SOCKET_HANDLE handle(int& object)
{
    return reinterpret_cast<ASYNC_SOCKET_HANDLE>(&object);
}

class callback_scopes : public testing::Test {
protected:
    int objects_[2] = {};
    ASYNC_SOCKET_HANDLE one_ = handle(objects_[0]);
    ASYNC_SOCKET_HANDLE other_ = handle(objects_[1]);
};

TEST_F(callback_scopes, there_is_none_outside_of_callbacks)
{
    EXPECT_EQ(callback_scope::depth(one_), 0U);
    EXPECT_EQ(callback_scope::innermost(), nullptr);
    EXPECT_FALSE(callback_scope::is_closing(one_));
}

TEST_F(callback_scopes, counts_the_callbacks_of_each_socket_on_the_stack)
{
    const callback_scope first(one_, nullptr);
    EXPECT_EQ(callback_scope::depth(one_), 1U);
    EXPECT_EQ(callback_scope::depth(other_), 0U);
    {
        const callback_scope second(other_, nullptr);
        const callback_scope third(one_, nullptr);
        EXPECT_EQ(callback_scope::depth(one_), 2U);
        EXPECT_EQ(callback_scope::depth(other_), 1U);
    }
    EXPECT_EQ(callback_scope::depth(one_), 1U);
    EXPECT_EQ(callback_scope::depth(other_), 0U);
}

TEST_F(callback_scopes, form_a_chain_from_the_innermost_out)
{
    int platform_callback = 0;
    const callback_scope first(one_, &platform_callback);
    {
        const callback_scope second(other_, nullptr);
        const callback_scope* scope = callback_scope::innermost();
        ASSERT_EQ(scope, &second);
        EXPECT_EQ(scope->socket(), other_);
        EXPECT_EQ(scope->platform_callback(), nullptr);
        scope = scope->outer();
        ASSERT_EQ(scope, &first);
        EXPECT_EQ(scope->socket(), one_);
        EXPECT_EQ(scope->platform_callback(), &platform_callback);
        EXPECT_EQ(scope->outer(), nullptr);
    }
    EXPECT_EQ(callback_scope::innermost(), &first);
}

TEST_F(callback_scopes, belong_to_their_thread)
{
    const callback_scope scope(one_, nullptr);
    background other("other", [&] {
        EXPECT_EQ(callback_scope::depth(one_), 0U);
        EXPECT_EQ(callback_scope::innermost(), nullptr);
    });
}

TEST_F(callback_scopes, know_whether_one_of_the_socket_is_closing_it)
{
    const callback_scope first(one_, nullptr);
    EXPECT_FALSE(callback_scope::is_closing(one_));
    callback_scope::mark_closing(one_);
    EXPECT_TRUE(callback_scope::is_closing(one_));
    EXPECT_FALSE(callback_scope::is_closing(other_));
    const callback_scope second(one_, nullptr);
    EXPECT_TRUE(callback_scope::is_closing(one_)) << "the one below closes";
}

TEST_F(callback_scopes, the_innermost_of_the_socket_is_the_one_that_closes)
{
    const callback_scope first(one_, nullptr);
    {
        const callback_scope second(one_, nullptr);
        const callback_scope third(other_, nullptr);
        callback_scope::mark_closing(one_);
        EXPECT_TRUE(callback_scope::is_closing(one_));
        EXPECT_FALSE(callback_scope::is_closing(other_));
    }
    EXPECT_FALSE(callback_scope::is_closing(one_));
}

TEST_F(callback_scopes, a_close_outside_of_callbacks_marks_none)
{
    callback_scope::mark_closing(one_);
    const callback_scope scope(one_, nullptr);
    callback_scope::mark_closing(other_);
    EXPECT_FALSE(callback_scope::is_closing(one_));
    EXPECT_FALSE(callback_scope::is_closing(other_));
}

} // namespace

} // namespace async_socket::detail
