# SPDX-License-Identifier: MIT
"""Ctrl-C, at every stage."""

import contextlib
import os
import pathlib
import re
import signal
import subprocess
import threading
import time
import unittest

import peers
from asock_program import LIMIT_SECONDS, AsockTest, Configuration, program_path

MEBIBYTE = 1 << 20


class Interrupt(AsockTest):
    def assert_interrupted(self, program):
        program.press_ctrl_c()
        self.assert_one_line_failure(program.finish(), "interrupted", status=130)

    def test_receive_that_waits_for_a_sender(self):
        receiver, _ = self.start_receiver(self.path("target"))
        self.assertEqual(len(os.listdir(self.directory)), 1)  # the temporary file
        self.assert_interrupted(receiver)
        self.assert_directory_holds()

    def test_receive_in_the_middle_of_a_file(self):
        receiver, port = self.start_receiver(self.path("target"))
        with peers.connect(port) as sender:
            peers.receive_exactly(sender, len(peers.HELLO))
            sender.sendall(peers.header(MEBIBYTE) + peers.block(bytes(100_000)))
            self.assert_interrupted(receiver)
        self.assert_directory_holds()

    def test_send_that_waits_for_its_receiver(self):
        greeted, done = threading.Event(), threading.Event()

        def stop_reading(peer):
            peer.sendall(peers.HELLO)
            peers.receive_exactly(peer, 100_000)
            greeted.set()
            done.wait(LIMIT_SECONDS)

        with open(self.path("source"), "wb") as out:
            out.truncate(100 * MEBIBYTE)
        server = peers.Server(self, stop_reading)
        self.addCleanup(done.set)
        sender = self.start("send", program_path(self.path("source")), f"127.0.0.1:{server.port}")
        self.assertTrue(greeted.wait(LIMIT_SECONDS))
        self.assert_interrupted(sender)

    def test_send_that_waits_for_its_standard_input(self):
        greeted = threading.Event()

        def receive_some(peer):
            peer.sendall(peers.HELLO)
            peers.receive_exactly(peer, len(peers.header(0)) + len(peers.block(b"hello")))
            greeted.set()
            peers.read_until_end(peer)

        server = peers.Server(self, receive_some)
        sender = self.start("send", "-", f"127.0.0.1:{server.port}", stdin=subprocess.PIPE)
        sender.process.stdin.write(b"hello")
        sender.process.stdin.flush()
        self.assertTrue(greeted.wait(LIMIT_SECONDS))
        self.assert_interrupted(sender)

    def test_bench(self):
        busy = threading.Event()

        def swallow(peer):
            while peer.recv(1 << 16):
                busy.set()

        server = peers.Server(self, swallow)
        bench = self.start("bench", f"127.0.0.1:{server.port}", "--seconds", 1000)
        self.assertTrue(busy.wait(LIMIT_SECONDS))
        self.assert_interrupted(bench)

    def test_echo_closes_its_connections_and_is_content(self):
        echo = self.start("echo", "--port", 0)
        port = echo.listening_port()
        clients = [peers.connect(port) for _ in range(20)]
        for client in clients:
            self.addCleanup(client.close)
            client.sendall(b"hello")
        for client in clients:
            self.assertEqual(peers.receive_exactly(client, 5), b"hello")
        echo.press_ctrl_c()
        code, out, err = echo.finish()
        self.assertEqual((code, err), (0, ""))
        self.assertEqual(out, "served 20 connections, echoed 100 B\n")
        for client in clients:
            try:
                self.assertEqual(client.recv(1), b"")
            except ConnectionResetError:
                pass


