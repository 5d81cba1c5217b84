// SPDX-License-Identifier: MIT

/// \defgroup cpp_placement Placement of C++
/// \ingroup cpp
///
/// Which thread of an engine runs what, for programs that want to choose (placement.h).
///
///     spawn(peer.thread(), serve(std::move(peer)));   // begins where the socket's operations resume
///     co_await resume_on(peer);                       // goes on there
///
/// Where the platform does not tie sockets to threads, every thread of the engine is as good as the other.
///
/// \{

#ifndef ASYNC_SOCKET_CPP_ENGINE_THREAD_HPP
#define ASYNC_SOCKET_CPP_ENGINE_THREAD_HPP

#include <cstdint>

#include "async_socket/cpp/engine.hpp"
#include "async_socket/placement.h"

namespace async_socket {

/// A thread of an engine that something else keeps alive, or any of them. It may be copied freely.
class engine_thread {
public:
    /// One of those from 0 to engine::thread_count() - 1; without a number: any.
    explicit engine_thread(engine_ref engine, std::uint32_t number = EXECUTION_ENGINE_ANY_THREAD) noexcept
        : engine_(engine), number_(number)
    {
    }

    /// Whose thread it is.
    [[nodiscard]] engine_ref engine() const noexcept { return engine_; }
    /// Its number; EXECUTION_ENGINE_ANY_THREAD for any.
    [[nodiscard]] std::uint32_t number() const noexcept { return number_; }

    friend bool operator==(engine_thread, engine_thread) noexcept = default; ///< Whether it is the same one.

private:
    engine_ref engine_;
    std::uint32_t number_;
};

} // namespace async_socket

#endif

/// \}
