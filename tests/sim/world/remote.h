// SPDX-License-Identifier: MIT
//
// The peer of a connection of the library, played by the world: it sends what it is told to, and reads unless it is
// told not to.

#ifndef ASYNC_SOCKET_TESTS_SIM_REMOTE_H
#define ASYNC_SOCKET_TESTS_SIM_REMOTE_H

#include <cstdint>
#include <memory>
#include <string>

#include "world/endpoint.h"

namespace sim {

// What the n-th byte of a stream is.
char content_of(std::uint64_t stream, std::uint64_t offset);

class remote {
public:
    remote(std::shared_ptr<endpoint> own, std::uint64_t stream);
    ~remote();
    remote(const remote&) = delete;
    remote& operator=(const remote&) = delete;

    void send(std::size_t bytes);
    void finish();
    void close();
    void reset();
    void stop_reading() { is_reading_ = false; }
    void read_again();

    [[nodiscard]] std::uint64_t stream() const { return stream_; }
    [[nodiscard]] const std::string& received() const { return received_; }

private:
    void look();

    std::shared_ptr<endpoint> own_;
    const std::uint64_t stream_;
    std::uint64_t written_ = 0;
    std::string received_;
    bool is_reading_ = true;
};

} // namespace sim

#endif
