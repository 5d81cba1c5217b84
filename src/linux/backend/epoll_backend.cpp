// SPDX-License-Identifier: MIT
//
// A socket is registered once, edge-triggered, for everything; after that the kernel is asked for nothing but bytes.
// What an event or an attempt has shown is remembered in the socket, so that an operation is only tried where it may
// succeed. Operations are therefore never "in flight": the kernel knows nothing of them between two attempts.

#include "linux/backend/epoll_backend.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <new>

#include "linux/backend/driven_backend.hpp"
#include "linux/backend/wait_limit.hpp"
#include "linux/system/system_error.hpp"

namespace async_socket::detail {

namespace {

template <typename record>
void fetch(const record* wanted) noexcept
{
    constexpr std::size_t line = 64;
    for (std::size_t offset = 0; offset < sizeof(record); offset += line) {
        __builtin_prefetch(reinterpret_cast<const std::byte*>(wanted) + offset);
    }
}

class epoll_backend final : public driven_backend {
public:
    epoll_backend(backend_reports& owner, int epoll_fd, int wake_fd) noexcept
        : driven_backend(owner), epoll_fd_(epoll_fd), wake_fd_(wake_fd)
    {
    }

    ~epoll_backend() override
    {
        ::close(wake_fd_);
        ::close(epoll_fd_);
    }

    [[nodiscard]] int attach(ASYNC_SOCKET_HANDLE socket) noexcept override
    {
        // Before it is known, for its events may come at once. A new one has room for what is sent.
        socket->sends.ready = true;
        socket->receives.ready = false;
        epoll_event event{};
        event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLPRI | EPOLLET;
        event.data.u64 = reinterpret_cast<std::uint64_t>(socket);
        return epoll_ctl(epoll_fd_, EPOLL_CTL_ADD, socket->fd, &event) == 0 ? 0 : errno;
    }

    void detach(ASYNC_SOCKET_HANDLE socket) noexcept override
    {
        forget_events_of(reinterpret_cast<std::uint64_t>(socket));
        if (epoll_ctl(epoll_fd_, EPOLL_CTL_DEL, socket->fd, nullptr) != 0) {
            log_system_failure("async_socket_close", "epoll_ctl", errno);
        }
    }

    [[nodiscard]] int watch(fd_watch& started) noexcept override
    {
        epoll_event event{};
        event.events = EPOLLOUT | EPOLLONESHOT;
        event.data.u64 = reinterpret_cast<std::uint64_t>(&started) | watch_bit;
        started.is_watched = epoll_ctl(epoll_fd_, EPOLL_CTL_ADD, started.fd, &event) == 0;
        return started.is_watched ? 0 : errno;
    }

    void cancel_watch(fd_watch& cancelled) noexcept override
    {
        if (epoll_ctl(epoll_fd_, EPOLL_CTL_DEL, cancelled.fd, nullptr) != 0) {
            log_system_failure("async_socket_connect_async", "epoll_ctl", errno);
        }
        cancelled.is_watched = false;
        forget_events_of(reinterpret_cast<std::uint64_t>(&cancelled) | watch_bit);
    }

    [[nodiscard]] unsigned poll() noexcept override { return wait(false, never); }

    unsigned wait(bool may_block, time_point_ns limit) noexcept override
    {
        // What a wait inside the program's own send or receive has left is no event again.
        // SRS_ASYNC_SOCKET_LINUX_01_036
        if (next_event_ != event_count_) {
            owner_.woke_up();
            take_more();
            return 1;
        }
        const int count = epoll_wait(epoll_fd_, events_, batch, may_block ? milliseconds_until(limit) : 0);
        if (count < 0 && errno != EINTR) {
            log_system_failure("execution_engine", "epoll_wait", errno);
        }
        owner_.woke_up();
        next_event_ = 0;
        event_count_ = std::max(count, 0);
        take_more();
        return static_cast<unsigned>(event_count_);
    }

    // One socket after the other, its callbacks included: what the kernel touches to receive, it needs to send, and has
    // it in the cache still.
    bool take_more() noexcept override
    {
        if (next_event_ == event_count_) {
            return false;
        }
        const epoll_event event = events_[next_event_++];
        fetch_ahead();
        if ((event.data.u64 & watch_bit) != 0) {
            end_watch(*reinterpret_cast<fd_watch*>(event.data.u64 & ~watch_bit));
        } else if (event.data.u64 != 0) {
            take_event(reinterpret_cast<ASYNC_SOCKET_HANDLE>(event.data.u64), event.events);
        }
        return true;
    }

