// SPDX-License-Identifier: MIT

#include "support/random_program.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <list>
#include <memory>
#include <mutex>
#include <new>
#include <random>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "common/lifecycle/callback_scope.hpp"
#include "support/background.h"
#include "support/bare_socket.h"
#include "support/closing.h"
#include "support/completions.h"

#if defined(__SANITIZE_ADDRESS__)
#define POISONS_MEMORY 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define POISONS_MEMORY 1
#endif
#endif
#ifdef POISONS_MEMORY
#include <sanitizer/asan_interface.h>
#endif

using async_socket::detail::callback_scope;
using async_socket::detail::lifecycle;

namespace {

constexpr std::uint64_t alive = 0x616c697665;
constexpr unsigned char poison = 0xdd;

// Written before the socket is open and by whoever frees it, read by everybody who is counted: plainly, so that
// ThreadSanitizer sees any of them that the lifecycle leaves unordered.
struct checked_socket : ASYNC_SOCKET_TAG {
    std::uint64_t canary = alive;
};

struct operation {
    int callbacks = 0;           // written by the callback
    bool over = false;           // written by the callback, at its end
    std::atomic<bool> over_hint; // the same for those who may look while it runs
};

class random_program {
public:
    random_program(std::uint64_t seed, program_totals& totals)
        : seeds_(static_cast<std::minstd_rand::result_type>(seed)), totals_(totals), system_(seed)
    {
        socket_->disconnect = [this] { system_.disconnect(); };
        socket_->free = [this](ASYNC_SOCKET_HANDLE) { free_socket(); };
        open_fails_ = pick(seeds_, 10) == 0;
        connects_ = pick(seeds_, 2) == 0;
        callers_ = 1 + pick(seeds_, 2);
        closers_ = pick(seeds_, 3);
        destroyer_is_a_thread_ = pick(seeds_, 2) == 0;
        destroying_callback_ = static_cast<int>(pick(seeds_, 12));
    }

    void run()
    {
        std::vector<std::unique_ptr<background>> threads;
        const auto start = [&](const char* name, auto work) {
            threads.push_back(std::make_unique<background>(
                name, [work, random = std::minstd_rand(seeds_())]() mutable { work(random); }));
        };
        start("opener", [this](auto& random) { connects_ ? connect(random) : open(random); });
        for (unsigned i = 0; i < callers_; ++i) {
            start("caller", [this](auto& random) {
                const unsigned sends = 1 + pick(random, 20);
                for (unsigned send_index = 0; send_index < sends; ++send_index) {
                    pick(random, 4) == 0 ? visit(random) : send(random);
                    dawdle(random);
                }
            });
        }
        for (unsigned i = 0; i < closers_; ++i) {
            start("closer", [this](auto& random) {
                dawdle(random, 200);
                close();
            });
        }
        if (destroyer_is_a_thread_) {
            start("destroyer", [this](auto& random) {
                dawdle(random, 300);
                destroy();
            });
        }
        for (const auto& thread : threads) {
            thread->finish();
        }
        destroy();
        system_.finish();
        check_end();
    }

private:
    static unsigned pick(std::minstd_rand& random, unsigned bound) { return static_cast<unsigned>(random() % bound); }

    static void dawdle(std::minstd_rand& random, unsigned longest = 5)
    {
        for (unsigned i = pick(random, longest); i > 0; --i) {
            std::this_thread::yield();
        }
    }

    // A program must not call anything once destroy is called. To break that rule by no more than a hair, it keeps to
    // it here up to the first step of each call; whatever the call does afterwards may meet destroy.
    bool begin_first_step()
    {
        in_first_step_.fetch_add(1);
        if (!destroy_is_called_.load()) {
            return true;
        }
        in_first_step_.fetch_sub(1);
        return false;
    }

    void end_first_step() { in_first_step_.fetch_sub(1); }

    void expect_alive() const { EXPECT_EQ(socket_->canary, alive); }

    operation* new_operation()
    {
        const std::lock_guard lock(operations_mutex_);
        return &operations_.emplace_back();
    }

    void open(std::minstd_rand& random)
    {
        if (!begin_first_step()) {
            return;
        }
        const bool began = socket_->life.begin_open();
        end_first_step();
        ASSERT_TRUE(began);
        dawdle(random, 50);
        expect_alive();
        if (open_fails_) {
            count(totals_.failed_opens);
            socket_->life.abandon_open();
            return;
        }
        operation* const open_callback = new_operation();
        socket_->life.complete_open(0);
        call_back(open_callback, random);
    }

    void connect(std::minstd_rand& random)
    {
        if (!begin_first_step()) {
            return;
        }
        const bool began = socket_->life.begin_open();
        end_first_step();
        ASSERT_TRUE(began);
        go_on_connecting(random);
    }

    void go_on_connecting(std::minstd_rand& random)
    {
        dawdle(random, 50);
        expect_alive();
        if (open_fails_) {
            count(totals_.failed_opens);
            socket_->life.abandon_open();
            return;
        }
        operation* const connect_callback = new_operation();
        socket_->life.begin_connect(0);
        system_.start(
            [this, connect_callback, own_random = std::minstd_rand(random())]() mutable {
                end_connect(connect_callback, own_random);
            },
            pick(random, 4) == 0);
    }

    void end_connect(operation* finished, std::minstd_rand& random)
    {
        expect_alive();
        if (pick(random, 2) == 0 && socket_->life.complete_connect()) {
            count(totals_.connects);
            call_back(finished, random);
        } else if (socket_->life.abandon_connect()) {
            count(totals_.failed_connects);
            call_back(finished, random, true);
        } else {
            count(totals_.closed_connects);
            call_back(finished, random);
        }
    }

