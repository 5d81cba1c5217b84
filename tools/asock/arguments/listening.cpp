// SPDX-License-Identifier: MIT

#include "arguments/listening.hpp"

#include "arguments/shared.hpp"

#include <string>

namespace asock {

using async_socket::endpoint;

CLI::Option* add_listen(CLI::App& command, endpoint& listen_at)
{
    return command
        .add_option_function<std::string>(
            "-l,--listen", [&listen_at](const std::string& text) { listen_at = endpoint_from(text); },
            "Address and port to listen on, such as 0.0.0.0:4000, [::]:4000 or localhost:4000; 0.0.0.0 and :: are for "
            "everybody, port 0 picks a free one, which is printed")
        ->check(check_listen_endpoint)
        ->option_text("HOST:PORT");
}

void add_address(CLI::App& command, endpoint& listen_at, CLI::Option* listen)
{
    listen_at.host = "127.0.0.1";
    command
        .add_option("--address", listen_at.host, "In place of --listen, with a port: the address or name to listen on")
        ->excludes(listen)
        ->option_text("ADDRESS [127.0.0.1]");
}

} // namespace asock
