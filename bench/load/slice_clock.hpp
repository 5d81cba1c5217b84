// SPDX-License-Identifier: MIT
//
// The phases of a slice: warming up, measuring, ending.

#ifndef BENCH_LOAD_SLICE_CLOCK_HPP
#define BENCH_LOAD_SLICE_CLOCK_HPP

#include <chrono>
#include <cstdint>
#include <utility>

#include "load.hpp"
#include "server_meter.hpp"

namespace bench {

inline std::uint64_t now_ns() noexcept
{
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
            .count());
}

class slice_clock {
public:
    slice_clock(const server_meter& meter, double warm_up_seconds, double seconds)
        : meter_(meter), whole_(meter.read_all()), begins_(now_ns() + in_ns(warm_up_seconds)), length_(in_ns(seconds))
    {
    }

    [[nodiscard]] bool is_ending() const noexcept { return phase_ == phase::ending; }

    // To be called for each round of the load, with the time of it.
    void advance(std::uint64_t now)
    {
        if (phase_ == phase::warming && now >= begins_) {
            phase_ = phase::measuring;
            result_.messages = 0;
            result_.latency = {};
            usage_ = meter_.read();
            begins_ = now_ns();
        } else if (phase_ == phase::measuring && now >= begins_ + length_) {
            phase_ = phase::ending;
            result_.usage = meter_.read() - usage_;
            result_.seconds = static_cast<double>(now_ns() - begins_) / 1e9;
        }
    }

    void count(std::uint64_t latency) noexcept
    {
        ++result_.exchanged;
        if (phase_ != phase::ending) {
            ++result_.messages;
            result_.latency.record(latency);
        }
    }

    [[nodiscard]] slice_result finish()
    {
        result_.whole_usage = meter_.read_all() - whole_;
        return result_;
    }

private:
    enum class phase { warming, measuring, ending };

    static std::uint64_t in_ns(double seconds) noexcept { return static_cast<std::uint64_t>(seconds * 1e9); }

    const server_meter& meter_;
    server_usage whole_;
    server_usage usage_;
    phase phase_ = phase::warming;
    std::uint64_t begins_;
    std::uint64_t length_;
    slice_result result_;
};

} // namespace bench

#endif
