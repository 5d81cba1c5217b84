// SPDX-License-Identifier: MIT

#include "diagnostics.hpp"
#include "engine.hpp"
#include "error.hpp"

namespace asock {

std::vector<std::string> backend_names()
{
    return {"any"};
}

engine_ptr create_engine(const engine_options& options)
{
    forget_library_error();
    const EXECUTION_ENGINE_PARAMETERS parameters{options.threads, options.threads};
    engine_ptr engine(execution_engine_create(options.threads == 0 ? nullptr : &parameters));
    if (!engine) {
        throw failure(with_library_error("cannot start the threads"), "try fewer --threads");
    }
    return engine;
}

} // namespace asock
