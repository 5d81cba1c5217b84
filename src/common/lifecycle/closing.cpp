// SPDX-License-Identifier: MIT
//
// The way from open to closed, and who waits for what on it.

#include "common/lifecycle/callback_wait.hpp"
#include "common/lifecycle/cooperative_wait.hpp"
#include "common/lifecycle/lifecycle.hpp"
#include "common/lifecycle/parking.hpp"

namespace async_socket::detail {

// A connect that has failed is under way until its callback has returned.
bool lifecycle::is_to_be_closed(std::uint64_t word) noexcept
{
    return state_of(word) == state::open || state_of(word) == state::connecting ||
           (state_of(word) == state::created && operations_in(word) != 0);
}

template <typename predicate>
class lifecycle::word_condition final : public cooperative_thread::condition {
public:
    word_condition(const std::atomic<std::uint64_t>& word, predicate done, callback_wait* wait) noexcept
        : word_(word), done_(done), wait_(wait)
    {
    }

    // Sequentially consistent: see cooperative_wait.cpp.
    [[nodiscard]] bool holds() const noexcept override { return done_(word_.load(std::memory_order_seq_cst)); }

    [[nodiscard]] bool is_to_be_looked_at_again() const noexcept override
    {
        return wait_ != nullptr && wait_->look_for_ring(nullptr);
    }

private:
    const std::atomic<std::uint64_t>& word_;
    predicate done_;
    callback_wait* wait_;
};

template <typename predicate>
std::uint64_t lifecycle::wait_until(predicate done, callback_wait* wait) const noexcept
{
    std::uint64_t word = word_.load(std::memory_order_acquire);
    if (done(word)) {
        return word;
    }
    if (cooperative_thread* const thread = cooperative_thread::current()) {
        const word_condition condition(word_, done, wait);
        thread->work_at_hand(condition, *this);
        if (!condition.holds()) {
            const cooperative_thread::waiting waiting(*thread);
            thread->work_until(condition, *this);
        }
        return word_.load(std::memory_order_acquire);
    }
    if (wait != nullptr) {
        wait->look_for_ring(&word_);
    }
    return sleep_until(done);
}

template <typename predicate>
std::uint64_t lifecycle::sleep_until(predicate done) const noexcept
{
    std::uint64_t word = 0;
    park_until(&word_, [this, &word, &done] {
        word = word_.load(std::memory_order_acquire);
        return done(word);
    });
    return word;
}

// SRS_ASYNC_SOCKET_WIN32_01_019, SRS_ASYNC_SOCKET_WIN32_01_022, SRS_ASYNC_CONNECT_01_011, SRS_ASYNC_SOCKET_EX_01_040
lifecycle::to_close lifecycle::begin_close(closer from) noexcept
{
    const std::uint64_t added = bits_of(state::closing) + (from != closer::elsewhere ? closer_in_callback : 0) +
                                (from == closer::background ? one_operation : 0);
    std::uint64_t word = word_.load(std::memory_order_acquire);
    for (;;) {
        if (is_to_be_closed(word)) {
            if (word_.compare_exchange_weak(word, (word & ~state_mask) + added, std::memory_order_acq_rel,
                                            std::memory_order_acquire)) {
                return what_to_close(word);
            }
        } else if (state_of(word) == state::opening && operations_in(word) != 0) {
            if (word_.compare_exchange_weak(word, (word + one_call) | close_waits, std::memory_order_acq_rel,
                                            std::memory_order_acquire)) {
                return begin_close_after_opening(added, from == closer::background);
            }
        } else {
            return close_nothing;
        }
    }
}

// The caller counts as a call meanwhile, for the callback that opens may be the last and destroy the socket. Nobody can
// close it for good under that call; so who only leaves here is never the one that frees. Nor does it open once more: a
// program that connects again and again would keep the close waiting.
lifecycle::to_close lifecycle::begin_close_after_opening(std::uint64_t added, bool must_not_work) noexcept
{
    const auto is_over = [](std::uint64_t now) { return state_of(now) != state::opening; };
    std::uint64_t word = must_not_work ? sleep_until(is_over) : wait_until(is_over);
    while (state_of(word) != state::closing) {
        if (word_.compare_exchange_weak(word, (word & ~state_mask) + added - one_call, std::memory_order_acq_rel,
                                        std::memory_order_acquire)) {
            return what_to_close(word);
        }
    }
    change(std::uint64_t{0} - one_call);
    return close_nothing;
}

// SRS_ASYNC_SOCKET_WIN32_01_020
void lifecycle::wait_for_calls() const noexcept
{
    wait_until([](std::uint64_t word) { return calls_in(word) == 0; });
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_020. In this order: the word was read before.
bool lifecycle::is_down_to(std::uint64_t word, std::uint32_t own, const callback_wait& wait) noexcept
{
    return operations_in(word) <= own + wait.left_out();
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_004, SRS_ASYNC_SOCKET_GUARANTEE_01_005
void lifecycle::wait_for_operations(std::uint32_t own, callback_wait& wait) const noexcept
{
    wait_until([own, &wait](std::uint64_t word) { return is_down_to(word, own, wait); }, &wait);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_004, SRS_ASYNC_SOCKET_GUARANTEE_01_005
bool lifecycle::wait_briefly_for_operations(std::uint32_t own, callback_wait& wait,
                                            std::chrono::milliseconds limit) const noexcept
{
    const auto is_over = [this, own, &wait] { return is_down_to(word_.load(std::memory_order_seq_cst), own, wait); };
    if (!is_over()) {
        wait.look_for_ring(&word_);
    }
    return park_for(&word_, limit, is_over);
}

// SRS_ASYNC_SOCKET_WIN32_01_021
bool lifecycle::complete_close() noexcept
{
    return is_for_the_last_to_free(change(bits_of(state::closed) - bits_of(state::closing)));
}

// SRS_ASYNC_SOCKET_WIN32_01_093
bool lifecycle::wait_until_settled(callback_wait& wait) const noexcept
{
    const auto is_over = [&wait](std::uint64_t word) {
        const state now = state_of(word);
        if (now == state::closing) {
            // The callback that closes, or that a close in the background is, counts apart.
            return wait.is_in_ring() && is_down_to(word, (word & closer_in_callback) != 0 ? 1 : 0, wait);
        }
        // A close that waits for the end of an opening is about to close it, whatever has become of that.
        return now == state::closed || (now != state::opening && (word & close_waits) == 0);
    };
    return is_to_be_closed(wait_until(is_over, &wait));
}

void lifecycle::wait_for_others_to_close(std::uint32_t own, bool closer_is_among_own,
                                         callback_wait& wait) const noexcept
{
    const auto is_over = [own, closer_is_among_own, &wait](std::uint64_t word) {
        const std::uint32_t closers = (word & closer_in_callback) != 0 && !closer_is_among_own ? 1 : 0;
        return state_of(word) != state::closing || is_down_to(word, own + closers, wait);
    };
    wait_until(is_over, &wait);
}

} // namespace async_socket::detail
