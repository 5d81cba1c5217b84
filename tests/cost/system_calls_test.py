#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Counts the system calls of a message: strace counts those of a short and of a long run, and what the long one has
more, it has for its messages. A message is sent by one end of a connection and received by the other, and both ends are
of the same process, so that both are counted.

Usage: system_calls_test.py LOAD_PROGRAM BACKEND
Exits with 77 where strace is not installed, may not trace, or the back end is not to be had.
"""

import os
import shutil
import subprocess
import sys
import tempfile

SKIPPED = 77
SHORT = 4000
LONG = 24000
LIMIT_SECONDS = 120

# Connections, workers, and the most system calls of a message. (What another thread starts costs a wake-up or none, as
# it happens, so that there is no bound to be had.)
BOUNDS = {
    "io_uring": [
        (64, 1, 0.5),
        (64, 2, 0.5),
        # One after the other, there is nothing to share a call with.
        (1, 1, 1.2),
    ],
    "epoll": [
        (64, 1, 2.6),
        (64, 2, 2.6),
        (1, 1, 3.1),
    ],
}


def skip(why):
    print(f"skipped: {why}")
    sys.exit(SKIPPED)


def counts_in(table):
    """The calls of each kind in what strace -c writes."""
    result = {}
    for line in table.splitlines():
        fields = line.split()
        if len(fields) >= 5 and fields[-1] != "total" and fields[3].isdigit():
            result[fields[-1]] = int(fields[3])
    return result


def run(load, backend, connections, workers, messages):
    """The number of messages, and the calls of each kind."""
    environment = dict(os.environ, ASYNC_SOCKET_TEST_BACKEND=backend)
    with tempfile.NamedTemporaryFile("r") as table:
        command = ["strace", "-f", "-c", "-o", table.name, load, str(connections), str(workers), str(messages)]
        done = subprocess.run(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=LIMIT_SECONDS
        )
        if done.returncode == SKIPPED:
            skip(done.stderr.strip())
        if done.returncode != 0:
            sys.exit(f"{' '.join(command)} failed with {done.returncode}:\n{done.stderr}")
        return int(done.stdout), counts_in(table.read())


def may_trace():
    probe = subprocess.run(
        ["strace", "-f", "-c", "-o", os.devnull, "true"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    return probe.returncode == 0


def main():
    load, backend = sys.argv[1:3]
    if shutil.which("strace") is None:
        skip("strace is not installed")
    if not may_trace():
        skip("strace may not trace here")
    too_many = 0
    for connections, workers, bound in BOUNDS[backend]:
        short_messages, short_counts = run(load, backend, connections, workers, SHORT)
        long_messages, long_counts = run(load, backend, connections, workers, LONG)
        messages = long_messages - short_messages
        more = {name: count - short_counts.get(name, 0) for name, count in long_counts.items()}
        calls = sum(more.values()) / messages
        parts = ", ".join(
            f"{name} {count / messages:.3f}" for name, count in sorted(more.items(), key=lambda item: -item[1])[:5]
        )
        print(
            f"{backend}, {connections} connections, {workers} workers: "
            f"{calls:.3f} system calls a message, at most {bound} ({parts})"
        )
        if calls > bound:
            too_many += 1
        if calls <= 0:
            sys.exit("nothing was counted")
    sys.exit(f"{too_many} of {len(BOUNDS[backend])} take too many" if too_many else 0)


if __name__ == "__main__":
    main()
