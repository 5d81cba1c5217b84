// SPDX-License-Identifier: MIT

#include "async_socket/execution_engine_linux.h"
#include "engine.hpp"

namespace bench {

std::vector<std::string> engine_variants()
{
    return {"io_uring", "epoll"};
}

EXECUTION_ENGINE_HANDLE make_engine(const server_options& wanted)
{
    EXECUTION_ENGINE_LINUX_PARAMETERS parameters{};
    parameters.backend =
        wanted.variant == "epoll" ? EXECUTION_ENGINE_LINUX_BACKEND_EPOLL : EXECUTION_ENGINE_LINUX_BACKEND_IO_URING;
    parameters.worker_count = wanted.workers;
    return execution_engine_linux_create(&parameters);
}

} // namespace bench
