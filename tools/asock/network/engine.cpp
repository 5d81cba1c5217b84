// SPDX-License-Identifier: MIT

#include "network/engine.hpp"

#include "network/diagnostics.hpp"
#include "terminal/error.hpp"

namespace asock {

async_socket::engine create_engine(const engine_options& options)
{
    forget_library_error();
    EXECUTION_ENGINE_HANDLE const started = start_engine(options);
    if (started == nullptr) {
        throw failure(with_library_error("cannot start the threads"),
                      backend_names().size() > 1 ? "try fewer --threads, or --backend epoll" : "try fewer --threads");
    }
    return async_socket::engine(started);
}

} // namespace asock