    void wake() noexcept override
    {
        // Edge-triggered, so each write is an event by itself and nobody has to read.
        const std::uint64_t one = 1;
        while (::write(wake_fd_, &one, sizeof one) < 0 && errno == EINTR) {
        }
    }

protected:
    [[nodiscard]] bool attempts(const ASYNC_SOCKET_TAG&) const noexcept override { return true; }

    // The registration of the socket stands: an event will tell.
    [[nodiscard]] waiting wait_for(operation&, int&) noexcept override { return waiting::asleep; }

    // The kernel knows of no operation.
    [[nodiscard]] bool cancel_first(ASYNC_SOCKET_HANDLE, channel&) noexcept override { return true; }

    void start_notification(operation* notified) noexcept override { end_if_ready(notified); }

private:
    static constexpr int batch = 256;
    // Tells the watches among what events belong to; the wake belongs to nothing.
    static constexpr std::uint64_t watch_bit = 1;

    // One that is about to go may have an event in the batch that is being gone through.
    void forget_events_of(std::uint64_t whose) noexcept
    {
        for (int i = next_event_; i < event_count_; ++i) {
            if (events_[i].data.u64 == whose) {
                events_[i].data.u64 = 0;
            }
        }
    }

    // nullptr where the event belongs to something else, or does not exist.
    [[nodiscard]] ASYNC_SOCKET_HANDLE socket_of_event(int index) const noexcept
    {
        if (index >= event_count_ || (events_[index].data.u64 & watch_bit) != 0) {
            return nullptr;
        }
        return reinterpret_cast<ASYNC_SOCKET_HANDLE>(events_[index].data.u64);
    }

    // With many connections, what the next events are about is in no cache near; while this one is served, it is
    // fetched.
    void fetch_ahead() const noexcept
    {
        if (const ASYNC_SOCKET_TAG* const later = socket_of_event(next_event_ + 1)) {
            fetch(later);
        }
        const ASYNC_SOCKET_TAG* const next = socket_of_event(next_event_);
        if (next != nullptr && !next->receives.queue.empty()) {
            fetch(next->receives.queue.front());
        }
    }

    void end_watch(fd_watch& ended) noexcept
    {
        cancel_watch(ended);
        owner_.watch_ended(ended);
    }

    void end_if_ready(operation* notified) noexcept
    {
        const transfer_result result = try_notify(*notified);
        if (result.state == progress::ended) {
            notification_ended(notified, result.error);
        }
    }

    // SRS_ASYNC_SOCKET_LINUX_01_022, SRS_ASYNC_SOCKET_LINUX_01_024
    void tell_of_event(ASYNC_SOCKET_HANDLE socket, std::uint32_t events) noexcept
    {
        operation* next = nullptr;
        for (operation* each = socket->notifications.front(); each != nullptr; each = next) {
            next = operation_queue::next_of(each);
            if (!is_notification(each->kind)) {
                continue;
            }
            if ((events & EPOLLERR) != 0) {
                notification_ended(each, EIO);
            } else {
                end_if_ready(each);
            }
        }
    }

    void take_event(ASYNC_SOCKET_HANDLE socket, std::uint32_t events) noexcept
    {
        begin_turn();
        // First, for a transfer takes away what there is to be told of: the bytes, or the error.
        tell_of_event(socket, events);
        // The end of the stream is no event again, and a receive stops short at an urgent mark.
        if ((events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR | EPOLLPRI)) != 0) {
            socket->short_is_not_empty = true;
        }
        if ((events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) {
            became_ready(socket, socket->receives);
        }
        if ((events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0) {
            became_ready(socket, socket->sends);
        }
    }

    const int epoll_fd_;
    const int wake_fd_;
    // The batch that is being gone through.
    epoll_event events_[batch]{};
    int next_event_ = 0;
    int event_count_ = 0;
};

} // namespace

backend* make_epoll_backend(backend_reports& owner, int& error) noexcept
{
    const int epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (epoll_fd < 0) {
        error = errno;
        return nullptr;
    }
    const int wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (wake_fd < 0) {
        error = errno;
        ::close(epoll_fd);
        return nullptr;
    }
    epoll_event event{};
    event.events = EPOLLIN | EPOLLET;
    event.data.u64 = 0;
    if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, wake_fd, &event) != 0) {
        error = errno;
        ::close(wake_fd);
        ::close(epoll_fd);
        return nullptr;
    }
    auto* const made = new (std::nothrow) epoll_backend(owner, epoll_fd, wake_fd);
    if (made == nullptr) {
        error = ENOMEM;
        ::close(wake_fd);
        ::close(epoll_fd);
    }
    return made;
}

} // namespace async_socket::detail
