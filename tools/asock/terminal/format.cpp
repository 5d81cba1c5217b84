// SPDX-License-Identifier: MIT

#include "terminal/format.hpp"

#include <array>
#include <cinttypes>
#include <cmath>
#include <cstdio>

namespace asock {

namespace {

constexpr double mebibyte = 1024.0 * 1024.0;

} // namespace

// The program never calls setlocale, so that printf writes a point.
std::string format_fixed(double value, int digits)
{
    std::array<char, 400> text{}; // the largest double has 309 digits before the point
    const int length = std::snprintf(text.data(), text.size(), "%.*f", digits, value);
    return length > 0 ? std::string(text.data()) : std::string();
}

std::string format_bytes(std::uint64_t bytes)
{
    constexpr std::array<const char*, 6> units = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    if (bytes < 1024) {
        return std::to_string(bytes) + " B";
    }
    double value = static_cast<double>(bytes) / 1024.0;
    std::size_t unit = 0;
    // 1023.95 would be printed as 1024.0.
    while (value >= 1023.95 && unit + 1 < units.size()) {
        value /= 1024.0;
        ++unit;
    }
    return format_fixed(value, 1) + " " + units.at(unit);
}

double mebibytes_per_second(std::uint64_t bytes, double seconds)
{
    return seconds > 0 ? static_cast<double>(bytes) / mebibyte / seconds : 0;
}

std::string format_rate(std::uint64_t bytes, double seconds)
{
    if (!(seconds > 0)) {
        return "-";
    }
    return format_fixed(mebibytes_per_second(bytes, seconds), 1) + " MiB/s";
}

std::string format_clock(double seconds)
{
    constexpr double longest = 359999; // 99:59:59
    const double bounded = std::isfinite(seconds) && seconds >= 0 && seconds < longest ? seconds : longest;
    const auto whole = static_cast<std::uint64_t>(std::llround(bounded));
    const std::uint64_t h = whole / 3600;
    const std::uint64_t m = whole / 60 % 60;
    const std::uint64_t s = whole % 60;
    std::array<char, 64> text{};
    if (h > 0) {
        std::snprintf(text.data(), text.size(), "%" PRIu64 ":%02" PRIu64 ":%02" PRIu64, h, m, s);
    } else {
        std::snprintf(text.data(), text.size(), "%" PRIu64 ":%02" PRIu64, m, s);
    }
    return text.data();
}

std::string format_latency(std::uint64_t nanoseconds)
{
    const auto value = static_cast<double>(nanoseconds);
    if (nanoseconds < 1000) {
        return std::to_string(nanoseconds) + " ns";
    }
    if (value < 999.95e3) {
        return format_fixed(value / 1e3, 1) + " us";
    }
    if (value < 999.995e6) {
        return format_fixed(value / 1e6, 2) + " ms";
    }
    return format_fixed(value / 1e9, 2) + " s";
}

} // namespace asock
