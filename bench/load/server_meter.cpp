// SPDX-License-Identifier: MIT

#include "server_meter.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <utility>

#include "failure.hpp"

namespace bench {

server_usage operator-(const server_usage& later, const server_usage& earlier) noexcept
{
    return {later.cpu_ns - earlier.cpu_ns, later.voluntary_switches - earlier.voluntary_switches,
            later.involuntary_switches - earlier.involuntary_switches, later.allocations - earlier.allocations};
}

server_meter::server_meter(std::vector<pid_t> processes, const std::string& allocation_file)
    : processes_(std::move(processes))
{
    for (const pid_t process : processes_) {
        clockid_t clock{};
        if (const int error = ::clock_getcpuclockid(process, &clock); error != 0) {
            fail_with("clock_getcpuclockid", error);
        }
        clocks_.push_back(clock);
    }
    if (!allocation_file.empty()) {
        const int fd = checked("open", ::open(allocation_file.c_str(), O_RDONLY | O_CLOEXEC));
        void* const shared = ::mmap(nullptr, sizeof(allocation_counts), PROT_READ, MAP_SHARED, fd, 0);
        ::close(fd);
        if (shared == MAP_FAILED) {
            fail_with("mmap", errno);
        }
        counts_ = static_cast<const allocation_counts*>(shared);
    }
}

server_meter::~server_meter()
{
    if (counts_ != nullptr) {
        ::munmap(const_cast<allocation_counts*>(counts_), sizeof(allocation_counts));
    }
}

server_usage server_meter::read() const
{
    server_usage usage;
    for (const clockid_t clock : clocks_) {
        timespec used{};
        checked("clock_gettime", ::clock_gettime(clock, &used));
        usage.cpu_ns +=
            static_cast<std::uint64_t>(used.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(used.tv_nsec);
    }
    if (counts_ != nullptr) {
        usage.allocations = __atomic_load_n(&counts_->allocations, __ATOMIC_RELAXED);
    }
    return usage;
}

server_usage server_meter::read_all() const
{
    server_usage usage = read();
    for (const pid_t process : processes_) {
        const std::filesystem::path tasks = "/proc/" + std::to_string(process) + "/task";
        for (const auto& task : std::filesystem::directory_iterator(tasks)) {
            std::ifstream status(task.path() / "status");
            for (std::string key; status >> key;) {
                if (key == "voluntary_ctxt_switches:" || key == "nonvoluntary_ctxt_switches:") {
                    std::uint64_t count = 0;
                    status >> count;
                    (key.front() == 'v' ? usage.voluntary_switches : usage.involuntary_switches) += count;
                }
            }
        }
    }
    return usage;
}

} // namespace bench
