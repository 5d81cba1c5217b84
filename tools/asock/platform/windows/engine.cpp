// SPDX-License-Identifier: MIT

#include "platform/engine.hpp"

namespace asock {

std::vector<std::string> backend_names()
{
    return {"any"};
}

EXECUTION_ENGINE_HANDLE start_engine(const engine_options& options)
{
    const EXECUTION_ENGINE_PARAMETERS parameters{options.threads, options.threads};
    return execution_engine_create(options.threads == 0 ? nullptr : &parameters);
}

} // namespace asock
