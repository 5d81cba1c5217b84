# SPDX-License-Identifier: MIT
"""The relay under test: starts it, reads its memory, and ends it as its user would."""

import pathlib
import re
import signal
import subprocess
import threading

from programs import LIMIT_SECONDS, LISTENING, TIME_WAIT, Program, Watchdog, tail, tcp_sockets, wait_until


class Configuration:
    """Set once by real_test.py."""

    command = []  # the emulator, if any, and the program
    backend = ""

    @classmethod
    def on_wine(cls):
        return cls.backend == "wine"

    @classmethod
    def part_of(cls, work):
        """Under Wine everything takes several times as long, so there is less of it."""
        return work // 5 if cls.on_wine() else work

    @classmethod
    def options(cls):
        return ["--backend", cls.backend] if cls.backend in ("io_uring", "epoll") else []


class Relay(Program):
    def __init__(self, test, target_port, *options, host="127.0.0.1", target_host="127.0.0.1", prefix=()):
        command = [*Configuration.command, "relay", "--listen", f"{host}:0", "--to", f"{target_host}:{target_port}"]
        super().__init__(
            test,
            "relay",
            [*command, *options, *Configuration.options()],
            # Wine passes SIGINT on to the program as the console's Ctrl-C event, and knows no other.
            stop_signal=signal.SIGINT if Configuration.on_wine() else signal.SIGTERM,
            prefix=prefix,
            stdout=subprocess.PIPE,
        )
        self.target_port = target_port
        self.told_to_end = False
        # In a network of its own, it sees only the connections there.
        self.network = self.pid if prefix else "self"
        with Watchdog(self.process):
            line = self.process.stdout.readline().decode()
        match = re.match(r"listening on .*:(\d+)\r?\n", line)
        if not match:
            raise AssertionError(f"the relay does not listen: {line!r} {tail(self.said())}")
        self.port = int(match[1])
        # A relay that cannot print waits; so somebody always reads.
        threading.Thread(target=self._read, args=(self.process.stdout,), daemon=True).start()

    def _read(self, stream):
        try:
            while stream.read1(65536):
                pass
        except ValueError:
            pass  # closed: the test is over

    def finish(self):
        """Ends it while nobody is connected any more: it has nothing to wait for and nothing to complain about."""
        self.ask_to_end()
        self.wait_for_end()

    def ask_to_end(self):
        if self.ended():
            raise AssertionError(f"the relay ended by itself with {self.process.returncode}: {tail(self.said())}")
        self.told_to_end = True
        self.process.send_signal(self.stop_signal)

    def wait_for_end(self):
        try:
            status = self.process.wait(LIMIT_SECONDS)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"the relay does not end: {tail(self.said())}") from None
        if status != 0:
            raise AssertionError(f"the relay ended with {status}: {tail(self.said())}")

    def listens(self):
        return any(local == self.port and state == LISTENING for local, _, state, _ in tcp_sockets())

    def connections(self):
        """How many connections the relay still has, to its clients and to its target."""
        mine = set()  # the kernel may list one twice
        for local, remote, state, inode in tcp_sockets(self.network):
            # Without an inode it belongs to the kernel alone, which ends it in its own time.
            if state not in (LISTENING, TIME_WAIT) and inode != "0":
                if self.port == local or self.target_port == remote:
                    mine.add(inode)
        return len(mine)

    def wait_until_idle(self):
        wait_until(lambda: self.connections() == 0, "the relay has closed all connections")

    def _status_kib(self, name):
        status = pathlib.Path(f"/proc/{self.pid}/status").read_text(encoding="utf-8")
        found = re.search(rf"^{name}:\s+(\d+) kB$", status, re.MULTILINE)
        return int(found[1]) if found else 0  # it is about to end

    def memory_kib(self):
        return self._status_kib("VmRSS")

    def forget_peak(self):
        try:
            pathlib.Path(f"/proc/{self.pid}/clear_refs").write_text("5", encoding="ascii")
        except OSError:
            pass  # the peak since the start, then

    def peak_kib(self):
        return max(self._status_kib("VmHWM"), self.memory_kib())
