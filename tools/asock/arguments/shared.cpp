// SPDX-License-Identifier: MIT

#include "arguments/shared.hpp"

#include "arguments/argument_names.hpp"
#include "arguments/first_word.hpp"
#include "platform/console.hpp"

#include <cmath>
#include <optional>
#include <string_view>
#include <vector>

namespace asock {

using async_socket::endpoint;

std::string check_finite(const std::string& text)
{
    double value = 0;
    const bool finite = CLI::detail::lexical_cast(text, value) && std::isfinite(value);
    return finite ? std::string() : "'" + text + "' is no number of seconds";
}

std::string check_listen_endpoint(const std::string& text)
{
    if (const std::string meant = endpoint_of_url(text); !meant.empty()) {
        return "'" + text + "' is a URL; host and port are meant, as in " + meant;
    }
    std::string_view problem;
    return endpoint::parse(text, &problem) ? std::string() : "'" + text + "': " + std::string(problem);
}

std::string check_peer(const std::string& text)
{
    const std::optional<endpoint> peer = endpoint::parse(text);
    return peer && peer->port == 0 ? "'" + text + "': the port must be a number from 1 to 65535"
                                   : check_listen_endpoint(text);
}

std::string check_port(const std::string& text)
{
    return endpoint::parse_port(text) ? std::string() : "'" + text + "': a port is a number from 0 to 65535";
}

endpoint endpoint_from(const std::string& text)
{
    return endpoint::parse(text).value_or(endpoint());
}

void add_common(CLI::App& command, common_arguments& common, const char* examples)
{
    command.add_flag("-v,--verbose", common.verbose, "Print what the library reports, on standard error");
    // On a platform with one back end there is nothing to choose.
    if (const std::vector<std::string> backends = backend_names(); backends.size() > 1) {
        command
            .add_option("--backend", common.engine.backend,
                        "How the threads wait: " + CLI::detail::join(backends, ", "))
            ->check(CLI::IsMember(backends))
            ->option_text("NAME [" + backends.front() + "]");
    }
    command.footer(examples);
}

void add_threads(CLI::App& command, common_arguments& common)
{
    constexpr std::uint32_t most = 1024;
    command.add_option("--threads", common.engine.threads, "Threads that do the work")
        ->check(CLI::Range(std::uint32_t{1}, most))
        ->option_text("N [the library's choice]");
}

void add_peer(CLI::App& command, endpoint& peer, const char* meaning)
{
    command
        .add_option_function<std::string>(
            peer_argument, [&peer](const std::string& text) { peer = endpoint_from(text); }, meaning)
        ->required()
        ->check(check_peer)
        ->option_text(" ");
}

void add_timeout(CLI::App& command, std::chrono::seconds& timeout, const char* meaning)
{
    command
        .add_option_function<std::uint32_t>(
            "--timeout", [&timeout](const std::uint32_t& seconds) { timeout = std::chrono::seconds(seconds); }, meaning)
        ->check(CLI::Range(std::uint32_t{0}, longest_time))
        ->option_text("SECONDS [" + std::to_string(timeout.count()) + "]");
}

void add_progress(CLI::App& command, transfer_options& options, progress_arguments& progress)
{
    auto* const quiet = command.add_flag("-q,--quiet", options.quiet, "Print no progress and no summary");
    quiet->option_text(" ");
    command.add_flag("--progress", progress.shown_anyway, "Show progress even where standard error is no terminal")
        ->excludes(quiet)
        ->option_text(" ");
}

void choose_progress(transfer_options& options, const progress_arguments& progress)
{
    options.progress_style =
        asock::progress::choose(progress.shown_anyway, options.quiet, standard_error_is_terminal());
}

} // namespace asock
