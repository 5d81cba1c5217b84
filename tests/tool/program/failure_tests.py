# SPDX-License-Identifier: MIT
"""Transfers that cannot succeed: each ends with one line that says why, and never with half a file."""

import contextlib
import os
import resource
import signal
import socket
import subprocess
import threading
import unittest

import peers
from asock_program import LIMIT_SECONDS, AsockTest, Configuration, program_path

MEBIBYTE = 1 << 20


class SenderFails(AsockTest):
    def setUp(self):
        super().setUp()
        self.source = self.path("source")
        with open(self.source, "wb") as out:
            out.write(os.urandom(MEBIBYTE))

    def send(self, port, *options, host="127.0.0.1", source=None):
        return self.run_asock("send", program_path(source or self.source), f"{host}:{port}", *options)

    def test_refused_connection(self):
        port = peers.port_that_refuses(self)
        self.assert_one_line_failure(self.send(port), f"cannot connect to 127.0.0.1:{port}", "check the address")

    def test_receiver_that_comes_up_in_time(self):
        port = peers.free_port()
        sender = self.start("send", program_path(self.source), f"127.0.0.1:{port}", "--wait", 1000)
        self.assertIn(f"nobody listens at 127.0.0.1:{port} yet", sender.next_line_on_stderr())
        receiver = self.start("receive", port, program_path(self.path("target")))
        receiver.listening_port()
        self.assertEqual(sender.finish()[0], 0)
        self.assertEqual(receiver.finish()[0], 0)

    def test_receiver_that_does_not_come_up(self):
        port = peers.port_that_refuses(self)
        self.assert_one_line_failure(self.send(port, "--wait", 1, "--quiet"), f"cannot connect to 127.0.0.1:{port}")

    def test_name_that_does_not_resolve(self):
        # No label of a name is that long, so that nobody needs to be asked.
        name = "x" * 64
        self.assert_one_line_failure(self.send(1, host=name), f"cannot connect to {name}:1")

    def test_missing_file(self):
        missing = self.path("missing")
        self.assert_one_line_failure(self.send(1, source=missing), f"cannot read '{program_path(missing)}'")

    def test_directory(self):
        self.assert_one_line_failure(self.send(1, source=self.directory), "it is a directory")

    @unittest.skipIf(os.geteuid() == 0, "root may read everything; needs an ordinary user")
    def test_file_without_permission(self):
        os.chmod(self.source, 0)
        self.assert_one_line_failure(self.send(1), "cannot read", "permissions")

    def test_peer_that_says_something_else(self):
        server = peers.Server(self, lambda peer: (peer.sendall(b"SSH-2.0-x\r\n"), peers.read_until_end(peer)))
        self.assert_one_line_failure(self.send(server.port), "is not `asock receive`")

    def test_peer_that_says_nothing(self):
        server = peers.Server(self, peers.read_until_end)
        self.assert_one_line_failure(self.send(server.port, "--timeout", 1), "says nothing")

    def test_peer_that_closes_at_once(self):
        server = peers.Server(self, lambda peer: None)
        self.assert_one_line_failure(self.send(server.port), "closed the connection at once")

    def test_peer_of_another_version(self):
        server = peers.Server(
            self, lambda peer: (peer.sendall(peers.HELLO[:-1] + b"\x63"), peers.read_until_end(peer))
        )
        self.assert_one_line_failure(self.send(server.port), "another version")

    def test_receiver_that_vanishes(self):
        def take_some_and_go(peer):
            peer.sendall(peers.HELLO)
            peers.receive_exactly(peer, 100_000)
            peers.reset(peer)

        with open(self.source, "wb") as out:
            out.truncate(100 * MEBIBYTE)
        server = peers.Server(self, take_some_and_go)
        self.assert_one_line_failure(self.send(server.port), "was lost after")

    def test_receiver_that_stops_reading(self):
        def stop_reading(peer):
            peer.sendall(peers.HELLO)
            done.wait(LIMIT_SECONDS)

        done = threading.Event()
        with open(self.source, "wb") as out:
            out.truncate(100 * MEBIBYTE)
        server = peers.Server(self, stop_reading)
        try:
            self.assert_one_line_failure(self.send(server.port, "--timeout", 1), "has taken no data for 1 s")
        finally:
            done.set()

    def test_receiver_that_does_not_acknowledge(self):
        def take_all_and_close(peer):
            peer.sendall(peers.HELLO)
            size = len(peers.header(0)) + len(peers.end(b"")) + MEBIBYTE + 4 * 4
            peers.receive_exactly(peer, size)

        server = peers.Server(self, take_all_and_close)
        self.assert_one_line_failure(self.send(server.port), "lost before the file was acknowledged")

    def test_receiver_that_acknowledges_something_else(self):
        def lie(peer):
            peer.sendall(peers.HELLO)
            size = len(peers.header(0)) + len(peers.end(b"")) + MEBIBYTE + 4 * 4
            peers.receive_exactly(peer, size)
            peer.sendall(b"ASOCKEND" + bytes(4) + peers.end(b"another file")[4:])
            peers.read_until_end(peer)

        server = peers.Server(self, lie)
        self.assert_one_line_failure(self.send(server.port), "acknowledges something else")

    def test_receiver_that_is_killed(self):
        receiver, port = self.start_receiver(self.path("target"))
        sender = self.start("send", "-", f"127.0.0.1:{port}", stdin=subprocess.PIPE)
        sender.process.stdin.write(os.urandom(MEBIBYTE))
        sender.process.stdin.flush()
        receiver.process.kill()
        receiver.finish()
        with contextlib.suppress(BrokenPipeError):
            while True:  # until the sender has noticed, and has gone
                sender.process.stdin.write(bytes(MEBIBYTE))
        self.assert_one_line_failure(sender.finish(), "lost")
        self.assertFalse(os.path.exists(self.path("target")))


