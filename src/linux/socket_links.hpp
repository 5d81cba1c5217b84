// SPDX-License-Identifier: MIT
//
// Lists of sockets that are linked by themselves: a socket is taken out of a list without knowing which one it is in.
// Used by the socket's worker only.

#ifndef ASYNC_SOCKET_LINUX_SOCKET_LINKS_HPP
#define ASYNC_SOCKET_LINUX_SOCKET_LINKS_HPP

#include "async_socket/async_socket.h"

namespace async_socket::detail {

class socket_link {
public:
    explicit socket_link(ASYNC_SOCKET_HANDLE socket) noexcept : socket_(socket) {}
    socket_link(const socket_link&) = delete;
    socket_link& operator=(const socket_link&) = delete;

    [[nodiscard]] bool is_linked() const noexcept { return next_ != this; }

    void unlink() noexcept
    {
        previous_->next_ = next_;
        next_->previous_ = previous_;
        previous_ = this;
        next_ = this;
    }

protected:
    friend class socket_list;

    ASYNC_SOCKET_HANDLE socket_;
    socket_link* previous_ = this;
    socket_link* next_ = this;
};

class socket_list {
public:
    [[nodiscard]] bool empty() const noexcept { return !head_.is_linked(); }
    [[nodiscard]] ASYNC_SOCKET_HANDLE front() const noexcept { return head_.next_->socket_; }

    // `link` must be in no list.
    void push_back(socket_link& link) noexcept
    {
        link.previous_ = head_.previous_;
        link.next_ = &head_;
        head_.previous_->next_ = &link;
        head_.previous_ = &link;
    }

    // Moves all of `other` here, which must be empty.
    void take_all(socket_list& other) noexcept
    {
        if (other.empty()) {
            return;
        }
        head_.next_ = other.head_.next_;
        head_.previous_ = other.head_.previous_;
        head_.next_->previous_ = &head_;
        head_.previous_->next_ = &head_;
        other.head_.next_ = &other.head_;
        other.head_.previous_ = &other.head_;
    }

    // The first socket of which `chosen(socket)` holds; nullptr where there is none.
    template <typename predicate>
    [[nodiscard]] ASYNC_SOCKET_HANDLE find(predicate chosen) const noexcept
    {
        for (const socket_link* each = head_.next_; each != &head_; each = each->next_) {
            if (chosen(each->socket_)) {
                return each->socket_;
            }
        }
        return nullptr;
    }

private:
    socket_link head_{nullptr};
};

} // namespace async_socket::detail

#endif
