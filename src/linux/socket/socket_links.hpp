// SPDX-License-Identifier: MIT
//
// Lists of sockets that are linked by themselves: a socket is taken out of a list without knowing where it is in it. A
// socket is a link of each list that it can be in, so that a link needs not tell whose it is.
// Used by the socket's worker only.

#ifndef ASYNC_SOCKET_LINUX_SOCKET_SOCKET_LINKS_HPP
#define ASYNC_SOCKET_LINUX_SOCKET_SOCKET_LINKS_HPP

#include "async_socket/async_socket.h"

namespace async_socket::detail {

class socket_link {
public:
    socket_link() noexcept = default;
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

private:
    template <typename link>
    friend class socket_list;

    socket_link* previous_ = this;
    socket_link* next_ = this;
};

// In the worker's list of the sockets with callbacks to be called.
struct ready_link : socket_link {};
// In the worker's list of the sockets that are being closed, or in that of the others.
struct closing_link : socket_link {};
// In the back end's list of the sockets that are to have a turn.
struct turn_link : socket_link {};

template <typename link>
class socket_list {
public:
    [[nodiscard]] bool empty() const noexcept { return !head_.is_linked(); }
    [[nodiscard]] ASYNC_SOCKET_HANDLE front() const noexcept { return socket_of(head_.next_); }

    // `added` must be in no list of this kind.
    void push_back(link* added) noexcept
    {
        added->previous_ = head_.previous_;
        added->next_ = &head_;
        head_.previous_->next_ = added;
        head_.previous_ = added;
    }

    // Moves all of `other` here, behind what is here.
    void take_all(socket_list& other) noexcept
    {
        if (other.empty()) {
            return;
        }
        socket_link* const first = other.head_.next_;
        socket_link* const last = other.head_.previous_;
        first->previous_ = head_.previous_;
        last->next_ = &head_;
        head_.previous_->next_ = first;
        head_.previous_ = last;
        other.head_.next_ = &other.head_;
        other.head_.previous_ = &other.head_;
    }

    // `visit(socket)` must not take sockets out.
    template <typename visitor>
    void for_each(visitor visit) const noexcept
    {
        for (socket_link* each = head_.next_; each != &head_; each = each->next_) {
            visit(socket_of(each));
        }
    }

    // The first socket of which `chosen(socket)` holds; nullptr where there is none.
    template <typename predicate>
    [[nodiscard]] ASYNC_SOCKET_HANDLE find(predicate chosen) const noexcept
    {
        for (socket_link* each = head_.next_; each != &head_; each = each->next_) {
            if (ASYNC_SOCKET_HANDLE const socket = socket_of(each); chosen(socket)) {
                return socket;
            }
        }
        return nullptr;
    }

private:
    // Of one that is not the head.
    static ASYNC_SOCKET_HANDLE socket_of(socket_link* each) noexcept
    {
        return static_cast<ASYNC_SOCKET_HANDLE>(static_cast<link*>(each));
    }

    socket_link head_;
};

} // namespace async_socket::detail

#endif
