# SPDX-License-Identifier: MIT
"""Files that arrive."""

import contextlib
import fcntl
import hashlib
import os
import pty
import re
import struct
import subprocess
import termios
import unittest

from asock_program import AsockTest, Configuration, program_path
from peers import has_ipv6

MEBIBYTE = 1 << 20
BLOCK = 256 << 10


def write_random_file(path, size):
    """Writes the file and returns its SHA-256, computed without asock."""
    digest = hashlib.sha256()
    with open(path, "wb") as out:
        for begin in range(0, size, MEBIBYTE):
            piece = os.urandom(min(MEBIBYTE, size - begin))
            digest.update(piece)
            out.write(piece)
    return digest.hexdigest()


def sha256_of(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while piece := file.read(MEBIBYTE):
            digest.update(piece)
    return digest.hexdigest()


class Transfer(AsockTest):
    def transfer(self, source, target, address="127.0.0.1", options=(), receiver_options=()):
        """Moves the file and returns what the two sides have printed, sender first."""
        receiver, port = self.start_receiver(target, *options, *receiver_options, address=address)
        host = f"[{address}]" if ":" in address else address
        sent = self.run_asock("send", program_path(source), f"{host}:{port}", *options)
        received = receiver.finish()
        self.assertEqual((sent[0], received[0]), (0, 0), (sent, received))
        return sent, received

    def test_300_mb_arrive_identical(self):
        size = 300 * 1000 * 1000
        expected = write_random_file(self.path("source"), size)
        results = self.transfer(self.path("source"), self.path("target"))
        self.assertEqual(os.path.getsize(self.path("target")), size)
        self.assertEqual(sha256_of(self.path("target")), expected)
        for (_, out, err), verb, name in zip(results, ("sent", "received"), ("source", "target")):
            self.assertRegex(out, rf"{verb} {size} bytes in \d+\.\d\d s, \d+\.\d MiB/s\n")
            self.assertIn(f"sha256 {expected}  {program_path(self.path(name))}\n", out)
            self.assertEqual(err, "")
        self.assert_directory_holds("source", "target")

    def test_sizes_around_those_of_blocks(self):
        for size in 0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 9 * BLOCK + 12345:
            with self.subTest(size=size):
                expected = write_random_file(self.path("source"), size)
                self.transfer(self.path("source"), self.path("target"), receiver_options=["--force"])
                self.assertEqual(os.path.getsize(self.path("target")), size)
                self.assertEqual(sha256_of(self.path("target")), expected)

    def test_takes_the_place_of_an_older_file(self):
        expected = write_random_file(self.path("source"), 1000)
        write_random_file(self.path("target"), 2000)
        self.transfer(self.path("source"), self.path("target"), receiver_options=["--force"])
        self.assertEqual(sha256_of(self.path("target")), expected)

    def test_a_name_of_another_language(self):
        source, target = self.path("Gr\u00fc\u00dfe \u6587\u4ef6"), self.path("\u00e9t\u00e9")
        expected = write_random_file(source, 1000)
        self.transfer(source, target)
        self.assertEqual(sha256_of(target), expected)

    @unittest.skipUnless(has_ipv6(), "this machine has no IPv6")
    def test_over_ipv6(self):
        expected = write_random_file(self.path("source"), MEBIBYTE)
        self.transfer(self.path("source"), self.path("target"), address="::1")
        self.assertEqual(sha256_of(self.path("target")), expected)

    def test_from_a_pipe_into_a_pipe(self):
        data = os.urandom(3 * MEBIBYTE + 7)
        receiver = self.start("receive", "0", "-", binary=True)
        # Standard output is the file's, so that the port is told on standard error; and that is read as a stream here.
        port = self.port_told_on_stderr(receiver)
        sender = self.start("send", "-", f"127.0.0.1:{port}", stdin=subprocess.PIPE)
        sender.process.stdin.write(data)
        sender.process.stdin.close()
        code, out, _ = receiver.finish()
        self.assertEqual(code, 0)
        self.assertEqual(hashlib.sha256(out).hexdigest(), hashlib.sha256(data).hexdigest())
        self.assertEqual(sender.finish()[0], 0)

    def port_told_on_stderr(self, program):
        line = program.next_line_on_stderr()
        self.assertRegex(line, r"^listening on 127\.0\.0\.1:\d+$")
        return int(line.rpartition(":")[2])

    def test_progress_ends_at_100_percent(self):
        write_random_file(self.path("source"), 5 * MEBIBYTE)
        for code, _, err in self.transfer(self.path("source"), self.path("target"), options=["--progress"]):
            self.assertEqual(code, 0)
            last = err.splitlines()[-1]
            self.assertRegex(last, r"^\[=+\] 100%  5\.0 MiB of 5\.0 MiB  \d+\.\d MiB/s$")

    @unittest.skipIf(Configuration.on_wine(), "its terminals are others")
    def test_progress_stays_in_one_line_of_a_narrow_terminal(self):
        for width in 200, 60, 20:
            with self.subTest(width=width):
                ours, terminal = pty.openpty()
                fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
                write_random_file(self.path("source"), MEBIBYTE)
                receiver, port = self.start_receiver(self.path("target"), "--force")
                command = [*Configuration.command, "send", self.path("source"), f"127.0.0.1:{port}"]
                sent = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=terminal, check=False)
                os.close(terminal)
                shown = b""
                with contextlib.suppress(OSError):  # at the end
                    while piece := os.read(ours, 1 << 16):
                        shown += piece
                os.close(ours)
                self.assertEqual((sent.returncode, receiver.finish()[0]), (0, 0))
                lines = [line for line in re.split(r"[\r\n]+", shown.decode()) if line]
                self.assertIn("100%", lines[-1])
                self.assertLess(max(map(len, lines)), width)
                self.assertEqual("[" in lines[-1], width > 70)

    def test_quiet_is_quiet(self):
        write_random_file(self.path("source"), 1000)
        sent, received = self.transfer(self.path("source"), self.path("target"), options=["--quiet"])
        self.assertEqual(sent[1:], ("", ""))
        self.assertEqual(received[1:], ("", ""))  # behind the line that tells the port

    def test_verbose_shows_the_library_at_work(self):
        # An address of another machine.
        code, _, err = self.run_asock("echo", "--verbose", "--address", "192.0.2.1", "--port", "0")
        self.assertEqual(code, 1)
        self.assertRegex(err, r"^asock: library error: socket_transport_listen_with_options: .*\nasock: cannot listen on .*\n$")


@unittest.skipIf(Configuration.sanitized, "a sanitizer keeps memory of its own")
class Memory(AsockTest):
    def test_does_not_grow_with_the_file(self):
        """A sparse file, so that the disk does not matter; received into nothing for the same reason."""
        size = (1 if Configuration.on_wine() else 2) << 30
        limit_kib = (160 if Configuration.on_wine() else 64) << 10
        with open(self.path("sparse"), "wb") as sparse:
            sparse.truncate(size)
        receiver = self.start("receive", "0", "NUL" if Configuration.on_wine() else "/dev/null")
        port = receiver.listening_port()
        sender = self.start("send", program_path(self.path("sparse")), f"127.0.0.1:{port}")
        sent, received = sender.finish(), receiver.finish()
        self.assertEqual((sent[0], received[0]), (0, 0), (sent, received))
        self.assertIn(f"sent {size} bytes", sent[1])
        self.assertLess(sender.peak_kib, limit_kib)
        self.assertLess(receiver.peak_kib, limit_kib)
