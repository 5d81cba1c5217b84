// SPDX-License-Identifier: MIT

#include <cstdio>

#include "program/action.h"

namespace sim {

const char* name_of(verb what)
{
    static constexpr const char* names[] = {"send",
                                            "send_ex",
                                            "receive",
                                            "receive_ex",
                                            "receive_on",
                                            "shutdown_send",
                                            "delay",
                                            "notify_in",
                                            "notify_out",
                                            "cancel",
                                            "cancel_and_wait",
                                            "close",
                                            "close_async",
                                            "reset",
                                            "release",
                                            "destroy",
                                            "connect",
                                            "accept",
                                            "close_listener",
                                            "engine_delay",
                                            "sleep",
                                            "pass_nothing",
                                            "peer_sends",
                                            "peer_floods",
                                            "peer_finishes",
                                            "peer_closes",
                                            "peer_resets",
                                            "peer_stops_reading",
                                            "peer_reads_again",
                                            "client_arrives",
                                            "connection_fails",
                                            "descriptors_run_out",
                                            "memory_runs_out",
                                            "accept_fails",
                                            "allocations_fail"};
    static_assert(sizeof names / sizeof names[0] == verb_count);
    return names[static_cast<std::size_t>(what)];
}

const char* function_of(verb what)
{
    switch (what) {
    case verb::send:
        return "async_socket_send_async";
    case verb::send_ex:
        return "async_socket_send_ex_async";
    case verb::receive:
        return "async_socket_receive_async";
    case verb::receive_ex:
    case verb::receive_on:
        return "async_socket_receive_ex_async";
    case verb::shutdown_send:
        return "async_socket_shutdown_send_async";
    case verb::delay:
        return "async_socket_delay_async";
    case verb::notify_in:
    case verb::notify_out:
        return "async_socket_notify_io_async";
    case verb::connect:
        return "async_socket_connect_ex_async";
    case verb::accept:
        return "async_listener_accept_async";
    default:
        return "async_delay_start";
    }
}

std::size_t length_of(const std::vector<action>& actions)
{
    std::size_t length = actions.size();
    for (const action& each : actions) {
        length += length_of(each.then);
    }
    return length;
}

namespace {

void append(std::string& text, const std::vector<action>& actions, std::size_t indent)
{
    for (const action& each : actions) {
        char line[160];
        std::snprintf(line, sizeof line, "{verb::%s, %uU, %uU, %uU, %uU, %uU, {", name_of(each.what), each.socket,
                      each.size, each.pieces, each.limit_ms, each.choice);
        text.append(indent, ' ').append(line);
        if (!each.then.empty()) {
            text += "\n";
            append(text, each.then, indent + 4);
            text.append(indent, ' ');
        }
        text += "}},\n";
    }
}

} // namespace

std::string to_text(const program& shown)
{
    char head[160];
    std::snprintf(head, sizeof head, "const program shown{%lluU, %uU, %uU, %uU, %s, %s, %uU, {\n",
                  static_cast<unsigned long long>(shown.seed), shown.workers, shown.sockets, shown.custom,
                  shown.has_listener ? "true" : "false", shown.is_slow ? "true" : "false", shown.spin_limit_us);
    std::string text = head;
    append(text, shown.actions, 4);
    text += "}, {\n";
    append(text, shown.in_attempts, 4);
    return text + "}};\n";
}

} // namespace sim