class ReceiverFails(AsockTest):
    def play_sender(self, data, *options):
        """Connects, sends the bytes, closes, and returns the receiver's result."""
        receiver, port = self.start_receiver(self.path("target"), *options)
        with peers.connect(port) as sender:
            self.assertEqual(peers.receive_exactly(sender, len(peers.HELLO)), peers.HELLO)
            sender.sendall(data)
        return receiver.finish()

    def test_port_in_use(self):
        with socket.create_server(("127.0.0.1", 0)) as holder:
            port = holder.getsockname()[1]
            for command in ["receive", port, program_path(self.path("target"))], ["echo", "--port", port]:
                with self.subTest(command=command):
                    self.assert_one_line_failure(self.run_asock(*command), f"cannot listen on 127.0.0.1:{port}", "in use")
        self.assert_directory_holds()

    def test_address_of_another_machine(self):
        result = self.run_asock("receive", "--address", "192.0.2.1", "0", program_path(self.path("target")))
        self.assert_one_line_failure(result, "cannot listen on 192.0.2.1:0", "address")
        self.assert_directory_holds()

    def test_directory_that_does_not_exist(self):
        result = self.run_asock("receive", "0", program_path(self.path("missing/target")))
        self.assert_one_line_failure(result, "cannot create", "directory that exists")

    def test_directory_as_target(self):
        result = self.run_asock("receive", "0", program_path(self.directory))
        self.assert_one_line_failure(result, "cannot create", "directory")
        self.assert_directory_holds()

    @unittest.skipIf(os.geteuid() == 0, "root may write everywhere; needs an ordinary user")
    def test_directory_without_permission(self):
        os.chmod(self.directory, 0o500)
        self.addCleanup(os.chmod, self.directory, 0o700)
        result = self.run_asock("receive", "0", program_path(self.path("target")))
        self.assert_one_line_failure(result, "cannot create", "may be written")

    def test_connection_cut_anywhere(self):
        whole = peers.header(5) + peers.block(b"hello") + peers.end(b"hello")
        for length in len(peers.header(5)), len(peers.header(5)) + 6, len(whole) - 1:
            with self.subTest(length=length):
                self.assert_one_line_failure(self.play_sender(whole[:length]), "the connection was cut")
                self.assert_directory_holds()

    def test_sender_that_vanishes(self):
        receiver, port = self.start_receiver(self.path("target"))
        sender = peers.connect(port)
        peers.receive_exactly(sender, len(peers.HELLO))
        sender.sendall(peers.header(MEBIBYTE) + peers.block(bytes(100_000)))
        peers.reset(sender)
        self.assert_one_line_failure(receiver.finish(), "the connection was cut")
        self.assert_directory_holds()

    def test_sender_that_falls_silent(self):
        receiver, port = self.start_receiver(self.path("target"), "--timeout", 5)
        with peers.connect(port) as sender:
            sender.sendall(peers.header(5) + peers.block(b"he"))
            self.assert_one_line_failure(receiver.finish(), "sent nothing for 5 s")
        self.assert_directory_holds()

    def test_sender_that_is_killed(self):
        receiver, port = self.start_receiver(self.path("target"))
        sender = self.start("send", "-", f"127.0.0.1:{port}", stdin=subprocess.PIPE)
        sender.process.stdin.write(os.urandom(MEBIBYTE))
        sender.process.stdin.flush()
        sender.process.kill()
        sender.finish()
        self.assert_one_line_failure(receiver.finish(), "the connection was cut")
        self.assert_directory_holds()

    def test_sender_that_gives_up(self):
        data = peers.header(5) + peers.block(b"he") + b"\xff\xff\xff\xff"
        self.assert_one_line_failure(self.play_sender(data), "the sender gave up")
        self.assert_directory_holds()

    def test_damaged_data_is_refused_and_the_sender_told(self):
        damaged = peers.header(5) + peers.block(b"hellO") + peers.end(b"hello")
        endless = peers.header(5) + b"\x7f\xff\xff\xff"
        for data in damaged, endless:
            with self.subTest(data=data):
                receiver, port = self.start_receiver(self.path("target"))
                with peers.connect(port) as sender:
                    sender.sendall(data)
                    peers.receive_exactly(sender, len(peers.HELLO))
                    reply = peers.receive_exactly(sender, peers.REPLY_SIZE)
                self.assertEqual(reply[:12], b"ASOCKEND" + bytes([0, 0, 0, peers.STATUS_DAMAGED]))
                self.assert_one_line_failure(receiver.finish(), "receive")
                self.assert_directory_holds()


