// SPDX-License-Identifier: MIT

#include <dirent.h>

#include <memory>
#include <stdexcept>

#include "linux_faults/faults.h"

namespace linux_faults {

std::size_t open_descriptors()
{
    const exempt scope;
    struct closer {
        void operator()(DIR* directory) const { closedir(directory); }
    };
    const std::unique_ptr<DIR, closer> directory(opendir("/proc/self/fd"));
    if (directory == nullptr) {
        throw std::runtime_error("cannot read /proc/self/fd");
    }
    std::size_t count = 0;
    while (const dirent* const entry = readdir(directory.get())) {
        count += entry->d_name[0] != '.' ? 1U : 0U;
    }
    // The directory itself is one of them.
    return count - 1;
}

} // namespace linux_faults
