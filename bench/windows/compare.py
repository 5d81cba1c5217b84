#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares the echo servers of this directory under Wine with the one that is the contract written out on plain Win32.

Wine, its server and the load generator share one processor, so that the work counts that a message makes and not how
threads meet. The servers run side by side and take turns, round after round; each slice lies between two of the
literal server, and what counts is the ratio to the mean of these: what slows the machine down for longer than a slice
slows all three down. The median of the rounds is the result. The processor time of a message, that of Wine's server and
the load generator included, is told besides: where the one processor is not theirs alone, it is the steadier figure."""

import argparse
import contextlib
import json
import os
import pathlib
import re
import select
import statistics
import subprocess
import sys
import tempfile

PROJECT = pathlib.Path(__file__).resolve().parent.parent.parent
PATIENCE_SECONDS = 180
BASE = "literal"
SERVERS = {
    "literal": ["echo_literal.exe"],
    "ours": ["echo_ours.exe"],
    "ours, reuse": ["echo_ours.exe", "--reuse"],
    "iocp": ["echo_iocp.exe"],
    "threads": ["echo_threads.exe"],
    "asio": ["echo_asio.exe"],
}


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--servers", type=pathlib.Path, required=True, help="where the programs of bench/windows are")
    parser.add_argument("--load", type=pathlib.Path, required=True, help="bench_load, of bench/load")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=1.0, help="of a slice")
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--size", type=int, default=64, help="of a message, in bytes")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--core", type=int, default=min(os.sched_getaffinity(0)))
    parser.add_argument("--only", nargs="+", choices=list(SERVERS), default=list(SERVERS), metavar="SERVER")
    return parser.parse_args()


def read_line(process, what):
    ready, _, _ = select.select([process.stdout], [], [], PATIENCE_SECONDS)
    line = process.stdout.readline().strip() if ready else ""
    if not line:
        sys.exit(f"{what} says nothing")
    return line


@contextlib.contextmanager
def running(command, environment, core):
    process = subprocess.Popen(
        ["setpriv", "--pdeathsig", "KILL", "taskset", "--cpu-list", str(core), *map(str, command)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
        env=environment,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


@contextlib.contextmanager
def wine(core):
    """A state of its own, and with it a server of its own, on that processor."""
    with tempfile.TemporaryDirectory() as prefix:
        environment = dict(os.environ, WINEPREFIX=prefix, WINEDEBUG="-all")
        with running([PROJECT / "cmake" / "run-wine.sh", prefix, "cmd.exe", "/c", "exit"], environment, core) as first:
            first.wait(PATIENCE_SECONDS)
        try:
            yield environment
        finally:
            for what in ("--kill", "--wait"):
                subprocess.run(["wineserver", what], env=environment, stderr=subprocess.DEVNULL, check=False)


def server_of_wine(environment):
    """The process of the wineserver of this prefix."""
    wanted = f"WINEPREFIX={environment['WINEPREFIX']}".encode()
    for directory in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            is_server = (directory / "comm").read_text().startswith("wineserver")
            if is_server and wanted in (directory / "environ").read_bytes().split(b"\0"):
                return int(directory.name)
        except OSError:
            pass  # It has ended, or is somebody else's.
    sys.exit("Wine's server is not to be found")


def cpu_ns(pid):
    """Of all threads of the process that live."""
    times = []
    for file in pathlib.Path(f"/proc/{pid}/task").glob("*/schedstat"):
        with contextlib.suppress(OSError):
            times.append(int(file.read_text().split()[0]))
    return sum(times)


def start_pair(stack, name, arguments, environment):
    """The load generator, connected to its server."""
    program, *options = SERVERS[name]
    command = [PROJECT / "cmake" / "run-wine.sh", environment["WINEPREFIX"], arguments.servers / program]
    server = stack.enter_context(
        running([*command, "--workers", arguments.workers, *options], environment, arguments.core)
    )
    match = re.fullmatch(r"listening on 127\.0\.0\.1:(\d+)", read_line(server, name))
    if match is None:
        sys.exit(f"{name} does not say where it listens")
    load = [arguments.load, "echo", "--port", match[1], "--connections", arguments.connections, "--size", arguments.size]
    generator = stack.enter_context(running(load, None, arguments.core))
    read_line(generator, f"the load on {name}")
    return Pair(generator, [server.pid, generator.pid, server_of_wine(environment)])


class Pair:
    def __init__(self, generator, processes):
        self.generator = generator
        self.processes = processes

    def measure(self, seconds):
        """Messages a second, and messages a second of processor time."""
        before = sum(map(cpu_ns, self.processes))
        self.generator.stdin.write(f"{seconds}\n")
        slice_ = json.loads(read_line(self.generator, "the load"))
        spent = sum(map(cpu_ns, self.processes)) - before
        return slice_["messages"] / slice_["seconds"], slice_["exchanged"] * 1e9 / spent


class Figures:
    """What the rounds of a server have shown: values, and their ratios to the base."""

    def __init__(self):
        self.values = []
        self.ratios = []

    def add(self, own, before, after):
        self.values.append(own)
        self.ratios.append(own / ((before + after) / 2))

    def text(self):
        return (
            f"{statistics.median(self.values):9.0f}  {statistics.median(self.ratios):6.3f}"
            f" ({min(self.ratios):.3f} to {max(self.ratios):.3f})"
        )


def main():
    arguments = parse_arguments()
    names = [name for name in SERVERS if name in arguments.only and name != BASE]
    figures = {name: (Figures(), Figures()) for name in (BASE, *names)}
    with wine(arguments.core) as environment, contextlib.ExitStack() as stack:
        pairs = {name: start_pair(stack, name, arguments, environment) for name in (BASE, *names)}
        before = pairs[BASE].measure(arguments.seconds)
        for _ in range(arguments.rounds):
            for name in names:
                own = pairs[name].measure(arguments.seconds)
                after = pairs[BASE].measure(arguments.seconds)
                for which in (0, 1):
                    figures[name][which].add(own[which], before[which], after[which])
                    figures[BASE][which].add(after[which], after[which], after[which])
                before = after
    print(f"{arguments.connections} connections, {arguments.size} B, workers {arguments.workers}, {arguments.rounds} rounds")
    print(f"{'':12} {'messages/s':>9}  of {BASE:24} messages/s of processor time")
    for name, (rate, efficiency) in figures.items():
        print(f"{name:12} {rate.text():36} {efficiency.text()}")


if __name__ == "__main__":
    main()
