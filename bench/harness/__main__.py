# SPDX-License-Identifier: MIT
"""Runs the benchmarks; script/bench builds what they need and calls this."""

import argparse
import pathlib
import resource
import sys
import time

import catalogue
import costs
import document
import report
import scaling
import targets
import wine
from processes import Failure
from progress import Progress
from rounds import measure
from thread_times import UnusedWorkers

COUNTING_SECONDS = 0.1
COUNT_WORTH = 0.7


def parse_arguments():
    parser = argparse.ArgumentParser(
        prog="script/bench",
        description="Builds the library, its peers and a load generator, measures all of them, prints a table, and "
        "writes docs/benchmarks.md. Takes about half an hour; a machine with nothing else to do gives steadier figures.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="Servers: " + "; ".join(server.name for server in catalogue.SERVERS) + "\n"
        "Loads: " + "; ".join(load.name for load in catalogue.LOADS) + "\n"
        "Placements: " + "; ".join([*catalogue.PLACEMENTS, catalogue.WINE]),
    )
    parser.add_argument("--quick", action="store_true", help="3 rounds of short slices: whether it works, not how fast")
    parser.add_argument("--rounds", type=int, help="slices of each server under each load (default: 9)")
    parser.add_argument("--seconds", type=float, help="length of a slice (default: 0.5)")
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="SERVER/LOAD",
        help="what to measure: parts of their names, either may be left out, as in 'C API/64x64B', 'libuv', '/churn' or "
        "'/wine'; may be repeated",
    )
    parser.add_argument(
        "--placement",
        choices=[*catalogue.PLACEMENTS, catalogue.WINE],
        action="append",
        metavar="PLACEMENT",
        help="only this; may be repeated",
    )
    parser.add_argument(
        "--output",
        type=pathlib.Path,
        metavar="FILE",
        help="where to write the page; without it docs/benchmarks.md, but nothing where only a part is measured or --quick",
    )
    parser.add_argument("--binaries", type=pathlib.Path, required=True, help=argparse.SUPPRESS)
    parsed = parser.parse_args()
    parsed.binaries = parsed.binaries.resolve()
    parsed.rounds = parsed.rounds or (3 if parsed.quick else 9)
    parsed.seconds = parsed.seconds or (0.1 if parsed.quick else 0.5)
    return parsed


def chosen(only, server, load):
    """Whether one of the patterns SERVER/LOAD is about both."""

    def matches(pattern):
        server_part, _, load_part = pattern.partition("/")
        return server_part.lower() in server.lower() and load_part.lower() in load.lower()

    return not only or any(map(matches, only))


def wants_wine(only):
    return any(chosen(only, server.name, "wine") for server in catalogue.WINDOWS_SERVERS)


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


def count_costs(arguments, progress):
    """(server, load) -> system calls and allocations of a message; server -> bytes of a connection that waits."""
    counter = costs.counter_class()
    counted, waiting = {}, {}
    for server in catalogue.SERVERS:
        for load_name in catalogue.COUNTED_LOADS:
            if chosen(arguments.only, server.name, load_name):
                load = catalogue.load_named(load_name)
                counted[server.name, load_name] = costs.per_message(server, load, arguments.binaries, COUNTING_SECONDS, counter)
                progress.step()
        if chosen(arguments.only, server.name, catalogue.WAITING_LOAD):
            load = catalogue.load_named(catalogue.WAITING_LOAD)
            waiting[server.name] = costs.per_connection(server, load, arguments.binaries)
            progress.step()
    return counted, waiting


def measure_windows(arguments, progress):
    servers = [
        server
        for server in catalogue.WINDOWS_SERVERS
        if server.name == catalogue.LITERAL or chosen(arguments.only, server.name, "wine")
    ]
    prefix = arguments.binaries.parent / "bench-windows" / "wine"
    try:
        return measure(
            servers,
            catalogue.WINDOWS_LOAD,
            catalogue.WINE,
            arguments.binaries,
            arguments.rounds,
            arguments.seconds,
            progress,
        )
    finally:
        wine.end(prefix)


def main():
    arguments = parse_arguments()
    began = time.monotonic()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    is_whole = not arguments.only and not arguments.placement
    combinations = list(plan(arguments))
    worth = 2 * (arguments.seconds + 0.06)
    wants_windows = is_whole or (catalogue.WINE in (arguments.placement or [catalogue.WINE]) and wants_wine(arguments.only))
    counts = 0 if arguments.placement else len(catalogue.SERVERS) * (len(catalogue.COUNTED_LOADS) + 1)
    growing = [catalogue.server_named(name) for name in catalogue.SCALED_SERVERS] if is_whole else []
    progress = Progress(
        sum((len(servers) - 1) * arguments.rounds * worth for servers, _, _ in combinations)
        + counts * COUNT_WORTH
        + (wants_windows * (len(catalogue.WINDOWS_SERVERS) - 1) * arguments.rounds * worth)
        + scaling.seconds_for(len(growing), arguments.seconds)
    )
    results = []
    for servers, load, placement in combinations:
        progress.begin(f"{load.name}, {placement}", worth)
        results += measure(
            servers, load, placement, arguments.binaries, arguments.rounds, arguments.seconds, progress
        )
    counted, waiting = {}, {}
    if counts:
        progress.begin("system calls, allocations, memory", COUNT_WORTH)
        counted, waiting = count_costs(arguments, progress)
    if wants_windows:
        progress.begin("Windows servers under Wine", worth)
        results += measure_windows(arguments, progress)
    growths = []
    if growing:
        progress.begin("growth", scaling.seconds_for(1, arguments.seconds) / scaling.STEPS)
        growths = [scaling.grow(server, arguments.binaries, arguments.seconds, progress) for server in growing]

    print(report.results_table(results, counted))
    found = targets.check(results, counted, waiting)
    output = arguments.output or (
        catalogue.PROJECT / "docs" / "benchmarks.md" if is_whole and not arguments.quick else None
    )
    if output:
        document.write(output, arguments, time.monotonic() - began, results, counted, waiting, growths, found)
        print(f"bench: written to {output}", file=sys.stderr)
    return 1 if any(result.failure for result in results) else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (Failure, UnusedWorkers) as failure:
        sys.exit(f"bench: {failure}")
