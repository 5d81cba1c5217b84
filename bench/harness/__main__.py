# SPDX-License-Identifier: MIT
"""Runs the benchmarks; script/bench builds what they need and calls this."""

import argparse
import pathlib
import resource
import sys

import catalogue
import report
from processes import Failure
from progress import Progress
from rounds import measure


def parse_arguments():
    parser = argparse.ArgumentParser(
        prog="script/bench",
        description="Builds the library, its peers and a load generator, measures all of them, prints a table, and "
        "writes docs/benchmarks.md. Takes less than 20 minutes; a machine with nothing else to do gives steadier figures.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="Servers: " + ", ".join(server.name for server in catalogue.SERVERS) + "\n"
        "Loads: " + ", ".join(load.name for load in catalogue.LOADS) + "\n"
        "Placements: " + ", ".join(catalogue.PLACEMENTS),
    )
    parser.add_argument("--quick", action="store_true", help="3 rounds of short slices: whether it works, not how fast")
    parser.add_argument("--rounds", type=int, help="slices of each server under each load (default: 9)")
    parser.add_argument("--seconds", type=float, help="length of a slice (default: 0.3)")
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="SERVER/LOAD",
        help="what to measure: parts of their names, either may be left out, as in 'C API/64x64B', 'libuv' or '/churn'; "
        "may be repeated",
    )
    parser.add_argument("--placement", choices=catalogue.PLACEMENTS, action="append", help="only this; may be repeated")
    parser.add_argument("--binaries", type=pathlib.Path, required=True, help=argparse.SUPPRESS)
    parsed = parser.parse_args()
    parsed.rounds = parsed.rounds or (3 if parsed.quick else 9)
    parsed.seconds = parsed.seconds or (0.1 if parsed.quick else 0.3)
    return parsed


def chosen(only, server, load):
    """Whether one of the patterns SERVER/LOAD is about both."""

    def matches(pattern):
        server_part, _, load_part = pattern.partition("/")
        return server_part.lower() in server.lower() and load_part.lower() in load.lower()

    return not only or any(map(matches, only))


def plan(arguments):
    """The servers for each load and placement, the base first."""
    for load_name, placement in catalogue.COMBINATIONS:
        if arguments.placement and placement not in arguments.placement:
            continue
        servers = [
            server
            for server in catalogue.SERVERS
            if server.name == catalogue.BASE or chosen(arguments.only, server.name, load_name)
        ]
        if len(servers) > 1:
            yield servers, catalogue.load_named(load_name), placement


def main():
    arguments = parse_arguments()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    combinations = list(plan(arguments))
    worth = 2 * (arguments.seconds + 0.05)
    progress = Progress(sum((len(servers) - 1) * arguments.rounds * worth for servers, _, _ in combinations))
    results = []
    for servers, load, placement in combinations:
        progress.begin(f"{load.name}, {placement}", worth)
        results += measure(
            servers, load, placement, arguments.binaries, arguments.rounds, arguments.seconds, progress
        )
    print(report.results_table(results))
    return 1 if any(result.failure for result in results) else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failure as failure:
        sys.exit(f"bench: {failure}")
