// SPDX-License-Identifier: MIT

#include "terminal/progress.hpp"

#include "terminal/format.hpp"

#include <algorithm>

namespace asock {

namespace {

constexpr std::size_t bar_width = 24;

std::string bar(double fraction)
{
    const auto filled = static_cast<std::size_t>(fraction * static_cast<double>(bar_width));
    std::string text(bar_width + 2, ' ');
    text.front() = '[';
    text.back() = ']';
    std::fill_n(text.begin() + 1, filled, '=');
    if (filled < bar_width) {
        text[filled + 1] = '>';
    }
    return text;
}

} // namespace

std::string progress_line(const progress_state& state, std::size_t room)
{
    const std::string rate = format_rate(state.done, state.seconds);
    if (!state.total) {
        return format_bytes(state.done) + "  " + rate + "  " + format_clock(state.seconds);
    }
    const std::uint64_t total = std::max(*state.total, state.done); // a file may grow while it is sent
    const double fraction = total > 0 ? static_cast<double>(state.done) / static_cast<double>(total) : 1;
    std::string percent = std::to_string(static_cast<unsigned>(fraction * 100)) + "%";
    percent.insert(0, 4 - std::min<std::size_t>(percent.size(), 4), ' ');
    std::string line = percent + "  " + format_bytes(state.done) + " of " + format_bytes(total) + "  " + rate;
    if (state.done > 0 && state.done < total) {
        const double left = state.seconds * static_cast<double>(total - state.done) / static_cast<double>(state.done);
        line += "  " + format_clock(left) + " left";
    }
    const std::string with_bar = bar(fraction) + " " + line;
    return with_bar.size() <= room ? with_bar : line;
}

progress::style progress::choose(bool when_asked, bool never, bool is_terminal)
{
    if (never) {
        return style::none;
    }
    if (is_terminal) {
        return style::bar;
    }
    return when_asked ? style::lines : style::none;
}

progress::progress(style chosen) : style_(chosen), line_(chosen == style::bar) {}

void progress::start(std::optional<std::uint64_t> total)
{
    total_ = total;
    started_ = clock::now();
    next_ = started_;
}

void progress::update(std::uint64_t done)
{
    if (style_ == style::none) {
        return;
    }
    const clock::time_point now = clock::now();
    if (now < next_) {
        return;
    }
    next_ = now + (style_ == style::bar ? std::chrono::milliseconds(100) : std::chrono::milliseconds(1000));
    show(done, now);
}

void progress::finish(std::uint64_t done)
{
    if (style_ == style::none) {
        return;
    }
    show(done, clock::now());
    line_.keep();
}

void progress::show(std::uint64_t done, clock::time_point now)
{
    const progress_state state{done, total_, std::chrono::duration<double>(now - started_).count()};
    line_.show(progress_line(state, line_.room()));
}

} // namespace asock
