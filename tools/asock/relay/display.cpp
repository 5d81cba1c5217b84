// SPDX-License-Identifier: MIT

#include "relay/display.hpp"

#include <chrono>
#include <cstdio>
#include <utility>

namespace asock {

relay_display::relay_display(const relay_counters& counters, bool live, bool is_terminal)
    : counters_(counters), live_(live), line_(is_terminal), writer_([this](const std::stop_token& stop) { run(stop); })
{
}

void relay_display::note(const std::string& text)
{
    constexpr std::size_t most = 100;
    const std::lock_guard lock(mutex_);
    if (notes_.size() < most) {
        notes_.push_back(text);
        changed_.notify_one();
    }
}

void relay_display::run(const std::stop_token& stop)
{
    using clock = std::chrono::steady_clock;
    constexpr auto period = std::chrono::seconds(1);
    relay_figures before = counters_.figures();
    clock::time_point since = clock::now();
    std::unique_lock lock(mutex_);
    while (!stop.stop_requested()) {
        const auto has_notes = [this] { return !notes_.empty(); };
        const bool noted =
            live_ ? changed_.wait_until(lock, stop, since + period, has_notes) : changed_.wait(lock, stop, has_notes);
        if (noted) {
            write_notes(lock);
        } else if (!stop.stop_requested()) {
            lock.unlock();
            const relay_figures now = counters_.figures();
            const clock::time_point shown = clock::now();
            line_.show(relay_line(before, now, std::chrono::duration<double>(shown - since).count()));
            before = now;
            since = shown;
            lock.lock();
        }
    }
    write_notes(lock);
}

void relay_display::write_notes(std::unique_lock<std::mutex>& lock)
{
    const std::vector<std::string> notes = std::exchange(notes_, {});
    lock.unlock();
    for (const std::string& text : notes) {
        line_.clear();
        std::fprintf(stderr, "asock: %s\n", text.c_str());
        std::fflush(stderr);
    }
    lock.lock();
}

} // namespace asock