@unittest.skipIf(Configuration.on_wine(), "its programs know no signals")
class Signals(AsockTest):
    def test_one_that_was_ignored_stays_ignored(self):
        def ignore():
            signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does

        echo = self.start("echo", "--port", 0, preexec_fn=ignore)
        port = echo.listening_port()
        echo.process.send_signal(signal.SIGHUP)
        for _ in range(20):
            with peers.connect(port) as client:
                client.sendall(b"hello")
                self.assertEqual(peers.receive_exactly(client, 5), b"hello")
        echo.process.send_signal(signal.SIGTERM)
        self.assertEqual(echo.finish()[:2], (0, "served 20 connections, echoed 100 B\n"))

    def test_all_of_them_ignored(self):
        def ignore():
            for number in signal.SIGINT, signal.SIGTERM, signal.SIGHUP:
                signal.signal(number, signal.SIG_IGN)

        port = peers.port_that_refuses(self)
        result = self.run_asock("bench", f"127.0.0.1:{port}", preexec_fn=ignore)
        self.assert_one_line_failure(result, "cannot connect")


@unittest.skipIf(Configuration.on_wine(), "its programs know no signals")
@unittest.skipIf(Configuration.sanitized, "the end of a process of a sanitizer waits for the lock of standard error")
class Impatience(AsockTest):
    """Somebody who interrupts for the second time, while nobody reads the standard error."""

    def start_with_full_stderr(self, *arguments):
        read, write = os.pipe()
        self.addCleanup(os.close, read)
        self.addCleanup(os.close, write)
        os.set_blocking(write, False)
        with contextlib.suppress(BlockingIOError):
            while True:
                os.write(write, bytes(512))
        os.set_blocking(write, True)
        program = subprocess.Popen(
            [*Configuration.command, *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=write,
        )
        self.addCleanup(program.stdout.close)
        self.addCleanup(program.wait)
        self.addCleanup(program.kill)
        return program

    @staticmethod
    def wait_for(condition):
        deadline = time.monotonic() + LIMIT_SECONDS
        while not condition():
            if time.monotonic() > deadline:
                raise AssertionError("it does not come to that")
            time.sleep(0.01)

    def wait_until_it_writes(self, program):
        """A thread of it waits in a write to standard error."""

        def writes():
            calls = [each.read_text() for each in pathlib.Path(f"/proc/{program.pid}/task").glob("*/syscall")]
            return any(re.match(r"\d+ 0x2 ", call) for call in calls)

        self.wait_for(writes)

    def interrupt_twice(self, program):
        def is_taken():
            status = pathlib.Path(f"/proc/{program.pid}/status").read_text()
            return int(re.search(r"ShdPnd:\s*(\w+)", status)[1], 16) == 0

        program.send_signal(signal.SIGINT)
        self.wait_for(is_taken)  # two of them that are pending are one
        program.send_signal(signal.SIGINT)
        self.assertEqual(program.wait(LIMIT_SECONDS), 130)

    def test_relay(self):
        relay = self.start_with_full_stderr("relay", "--listen", "127.0.0.1:0", "--to", "127.0.0.1:1", "--stats")
        self.wait_until_it_writes(relay)
        self.interrupt_twice(relay)

    def test_receive_leaves_nothing_behind(self):
        receiver = self.start_with_full_stderr("receive", 0, self.path("target"), "--progress")
        port = int(receiver.stdout.readline().rpartition(b":")[2])
        with peers.connect(port) as sender:
            peers.receive_exactly(sender, len(peers.HELLO))
            sender.sendall(peers.header(MEBIBYTE) + peers.block(bytes(1000)))
            self.wait_until_it_writes(receiver)
            self.interrupt_twice(receiver)
        self.assert_directory_holds()

    def test_send(self):
        def take_all(peer):
            peer.sendall(peers.HELLO)
            peers.read_until_end(peer)

        server = peers.Server(self, take_all)
        with open(self.path("source"), "wb") as out:
            out.truncate(MEBIBYTE)
        sender = self.start_with_full_stderr("send", self.path("source"), f"127.0.0.1:{server.port}", "--progress")
        self.wait_until_it_writes(sender)
        self.interrupt_twice(sender)