    // A callback cannot know of a destroy that has just been called on another thread: it may connect all the same.
    void connect_again(std::minstd_rand& random)
    {
        if (pick(random, 3) != 0 && socket_->life.begin_open()) {
            count(totals_.connects_again);
            go_on_connecting(random);
        }
    }

    void visit(std::minstd_rand& random)
    {
        if (!begin_first_step()) {
            return;
        }
        socket_->life.begin_visit();
        end_first_step();
        count(totals_.visits);
        expect_alive();
        dawdle(random);
        expect_alive();
        if (socket_->life.end_visit()) {
            free_socket();
        }
    }

    void send(std::minstd_rand& random)
    {
        if (!begin_first_step()) {
            return;
        }
        const bool began = socket_->life.begin_call();
        end_first_step();
        if (!began) {
            count(totals_.refused_calls);
            return;
        }
        expect_alive();
        if (pick(random, 5) == 0) {
            count(totals_.withdrawn_calls);
            socket_->life.withdraw_call();
            return;
        }
        operation* const started = new_operation();
        system_.start(
            [this, started, own_random = std::minstd_rand(random())]() mutable { call_back(started, own_random); },
            pick(random, 4) == 0);
        dawdle(random);
        expect_alive();
        socket_->life.end_call();
    }

    void call_back(operation* finished, std::minstd_rand& random, bool may_connect_again = false)
    {
        run_callback(socket_, [&] {
            count(totals_.callbacks);
            expect_alive();
            ++finished->callbacks;
            if (may_connect_again) {
                connect_again(random);
            }
            const bool destroys = !destroyer_is_a_thread_ && callback_number_.fetch_add(1) == destroying_callback_;
            switch (pick(random, 8)) {
            case 0:
                close();
                break;
            case 1:
            case 2:
                send(random);
                break;
            default:
                dawdle(random);
            }
            if (destroys) {
                destroy();
            }
            expect_alive();
            finished->over = true;
            finished->over_hint.store(true, std::memory_order_relaxed);
        });
    }

    void close()
    {
        const std::uint32_t own = callback_scope::depth(socket_);
        if (!begin_first_step()) {
            return;
        }
        const lifecycle::to_close what = begin_close(socket_->life, own != 0);
        if (what != lifecycle::close_nothing && own != 0) {
            closer_is_a_callback_ = true;
        }
        end_first_step();
        if (what == lifecycle::close_nothing) {
            return;
        }
        count(own != 0 ? totals_.closes_inside : totals_.closes_outside);
        finish_close(socket_, what);
        expect_left_only(own);
    }

    void destroy()
    {
        const std::uint32_t own = callback_scope::depth(socket_);
        if (destroy_is_called_.exchange(true)) {
            return;
        }
        while (in_first_step_.load() != 0) {
            std::this_thread::yield();
        }
        count(own != 0 ? totals_.destroys_inside : totals_.destroys_outside);
        destroyer_.store(std::this_thread::get_id());
        async_socket_destroy(socket_);
        destroyer_.store(std::thread::id());
        if (own == 0) {
            expect_left_only(0);
        } else {
            EXPECT_LE(running_by_hint(), own + (closer_is_a_callback_ ? 1U : 0U));
        }
    }

    // Everything else has happened before: it is read plainly. `own` callbacks are on this thread's stack.
    void expect_left_only(std::uint32_t own)
    {
        const std::lock_guard lock(operations_mutex_);
        const auto left =
            std::count_if(operations_.begin(), operations_.end(), [](const auto& each) { return !each.over; });
        EXPECT_EQ(left, own);
    }

    std::size_t running_by_hint()
    {
        const std::lock_guard lock(operations_mutex_);
        return static_cast<std::size_t>(std::count_if(operations_.begin(), operations_.end(), [](const auto& each) {
            return !each.over_hint.load(std::memory_order_relaxed);
        }));
    }

    void free_socket()
    {
        ++frees_;
        if (destroyer_.load() != std::this_thread::get_id()) {
            count(totals_.frees_by_others_than_destroy);
        }
        expect_alive();
        socket_->~checked_socket();
        std::memset(storage_, poison, sizeof storage_);
#ifdef POISONS_MEMORY
        ASAN_POISON_MEMORY_REGION(storage_, sizeof storage_);
#endif
    }

    void check_end()
    {
        EXPECT_EQ(frees_, 1);
#ifdef POISONS_MEMORY
        ASAN_UNPOISON_MEMORY_REGION(storage_, sizeof storage_);
#endif
        EXPECT_TRUE(std::all_of(std::begin(storage_), std::end(storage_), [](unsigned char b) { return b == poison; }))
            << "somebody has written to the freed socket";
        for (const operation& each : operations_) {
            EXPECT_EQ(each.callbacks, 1);
            EXPECT_TRUE(each.over);
        }
    }

    std::minstd_rand seeds_;
    program_totals& totals_;
    bool open_fails_;
    bool connects_;
    unsigned callers_;
    unsigned closers_;
    bool destroyer_is_a_thread_;
    int destroying_callback_;

    alignas(checked_socket) unsigned char storage_[sizeof(checked_socket)];
    checked_socket* const socket_ = new (storage_) checked_socket;
    int frees_ = 0; // written by whoever frees

    std::atomic<bool> destroy_is_called_{false};
    std::atomic<int> in_first_step_{0};
    std::atomic<int> callback_number_{0};
    std::atomic<bool> closer_is_a_callback_{false};
    std::atomic<std::thread::id> destroyer_{};

    std::mutex operations_mutex_;
    std::list<operation> operations_; // under the mutex; each record as it says

    completions system_;
};

} // namespace

void run_random_program(std::uint64_t seed, program_totals& totals)
{
    random_program(seed, totals).run();
}
