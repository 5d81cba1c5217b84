# SPDX-License-Identifier: MIT
"""Servers and load generators as processes, each on its cores, none of which outlives this program."""

import contextlib
import json
import os
import select
import signal
import subprocess

import wine
from catalogue import ONE_CORE, TWO_CORES, WINE

PATIENCE_SECONDS = 120


class Failure(Exception):
    pass


def cores(placement):
    """The processors of the server and of the load generator; None for any."""
    usable = sorted(os.sched_getaffinity(0))
    if placement in (ONE_CORE, WINE):
        return usable[:1], usable[:1]
    if placement == TWO_CORES:
        return usable[:1], usable[1:2]
    return None, None


def start(command, on, **more):
    # The kernel ends them with this program, however that ends. Where it is allowed they go before what else runs on the
    # machine, servers and load generators alike.
    prefix = ["setpriv", "--pdeathsig", "KILL"]
    if os.geteuid() == 0:
        prefix += ["nice", "-n", "-10"]
    if on is not None:
        prefix += ["taskset", "--cpu-list", ",".join(map(str, on))]
    return subprocess.Popen(prefix + command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, **more)


def read_line(process, what):
    ready, _, _ = select.select([process.stdout], [], [], PATIENCE_SECONDS)
    line = process.stdout.readline().strip() if ready else ""
    if not line:
        ended = process.poll()
        raise Failure(f"{what} {'says nothing' if ended is None else f'has ended with {ended}'}")
    return line


class RunningServer:
    """A server that is stopped (SIGSTOP) but while it is measured: one that spins, say, would disturb the others."""

    def __init__(self, command, on, environment=None):
        self.process = start(command, on, env=dict(os.environ, **(environment or {})))
        self.name = os.path.basename(command[0])
        self.helpers = []
        try:
            self.port = int(read_line(self.process, self.name))
        except Failure:
            self.end()
            raise

    @property
    def pids(self):
        return [self.process.pid, *self.helpers]

    @contextlib.contextmanager
    def running(self):
        os.kill(self.process.pid, signal.SIGCONT)
        try:
            yield
        finally:
            os.kill(self.process.pid, signal.SIGSTOP)

    def resident_bytes(self):
        with open(f"/proc/{self.process.pid}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def end(self):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()


class RunningLoad:
    def __init__(self, program, load, server, on, allocation_file=None):
        command = [str(program), *load.arguments(), "--port", str(server.port)]
        for pid in server.pids:
            command += ["--pid", str(pid)]
        if allocation_file:
            command += ["--allocations", str(allocation_file)]
        self.process = start(command, on)
        self.what = f"the load {load.name} on {server.name}"
        try:
            read_line(self.process, self.what)
        except Failure:
            self.end()
            raise

    def run(self, seconds):
        self.process.stdin.write(f"{seconds}\n")
        return json.loads(read_line(self.process, self.what))

    def end(self):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()


@contextlib.contextmanager
def measured(program, command, load, placement, environment=None, allocation_file=None):
    """A server and its load generator, connected; the server is stopped."""
    server_cores, load_cores = cores(placement)
    server = RunningServer(command, server_cores, environment)
    try:
        if placement == WINE:
            server.helpers = wine.servers_of(command[1])
        generator = RunningLoad(program, load, server, load_cores, allocation_file)
        try:
            os.kill(server.process.pid, signal.SIGSTOP)
            yield server, generator
        finally:
            generator.end()
    finally:
        server.end()
