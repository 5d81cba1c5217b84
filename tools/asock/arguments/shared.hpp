// SPDX-License-Identifier: MIT
//
// Arguments that several commands take. What a function here refers to outlives the command.

#ifndef ASOCK_ARGUMENTS_SHARED_HPP
#define ASOCK_ARGUMENTS_SHARED_HPP

#include "arguments/command.hpp"
#include "transfer/options.hpp"

#include <async_socket/cpp/endpoint.hpp>

#include <CLI/CLI.hpp>

#include <chrono>
#include <cstdint>
#include <string>

namespace asock {

// The longest time that may be asked for, in seconds.
constexpr std::uint32_t longest_time = 86400;

// What CLI11 calls with the text of an argument: empty when it is right, else what is wrong with it.
std::string check_finite(const std::string& text);
std::string check_listen_endpoint(const std::string& text); // with port 0, which lets the system pick one
std::string check_peer(const std::string& text);
std::string check_port(const std::string& text);

// An endpoint that was checked.
async_socket::endpoint endpoint_from(const std::string& text);

// -v, --backend, and the examples below the help.
void add_common(CLI::App& command, common_arguments& common, const char* examples);

void add_threads(CLI::App& command, common_arguments& common);

// HOST:PORT
void add_peer(CLI::App& command, async_socket::endpoint& peer, const char* meaning);

// --timeout; what is in `timeout` is the default.
void add_timeout(CLI::App& command, std::chrono::seconds& timeout,
                 const char* meaning = "Give up when the other side has done nothing for this long; 0: never");

// --quiet and --progress of a transfer.
struct progress_arguments {
    bool shown_anyway = false;
};
void add_progress(CLI::App& command, transfer_options& options, progress_arguments& progress);
void choose_progress(transfer_options& options, const progress_arguments& progress);

} // namespace asock

#endif