class DiskFull(AsockTest):
    def transfer(self, target, **how):
        with open(self.path("source"), "wb") as out:
            out.write(os.urandom(8 * MEBIBYTE))
        receiver, port = self.start_receiver(target, **how)
        sent = self.run_asock("send", program_path(self.path("source")), f"127.0.0.1:{port}")
        return sent, receiver.finish()

    @unittest.skipUnless(os.geteuid() == 0, "needs root, to mount a small file system")
    def test_small_file_system(self):
        small = self.path("small")
        os.mkdir(small)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", small], capture_output=True)
        if mounted.returncode != 0:
            self.skipTest("this root may not mount: " + mounted.stderr.decode().strip())
        self.addCleanup(subprocess.run, ["umount", small], check=True)
        sent, received = self.transfer(os.path.join(small, "target"))
        self.assert_one_line_failure(received, "cannot write", "make room")
        self.assert_one_line_failure(sent, "the disk of the receiver is full")
        self.assertEqual(os.listdir(small), [])

    def test_device_that_is_always_full(self):
        sent, received = self.transfer("/dev/full")
        self.assert_one_line_failure(received, "cannot write", "make room")
        self.assert_one_line_failure(sent, "the disk of the receiver is full")

    @unittest.skipIf(Configuration.on_wine(), "Wine's server creates files on behalf of the program: no limit holds")
    def test_file_size_limit(self):
        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (MEBIBYTE, MEBIBYTE))

        sent, received = self.transfer(self.path("target"), preexec_fn=limit)
        self.assert_one_line_failure(received, "cannot write")
        self.assert_one_line_failure(sent, "the receiver could not write the file")
        self.assert_directory_holds("source")
