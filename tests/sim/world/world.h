// SPDX-License-Identifier: MIT
//
// The simulated system: descriptors, the network, and what it is short of. The calls that the linker puts in the place
// of the real ones (wrap_*.cpp) ask it, on the threads that live in it.

#ifndef ASYNC_SOCKET_TESTS_SIM_WORLD_H
#define ASYNC_SOCKET_TESTS_SIM_WORLD_H

#include <cstdint>
#include <map>
#include <memory>

#include "world/endpoint.h"
#include "world/object.h"
#include "world/scheduler.h"
#include "world/trace.h"

namespace sim {

class world {
public:
    world(std::uint64_t seed, bool is_printed);
    ~world();
    world(const world&) = delete;
    world& operator=(const world&) = delete;

    // That of the calling thread; nullptr where it lives in the real system.
    static world* current();
    // Whether the descriptor is one of the world's.
    static bool owns(int descriptor) { return descriptor >= first_descriptor; }

    int open(std::shared_ptr<object> opened);
    int duplicate(int descriptor);
    // 0, or EBADF, which is a fault of whoever calls it.
    int close(int descriptor);
    // nullptr where it is not open, which is a fault of whoever asks for it.
    template <typename kind>
    [[nodiscard]] kind* find(int descriptor)
    {
        return dynamic_cast<kind*>(find_any(descriptor));
    }
    [[nodiscard]] std::size_t open_descriptors() const { return descriptors_.size(); }

    [[nodiscard]] std::shared_ptr<endpoint> make_endpoint();
    // Where a connect to the port goes; nullptr: nobody listens there.
    [[nodiscard]] std::shared_ptr<endpoint> listener_at(std::uint16_t port);
    // 0: one that is free. False where it is taken.
    bool bind(const std::shared_ptr<endpoint>& bound, std::uint16_t port);
    std::uint16_t take_port() { return next_port_++; }

    // Whether this call is interrupted before it has done anything.
    bool interrupts();
    // What is short, and until when.
    struct shortage {
        time_point descriptors_until = 0;
        time_point memory_until = 0;
        time_point allocations_until = 0; // of the library itself
        // What accept says of connections that failed before they were accepted.
        time_point accept_fails_until = 0;
        int accept_error = 0;
    };
    shortage lacks;
    // For the oracle: what has been true of it.
    struct history {
        int failed_connects = 0; // attempts
        int failed_allocations = 0;
        int shortages = 0; // that accepts may have met
    };
    history past;
    [[nodiscard]] bool lacks_descriptors() const { return time.now() < lacks.descriptors_until; }
    [[nodiscard]] bool lacks_memory() { return time.now() < lacks.memory_until && time.chance().one_in(2); }

    // Whether this allocation of the library fails.
    bool refuses_allocation();

    trace events;
    scheduler time;

    static constexpr int first_descriptor = 1000;
    // Addresses that answer nobody begin with it; all others are this machine's.
    static constexpr unsigned char silent_network = 10;

private:
    [[nodiscard]] object* find_any(int descriptor);

    std::map<int, std::shared_ptr<object>> descriptors_;
    std::map<std::uint16_t, std::weak_ptr<endpoint>> ports_;
    std::uint16_t next_port_ = 40'000;
    std::uint32_t interrupts_one_in_ = 0; // 0: never
};

} // namespace sim

#endif
