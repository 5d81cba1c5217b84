# SPDX-License-Identifier: MIT
"""Starts the programs of other people, waits until they serve, and ends them."""

import glob
import os
import pathlib
import random
import resource
import shutil
import signal
import socket
import subprocess
import threading
import time

LIMIT_SECONDS = 180  # for anything that is waited for; a machine that is busy with other things must not fail a case
PLACES = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin", *sorted(glob.glob("/usr/lib/postgresql/*/bin"))])
# A program must not outlive a test that was killed.
TIED = ["setpriv", "--pdeathsig", "SIGKILL", "--"]
# With no regard to what this machine's user has set up for it.
CURL = ["curl", "--disable", "--silent", "--show-error", "--fail", "--noproxy", "*"]
LISTENING, TIME_WAIT = "0A", "06"


def find(name):
    return shutil.which(name, path=PLACES)


def missing(names):
    return [name for name in names if find(name) is None]


def allow_many_connections():
    """What is started from here inherits the limit: a relay has two descriptors for each of its connections."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 16384
    try:
        if most != resource.RLIM_INFINITY and most < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, wanted))
        else:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
    except (ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def wait_until(condition, what):
    """For what nobody reports: asks again and again. Returns what the condition returned."""
    end = time.monotonic() + LIMIT_SECONDS
    while not (answer := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"waited in vain: {what}")
        time.sleep(0.01)
    return answer


def tcp_sockets(pid="self"):
    """(local port, remote port, state, inode) of every TCP socket over IPv4 in the network of a process."""
    for line in pathlib.Path(f"/proc/{pid}/net/tcp").read_text(encoding="ascii").splitlines()[1:]:
        fields = line.split()
        local, remote = (int(address.rpartition(":")[2], 16) for address in fields[1:3])
        yield local, remote, fields[3], fields[9]


def own_sockets(pid):
    for entry in pathlib.Path(f"/proc/{pid}/fd").iterdir():
        try:
            target = os.readlink(entry)
        except OSError:
            continue
        if target.startswith("socket:["):
            yield target[len("socket:[") : -1]


def listens(pid, port):
    """Asks the kernel, because a connection that only asks would be the one that some servers serve and end with."""
    try:
        inodes = {inode for local, _, state, inode in tcp_sockets(pid) if local == port and state == LISTENING}
        return not inodes.isdisjoint(own_sockets(pid)) if inodes else False
    except OSError:
        return False  # it has ended


def free_port():
    """Lies below the ports that the system gives to connections and to whoever asks for any: so nobody is likely to take
    it before the program that it is meant for."""
    with open("/proc/sys/net/ipv4/ip_local_port_range", encoding="ascii") as limits:
        lowest_given_away = int(limits.read().split()[0])
    for _ in range(1000):
        port = random.randrange(10000, lowest_given_away) if lowest_given_away > 12000 else 0
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return probe.getsockname()[1]
    raise AssertionError("there is no free port")


# Those that were started to run to their end.
running = []


def end_all_running():
    while running:
        program = running.pop()
        if program.poll() is None:
            program.kill()
            program.wait()


class Program:
    """A running program, whose output goes to a file. Ended, if it still runs, when the test ends."""

    def __init__(self, test, name, command, stop_signal=signal.SIGTERM, prefix=(), stdout=None):
        self.name = name
        self.stop_signal = stop_signal
        self.log = pathlib.Path(test.directory) / f"{name}.{len(test.programs)}.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*TIED, *prefix, *map(str, command)], stdin=subprocess.DEVNULL, stdout=stdout or log, stderr=log
            )
        self.pid = self.process.pid
        test.programs.append(self)
        test.addCleanup(self.stop)

    def ended(self):
        return self.process.poll() is not None

    def stop(self):
        """Asks it to end, and does not ask for ever."""
        if not self.ended():
            self.process.send_signal(self.stop_signal)
            try:
                self.process.wait(LIMIT_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()

    def said(self):
        return self.log.read_text(encoding="utf-8", errors="replace")


def serve(test, name, command_for, **options):
    """Starts a server that has to be told its port. `command_for` makes its command from the port."""
    for _ in range(10):
        port = free_port()
        server = Program(test, name, command_for(port), **options)
        wait_until(lambda: server.ended() or listens(server.pid, port), f"{name} listens on {port}")
        if not server.ended():
            return server, port
    raise AssertionError(f"{name} does not start: {server.said()}")


def start_to_run(command, prefix=(), **options):
    """A program that ends by itself, with its output in pipes."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    running.append(subprocess.Popen([*TIED, *prefix, *map(str, command)], **pipes, **options))
    return running[-1]


def run(command, prefix=(), stdin=None, status=0):
    """Runs a program to its end, which must be the one that is expected, and returns what it has printed."""
    program = start_to_run(command, prefix, stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE)
    return finish(program, command, stdin, status)


def succeeds(command, prefix=()):
    program = start_to_run(command, prefix, stdin=subprocess.DEVNULL)
    program.communicate()
    return program.returncode == 0


def finish(program, command, stdin=None, status=0):
    try:
        out, err = program.communicate(stdin, timeout=LIMIT_SECONDS)
    except subprocess.TimeoutExpired:
        program.kill()
        out, err = program.communicate()
        raise AssertionError(f"{command[0]} does not end: {tail(out)} {tail(err)}") from None
    if program.returncode != status:
        raise AssertionError(f"{command[0]} ended with {program.returncode}: {tail(out)} {tail(err)}")
    return (out or b"").decode(errors="replace"), err.decode(errors="replace")


def run_piped(producer, consumer):
    """Runs two programs, the second on what the first prints, and returns what the second prints."""
    first = start_to_run(producer, stdin=subprocess.DEVNULL)
    second = start_to_run(consumer, stdin=first.stdout)
    # Else the first would not notice the end of the second.
    first.stdout.close()
    first.stdout = None
    try:
        return finish(second, consumer)[0]
    finally:
        finish(first, producer)


def tail(text, characters=3000):
    text = text or ""
    text = text.decode(errors="replace") if isinstance(text, bytes) else text
    return text[-characters:]


class Watchdog:
    """Kills a process that does not say in time what is waited for."""

    def __init__(self, process):
        self.timer = threading.Timer(LIMIT_SECONDS, process.kill)

    def __enter__(self):
        self.timer.start()

    def __exit__(self, *_):
        self.timer.cancel()
