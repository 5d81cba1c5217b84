// SPDX-License-Identifier: MIT
//
// A close in the background, from the inbox on to the end of it the worker's; and a queue of such.

#ifndef ASYNC_SOCKET_LINUX_SOCKET_BACKGROUND_CLOSING_HPP
#define ASYNC_SOCKET_LINUX_SOCKET_BACKGROUND_CLOSING_HPP

#include <utility>

#include "linux/socket/socket.hpp"

namespace async_socket::detail {

struct background_closing : work_item, background_close {
    background_closing() noexcept : work_item(work_kind::close_in_background) {}

    bool is_behind_calls = false; // whatever was started before it has been taken from the inbox before it
    bool has_begun = false;       // no call is inside the socket any more, and the worker has been told to close it
};

// The one that closes the socket, which closes in the background.
[[nodiscard]] inline background_closing& background_closing_of(ASYNC_SOCKET_HANDLE socket) noexcept
{
    return *static_cast<background_closing*>(socket->close_request::next);
}

// Linked by themselves. Used by the worker's thread only.
class background_closings {
public:
    [[nodiscard]] bool empty() const noexcept { return first_ == nullptr; }

    void push_back(background_closing& added) noexcept
    {
        added.next = nullptr;
        (first_ == nullptr ? first_ : last_->next) = &added;
        last_ = &added;
    }

    [[nodiscard]] background_closing& pop_front() noexcept
    {
        work_item* const popped = first_;
        first_ = popped->next;
        return *static_cast<background_closing*>(popped);
    }

    [[nodiscard]] background_closings take_all() noexcept { return std::exchange(*this, {}); }

private:
    work_item* first_ = nullptr;
    work_item* last_ = nullptr;
};

} // namespace async_socket::detail

#endif
