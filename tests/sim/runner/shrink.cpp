// SPDX-License-Identifier: MIT

#include "runner/shrink.h"

#include <algorithm>
#include <utility>

#include "runner/one_run.h"

namespace sim {

namespace {

// Failures are alike where their words are, whatever the numbers.
std::string kind_of(const std::string& failure)
{
    std::string kind;
    for (const char each : failure.substr(0, failure.find('\n'))) {
        if (each < '0' || each > '9') {
            kind += each;
        }
    }
    return kind;
}

class shrinking {
public:
    shrinking(const program& failed, const std::string& failure, tally& shared)
        : shortest_(failed), kind_(kind_of(failure)), shared_(shared)
    {
    }

    program run()
    {
        bool has_shrunk = true;
        while (has_shrunk && tries_ < most_tries) {
            has_shrunk = drop_actions(shortest_.actions.size());
            has_shrunk = drop_in_callbacks() || has_shrunk;
            has_shrunk = make_simpler() || has_shrunk;
        }
        return shortest_;
    }

private:
    // Other orders than the first one are tried, too, since each action that goes draws them anew.
    bool still_fails(program candidate)
    {
        const std::uint64_t first = candidate.seed;
        for (std::uint64_t i = 0; i < orders && tries_ < most_tries; ++i) {
            ++tries_;
            candidate.seed = i == 0 ? first : i;
            if (kind_of(run_apart(candidate, false, shared_)) == kind_) {
                shortest_ = candidate;
                return true;
            }
        }
        return false;
    }

    // Longer pieces first.
    bool drop_actions(std::size_t piece)
    {
        bool has_shrunk = false;
        for (; piece != 0; piece /= 2) {
            for (std::size_t i = 0; i < shortest_.actions.size();) {
                program candidate = shortest_;
                const auto first = candidate.actions.begin() + static_cast<std::ptrdiff_t>(i);
                const auto left = static_cast<std::size_t>(candidate.actions.end() - first);
                candidate.actions.erase(first, first + static_cast<std::ptrdiff_t>(std::min(piece, left)));
                if (still_fails(candidate)) {
                    has_shrunk = true;
                } else {
                    i += piece;
                }
            }
        }
        return has_shrunk;
    }

    // Every list of actions in the program, by number.
    static std::vector<action>* list_at(std::vector<action>& actions, std::size_t& number)
    {
        for (action& each : actions) {
            if (number-- == 0) {
                return &each.then;
            }
            if (std::vector<action>* const found = list_at(each.then, number)) {
                return found;
            }
        }
        return nullptr;
    }

    bool drop_in_callbacks()
    {
        bool has_shrunk = false;
        for (std::size_t number = 0; number < length_of(shortest_.actions); ++number) {
            for (std::size_t i = 0;; ++i) {
                program candidate = shortest_;
                std::size_t left = number;
                std::vector<action>* const list = list_at(candidate.actions, left);
                if (list == nullptr || i >= list->size()) {
                    break;
                }
                list->erase(list->begin() + static_cast<std::ptrdiff_t>(i));
                if (still_fails(candidate)) {
                    has_shrunk = true;
                    --i;
                }
            }
        }
        return has_shrunk;
    }

    bool make_simpler()
    {
        bool has_shrunk = false;
        const auto try_with = [this, &has_shrunk](auto change) {
            program candidate = shortest_;
            if (change(candidate) && still_fails(candidate)) {
                has_shrunk = true;
            }
        };
        try_with([](program& tried) { return std::exchange(tried.workers, 1) != 1; });
        try_with([](program& tried) { return std::exchange(tried.has_listener, false); });
        try_with([](program& tried) { return tried.sockets > 0 && tried.sockets-- != 0; });
        try_with([](program& tried) { return std::exchange(tried.spin_limit_us, 0) != 0; });
        return has_shrunk;
    }

    static constexpr int most_tries = 800;
    static constexpr std::uint64_t orders = 6;

    program shortest_;
    const std::string kind_;
    tally& shared_;
    int tries_ = 0;
};

} // namespace

program shrink(const program& failed, const std::string& failure, tally& shared)
{
    return shrinking(failed, failure, shared).run();
}

} // namespace sim
