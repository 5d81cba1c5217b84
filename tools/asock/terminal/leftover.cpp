// SPDX-License-Identifier: MIT

#include "terminal/leftover.hpp"

#include <mutex>
#include <system_error>
#include <utility>
#include <vector>

namespace asock {

namespace {

// Never destroyed: the thread that ends the process may come late.
struct list {
    std::mutex mutex; // for the files; held for no longer than it takes to look
    std::vector<const std::filesystem::path*> files;
};

list& all()
{
    static auto* const one = new list;
    return *one;
}

} // namespace

leftover::leftover(std::filesystem::path file) : file_(std::move(file))
{
    const std::lock_guard lock(all().mutex);
    all().files.push_back(&file_);
}

leftover::~leftover()
{
    const std::lock_guard lock(all().mutex);
    std::erase(all().files, &file_);
}

void leftover::remove_all() noexcept
{
    const std::lock_guard lock(all().mutex);
    for (const std::filesystem::path* const each : all().files) {
        std::error_code ignored;
        std::filesystem::remove(*each, ignored);
    }
}

} // namespace asock
