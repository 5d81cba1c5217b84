// SPDX-License-Identifier: MIT

#include "diagnostics.hpp"
#include "engine.hpp"
#include "error.hpp"

#include <async_socket/execution_engine_linux.h>

namespace asock {

std::vector<std::string> backend_names()
{
    return {"any", "io_uring", "epoll"};
}

engine_ptr create_engine(const engine_options& options)
{
    forget_library_error();
    EXECUTION_ENGINE_LINUX_PARAMETERS parameters{};
    parameters.backend = options.backend == "io_uring" ? EXECUTION_ENGINE_LINUX_BACKEND_IO_URING
                         : options.backend == "epoll"  ? EXECUTION_ENGINE_LINUX_BACKEND_EPOLL
                                                       : EXECUTION_ENGINE_LINUX_BACKEND_ANY;
    parameters.worker_count = options.threads;
    engine_ptr engine(execution_engine_linux_create(&parameters));
    if (!engine) {
        throw failure(with_library_error("cannot start the threads"), "try fewer --threads, or --backend epoll");
    }
    return engine;
}

} // namespace asock
