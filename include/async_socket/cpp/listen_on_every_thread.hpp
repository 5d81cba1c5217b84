// SPDX-License-Identifier: MIT

/// \addtogroup cpp_listener
/// \{

#ifndef ASYNC_SOCKET_CPP_LISTEN_ON_EVERY_THREAD_HPP
#define ASYNC_SOCKET_CPP_LISTEN_ON_EVERY_THREAD_HPP

#include <cstdint>
#include <system_error>
#include <vector>

#include "async_socket/cpp/endpoint.hpp"
#include "async_socket/cpp/engine.hpp"
#include "async_socket/cpp/engine_thread.hpp"
#include "async_socket/cpp/listener.hpp"
#include "async_socket/listen_options.h"
#include "async_socket/placement.h"

namespace async_socket {

/// Listens with one listener for each thread of the engine, all on one port, so that the threads accept at the same
/// time (reuse_port of listen_options.h): for servers that are given more connections than one thread can accept. A
/// loop of accepts is wanted for each:
///
///     for (listener& each : listen_on_every_thread(engine, at)) {
///         spawn(engine, serve(std::move(each)));
///     }
///
/// There is one listener only, which has the port for itself, where the engine has one thread and where the system
/// does not let several listen on one port.
///
/// Each connection waits for the listener that the system has chosen for it, and goes on to one of the threads as all
/// that is accepted does. Of accepts of different listeners it is not said which is served first.
///
/// \param engine   as for listener
/// \param at       as for listener; with port 0 all listen on the port that the first one gets
/// \param options  as for listener; reuse_port is set by itself
///
/// \return one listener or more. Throws what listener throws.
///
/// Requirements: SRS_CPP_01_123, SRS_CPP_01_124
inline std::vector<listener> listen_on_every_thread(engine_ref engine, endpoint at, SOCKET_LISTEN_OPTIONS options = {})
{
    std::vector<listener> result;
    const std::uint32_t count = execution_engine_get_thread_count(engine.handle());
    result.reserve(count == 0 ? 1 : count);
    options.reuse_port = count > 1;
    try {
        for (std::uint32_t thread = 0; thread < count; ++thread) {
            result.emplace_back(engine_thread(engine, thread), at, options); // SRS_CPP_01_123
            at.port = result.front().local_endpoint().port;
        }
    } catch (const std::system_error& error) {
        if (error.code() != std::errc::operation_not_supported) {
            throw;
        }
        // SRS_CPP_01_124
        options.reuse_port = false;
        result.emplace_back(engine, at, options);
    }
    return result;
}

} // namespace async_socket

#endif

/// \}
