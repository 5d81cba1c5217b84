// SPDX-License-Identifier: MIT
//
// The command line of asock: whatever is said, it is refused as wrong usage or leads to a command with options in their
// bounds. The commands themselves are replaced.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "arguments/cli.hpp"
#include "bench/run.hpp"
#include "echo/serve.hpp"
#include "expect.h"
#include "network/diagnostics.hpp"
#include "platform/console.hpp"
#include "platform/text.hpp"
#include "relay/run.hpp"
#include "terminal/output.hpp"
#include "transfer/receive.hpp"
#include "transfer/send.hpp"

namespace {

constexpr std::chrono::seconds day{86400};

int commands = 0;

void expect_good(const asock::engine_options& engine)
{
    expect(engine.threads <= 1024);
    const std::vector<std::string> names = asock::backend_names();
    expect(std::find(names.begin(), names.end(), engine.backend) != names.end());
}

void expect_good_peer(const async_socket::endpoint& peer)
{

    expect(peer.port != 0 && async_socket::endpoint::parse(peer.to_string()) == peer);
}

void expect_good(const asock::transfer_options& options)
{
    ++commands;
    expect_good(options.engine);
    expect(options.timeout >= std::chrono::seconds::zero() && options.timeout <= day);
}

} // namespace

namespace asock {

std::vector<std::string> backend_names()
{
    return {"any", "io_uring", "epoll"};
}

bool standard_error_is_terminal()
{
    return false;
}

progress::style progress::choose(bool, bool, bool)
{
    return style::none;
}

void print(const std::string&) {}

std::string error_text(const std::error_code&)
{
    return {};
}

diagnostics::diagnostics(bool) {}
diagnostics::~diagnostics() = default;

void serve_echo(const echo_options& options, const std::stop_token&)
{
    ++commands;
    expect_good(options.engine);
}

void send_file(const send_options& options, const std::stop_token&)
{
    expect_good(options);
    expect_good_peer(options.receiver);
}

void receive_file(const receive_options& options, const std::stop_token&)
{
    expect_good(options);
}

void run_bench(const bench_options& options, const std::stop_token&)
{
    ++commands;
    expect_good(options.engine);
    expect_good_peer(options.server);
    expect(options.connections >= 1 && options.connections <= 100'000);
    expect(options.message_size >= 1 && options.message_size <= (std::uint32_t{1} << 30U));
    expect(std::isfinite(options.seconds) && options.seconds >= 0.01 && options.seconds <= 86400);
    expect(options.timeout >= std::chrono::seconds::zero() && options.timeout <= day);
}

void run_relay(const relay_options& options, const std::stop_token&)
{
    ++commands;
    expect_good(options.engine);
    expect_good_peer(options.target);
    expect(!options.max_connections || *options.max_connections >= 1);
    expect(options.connect_timeout > std::chrono::milliseconds::zero() && options.connect_timeout <= day);
    expect(options.idle_timeout >= std::chrono::milliseconds::zero() && options.idle_timeout <= day);
    expect(options.drain_timeout >= std::chrono::milliseconds::zero() && options.drain_timeout <= day);
}

} // namespace asock

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    // One argument a line.
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    std::vector<std::string> arguments;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        arguments.emplace_back(text.substr(at, end - at));
        at = end + 1;
    }
    commands = 0;
    const asock::exit_code result = asock::run_command_line(arguments, std::stop_token());
    expect(result == asock::exit_code::success || result == asock::exit_code::usage);
    expect(commands <= (result == asock::exit_code::success ? 1 : 0));
    return 0;
}
