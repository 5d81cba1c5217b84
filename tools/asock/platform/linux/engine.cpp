// SPDX-License-Identifier: MIT

#include "platform/engine.hpp"

#include <async_socket/execution_engine_linux.h>

namespace asock {

std::vector<std::string> backend_names()
{
    return {"any", "io_uring", "epoll"};
}

EXECUTION_ENGINE_HANDLE start_engine(const engine_options& options)
{
    EXECUTION_ENGINE_LINUX_PARAMETERS parameters{};
    parameters.backend = options.backend == "io_uring" ? EXECUTION_ENGINE_LINUX_BACKEND_IO_URING
                         : options.backend == "epoll"  ? EXECUTION_ENGINE_LINUX_BACKEND_EPOLL
                                                       : EXECUTION_ENGINE_LINUX_BACKEND_ANY;
    parameters.worker_count = options.threads;
    return execution_engine_linux_create(&parameters);
}

} // namespace asock
