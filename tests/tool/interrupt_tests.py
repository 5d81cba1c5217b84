# SPDX-License-Identifier: MIT
"""Ctrl-C, at every stage."""

import os
import subprocess
import threading

import peers
from asock_program import LIMIT_SECONDS, AsockTest, program_path

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
