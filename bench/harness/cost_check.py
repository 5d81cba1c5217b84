#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The benchmark, cut down to what does not depend on how fast the machine is: allocations and system calls of a message
in this library's servers. tests/cost runs it.

Usage: cost_check.py BUILD_DIRECTORY
Exits with 77 where the machine has no io_uring, or neither perf nor strace may count."""

import pathlib
import subprocess
import sys

import catalogue
import costs
from processes import Failure

SKIPPED = 77
SECONDS = 0.1
MOST_ALLOCATIONS = 0.01  # a pool may grow once more

# The most system calls of a message by variant and load. With 64 connections a round serves many of them; with one there
# is nothing to share: it waits for what comes, and for what goes.
MOST_CALLS = {
    ("io_uring", "64x64B"): 0.5,
    ("io_uring", "1x64B"): 2.2,
    ("epoll", "64x64B"): 2.6,
    ("epoll", "1x64B"): 3.3,
}


def main():
    binaries = pathlib.Path(sys.argv[1])
    probe = subprocess.run(
        [binaries / "bench" / "load" / "bench_load", "--probe"], capture_output=True, text=True, check=False
    )
    if probe.returncode != 0:
        print(f"skipped: {probe.stderr.strip()}")
        return SKIPPED
    counter = costs.counter_class()
    if counter is None:
        print("skipped: neither perf nor strace may count here")
        return SKIPPED
    failures = 0
    for server in catalogue.SERVERS:
        if not server.ours:
            continue
        for load in map(catalogue.load_named, ("64x64B", "1x64B")):
            most = MOST_CALLS[server.variant, load.name]
            calls, allocations = costs.per_message(server, load, binaries, SECONDS, counter)
            print(
                f"{server.name}, {load.name}: {calls:.3f} system calls a message, at most {most}; "
                f"{allocations:.4f} allocations, at most {MOST_ALLOCATIONS}"
            )
            failures += not 0 < calls <= most or not allocations <= MOST_ALLOCATIONS
    if failures:
        print(f"{failures} of them take too many")
    return 1 if failures else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failure as failure:
        sys.exit(f"cost_check: {failure}")
