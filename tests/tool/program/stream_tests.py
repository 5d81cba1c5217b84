# SPDX-License-Identifier: MIT
"""Standard streams that are closed, or that take nothing."""

import os
import pathlib
import subprocess
import time
import unittest

from asock_program import LIMIT_SECONDS, AsockTest, Configuration

CONTENT = b"hello\n" * 1000


def port_of_listener(pid):
    """The port on which the process listens, from what the system says of it; waits until it does."""
    deadline = time.monotonic() + LIMIT_SECONDS
    while time.monotonic() < deadline:
        sockets = set()
        for descriptor in pathlib.Path(f"/proc/{pid}/fd").iterdir():
            try:
                sockets.add(os.readlink(descriptor))
            except FileNotFoundError:
                pass  # closed meanwhile
        for line in pathlib.Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and f"socket:[{fields[9]}]" in sockets:
                return int(fields[1].rpartition(":")[2], 16)
        time.sleep(0.01)
    raise AssertionError("it does not listen")


def closing(*streams):
    def close():
        for stream in streams:
            os.close(stream)

    return close


@unittest.skipIf(Configuration.on_wine(), "Wine gives its programs streams of its own")
class Closed(AsockTest):
    def setUp(self):
        super().setUp()
        pathlib.Path(self.path("source")).write_bytes(CONTENT)

    def test_what_is_printed_never_goes_into_the_file(self):
        for streams in (1,), (2,), (0, 1), (0, 1, 2):
            for options in [], ["--progress"], ["--verbose"]:
                with self.subTest(closed=streams, options=options):
                    target = pathlib.Path(self.path("target"))
                    target.unlink(missing_ok=True)
                    receiver = self.start("receive", 0, target, *options, preexec_fn=closing(*streams))
                    sent = self.run_asock("send", self.path("source"), f"127.0.0.1:{port_of_listener(receiver.process.pid)}")
                    self.assertEqual((sent[0], receiver.finish()[0]), (0, 0))
                    self.assertEqual(target.read_bytes(), CONTENT)

    def test_a_sender_without_streams(self):
        receiver, port = self.start_receiver(self.path("target"))
        sent = self.run_asock("send", self.path("source"), f"127.0.0.1:{port}", preexec_fn=closing(0, 1, 2))
        self.assertEqual((sent[0], receiver.finish()[0]), (0, 0))
        self.assertEqual(pathlib.Path(self.path("target")).read_bytes(), CONTENT)

    def test_one_that_is_asked_for(self):
        result = self.run_asock("receive", 0, "-", preexec_fn=closing(1))
        self.assert_one_line_failure(result, "cannot write to standard output: it is closed")
        result = self.run_asock("receive", 0, "-", preexec_fn=closing(0, 1))
        self.assert_one_line_failure(result, "cannot write to standard output: it is closed")
        result = self.run_asock("send", "-", "127.0.0.1:1", preexec_fn=closing(0))
        self.assert_one_line_failure(result, "cannot read standard input: it is closed")


@unittest.skipUnless(os.path.exists("/dev/full"), "there is no device that is always full")
@unittest.skipIf(Configuration.on_wine(), "what the program is given is not the device")
class Full(AsockTest):
    """Every command fails that cannot print what it is asked for."""

    def run_into_full_device(self, *arguments):
        with open("/dev/full", "wb") as full:
            ended = subprocess.run(
                [*Configuration.command, *map(str, arguments)],
                stdin=subprocess.DEVNULL,
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                timeout=LIMIT_SECONDS,
                check=False,
            )
        return ended.returncode, None, ended.stderr

    def assert_told(self, *arguments):
        with self.subTest(arguments=arguments):
            self.assert_one_line_failure(self.run_into_full_device(*arguments), "cannot write to standard output: No space")

    def test_help_and_version(self):
        self.assert_told("--version")
        self.assert_told("--help")
        self.assert_told("relay", "--help")

    def test_where_it_listens(self):
        self.assert_told("echo", "--port", 0)
        self.assert_told("relay", "--listen", "127.0.0.1:0", "--to", "127.0.0.1:1")
        self.assert_told("receive", 0, self.path("target"))
        self.assert_directory_holds()

    def test_figures_and_summaries(self):
        port = self.start("echo", "--port", 0).listening_port()
        self.assert_told("bench", f"127.0.0.1:{port}", "--seconds", 0.1)
        pathlib.Path(self.path("source")).write_bytes(CONTENT)
        receiver, port = self.start_receiver(self.path("target"))
        self.assert_told("send", self.path("source"), f"127.0.0.1:{port}")
        self.assertEqual(receiver.finish()[0], 0)

    def test_a_pipe_that_nobody_reads(self):
        read, write = os.pipe()
        os.close(read)
        with os.fdopen(write, "wb") as nobody:
            command = [*Configuration.command, "--help"]
            ended = subprocess.run(command, stdout=nobody, stderr=subprocess.PIPE, text=True, check=False)
        self.assert_one_line_failure((ended.returncode, None, ended.stderr), "cannot write to standard output: Broken pipe")
