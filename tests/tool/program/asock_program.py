# SPDX-License-Identifier: MIT
"""Runs asock as a person would: starts it, reads what it prints, presses Ctrl-C, looks at its exit status."""

import contextlib
import functools
import os
import queue
import re
import signal
import subprocess
import sys
import tempfile
import threading
import unittest

from suite import run_with_second_trial

LIMIT_SECONDS = 60  # for anything that is waited for; no test takes nearly that long


class Configuration:
    """Set once by asock_test.py."""

    command = []  # the emulator, if any, and the program
    backend = ""
    sanitized = False  # slower, and of another size in memory, than the program that people run

    @classmethod
    def on_wine(cls):
        return cls.backend == "wine"

    @classmethod
    @functools.cache
    def may_lose_statuses(cls):
        """Wine 8 does not; Wine 10 ends one process in ten with 0, whatever its program returned."""
        if not cls.on_wine():
            return False
        version = subprocess.run(["wine", "--version"], capture_output=True, check=True, text=True).stdout
        return int(re.match(r"wine-(\d+)", version)[1]) > 8

    @classmethod
    def backend_is_chosen(cls):
        return cls.backend in ("io_uring", "epoll")

    @classmethod
    def backend_exists(cls):
        """False where the kernel does not offer the back end, as in many containers."""
        if not cls.backend_is_chosen():
            return True
        # The engine is made before the connection, which is refused.
        tried = subprocess.run(
            [*cls.command, "bench", "127.0.0.1:1", "--backend", cls.backend], capture_output=True, check=False
        )
        return b"cannot start the threads" not in tried.stderr

    @classmethod
    @contextlib.contextmanager
    def warm(cls):
        """Wine's server and services start with the first program, whose streams they inherit, and end with the last.
        A program that runs all the time keeps them out of the way of the others, and saves some seconds for each."""
        if not cls.on_wine():
            yield
            return
        command = [*cls.command, "echo", "--port", "0"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as idle:
            try:
                idle.stdout.readline()
                yield
            finally:
                idle.kill()


class Asock:
    """A running asock. Killed, if it is still running, when the test ends."""

    def __init__(self, test, *arguments, stdin=subprocess.DEVNULL, preexec_fn=None, binary=False):
        self._status_directory = tempfile.TemporaryDirectory(prefix="asock-status-")
        test.addCleanup(self._status_directory.cleanup)
        self._status_file = os.path.join(self._status_directory.name, "status")
        self.process = subprocess.Popen(
            [*Configuration.command, *map(str, arguments), *self._backend(arguments)],
            env=dict(os.environ, ASOCK_TEST_STATUS_FILE=program_path(self._status_file)),
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            preexec_fn=preexec_fn,
        )
        self.binary = binary
        self.peak_kib = 0
        self._stderr = b""
        self._stderr_lines = queue.SimpleQueue()
        self._stderr_reader = threading.Thread(target=self._drain_stderr)
        self._stderr_reader.start()
        test.addCleanup(self._clean_up)

    @staticmethod
    def _backend(arguments):
        """What chooses the back end, for the commands that have one."""
        runs = arguments and arguments[0] in ("echo", "send", "receive", "relay", "bench")
        return ["--backend", Configuration.backend] if runs and Configuration.backend_is_chosen() else []

    def _drain_stderr(self):
        for line in self.process.stderr:
            self._stderr += line
            self._stderr_lines.put(line)
        self._stderr_lines.put(None)

    def next_line_on_stderr(self):
        """The first line, the second one and so on, as they come."""
        try:
            line = self._stderr_lines.get(timeout=LIMIT_SECONDS)
        except queue.Empty:
            line = None
        if line is None:
            raise AssertionError(f"it says no more: {self._stderr!r}")
        return line.decode().rstrip("\r\n")

    def _clean_up(self):
        if self.process.returncode is None:
            self.process.kill()
            self.process.wait()
        self._stderr_reader.join()
        self.process.stdout.close()
        self.process.stderr.close()
        if self.process.stdin:
            try:
                self.process.stdin.close()
            except BrokenPipeError:
                pass

    def listening_port(self):
        """Waits until the program says where it listens."""
        watchdog = threading.Timer(LIMIT_SECONDS, self.process.kill)
        watchdog.start()
        line = self.process.stdout.readline().decode()
        watchdog.cancel()
        match = re.match(r"listening on (.*):(\d+)\r?\n", line)
        if not match:
            self.process.kill()
            self._stderr_reader.join()
            raise AssertionError(f"it does not listen: {line!r} {self._stderr!r}")
        self.host = match.group(1)
        return int(match.group(2))

    def press_ctrl_c(self):
        # Wine passes SIGINT on to the program as the console's Ctrl-C event.
        self.process.send_signal(signal.SIGINT)

    def finish(self):
        """Waits for the end. Returns exit status, standard output and standard error."""
        watchdog = threading.Timer(LIMIT_SECONDS, self.process.kill)
        watchdog.start()
        out = self.process.stdout.read()
        _, status, usage = os.wait4(self.process.pid, 0)
        watchdog.cancel()
        self.process.returncode = os.waitstatus_to_exitcode(status)
        self.peak_kib = usage.ru_maxrss
        self._stderr_reader.join()
        err = self._stderr.decode().replace("\r\n", "\n")
        status = judged_status(self.process.returncode, self._status_left(), Configuration.may_lose_statuses())
        return status, out if self.binary else out.decode().replace("\r\n", "\n"), err

    def _status_left(self):
        try:
            with open(self._status_file, encoding="ascii") as file:
                return int(file.read())
        except FileNotFoundError:
            return None


def judged_status(returned, left, may_be_lost):
    """The exit status of an asock that returned the one to the system and had left the other in its file, or None.

    Whoever was killed may have left none. Any other asock leaves what it returns; a status that the system lost is zero.
    """
    if returned == left or returned < 0 or (returned != 0 and left is None):
        return returned
    if may_be_lost and returned == 0 and left is not None:
        print(f"Wine lost the exit status {left}", file=sys.stderr, flush=True)
        return left
    raise AssertionError(f"it ended with {returned}, and before that it had left {left} as its status")


def program_path(path):
    """The name under which the program knows a file."""
    return "Z:" + os.fspath(path) if Configuration.on_wine() else os.fspath(path)


class AsockTest(unittest.TestCase):
    def run(self, result=None):
        return run_with_second_trial(self, super().run, result) if Configuration.on_wine() else super().run(result)

    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="asock-tool-test-")
        self.addCleanup(directory.cleanup)
        self.directory = directory.name

    def path(self, name):
        return os.path.join(self.directory, name)

    def start(self, *arguments, **options):
        return Asock(self, *arguments, **options)

    def run_asock(self, *arguments, **options):
        return self.start(*arguments, **options).finish()

    def start_receiver(self, target, *options, address="127.0.0.1", **how):
        receiver = self.start("receive", "--address", address, "0", program_path(target), *options, **how)
        return receiver, receiver.listening_port()

    def assert_one_line_failure(self, result, *fragments, status=1):
        """One clear line on standard error that holds the fragments, and the exit status."""
        code, _, err = result
        self.assertEqual(code, status, err)
        lines = err.splitlines()
        self.assertEqual(len(lines), 1, err)
        self.assertTrue(lines[0].startswith("asock: "), err)
        for fragment in fragments:
            self.assertIn(fragment, lines[0])

    def assert_directory_holds(self, *names):
        self.assertEqual(sorted(os.listdir(self.directory)), sorted(names))
