# SPDX-License-Identifier: MIT
"""Whom a receiver takes for a sender, and which files it writes."""

import os
import pathlib
import stat
import subprocess
import unittest

import peers
from asock_program import AsockTest, Configuration, program_path

CONTENT = b"hello" * 1000
STREAM = peers.header(len(CONTENT)) + peers.block(CONTENT) + peers.end(CONTENT)


class Strangers(AsockTest):
    """Who connects and is no sender does not end the wait."""

    def send_to(self, port):
        pathlib.Path(self.path("source")).write_bytes(CONTENT)
        return self.run_asock("send", program_path(self.path("source")), f"127.0.0.1:{port}")

    def assert_arrives(self, receiver, port):
        self.assertEqual(self.send_to(port)[0], 0)
        code, _, err = receiver.finish()
        self.assertEqual((code, err), (0, ""))
        self.assertEqual(pathlib.Path(self.path("target")).read_bytes(), CONTENT)

    def test_those_who_come_and_go(self):
        receiver, port = self.start_receiver(self.path("target"))
        for words in b"", b"GET / HTTP/1.1\r\n\r\n", peers.header(5)[:10], b"ASOCKSND" + b"\0\0\0\x63" + bytes(8):
            with peers.connect(port) as stranger:
                stranger.sendall(words)
        peers.reset(peers.connect(port))
        self.assert_arrives(receiver, port)

    def test_those_who_stay_and_say_nothing(self):
        receiver, port = self.start_receiver(self.path("target"))
        silent = [peers.connect(port) for _ in range(20)]
        for each in silent:
            self.addCleanup(each.close)
        self.assert_arrives(receiver, port)

    def test_the_wait_is_bounded_by_the_time_limit(self):
        receiver, port = self.start_receiver(self.path("target"), "--timeout", 1)
        with peers.connect(port) as stranger:
            stranger.sendall(b"GET / HTTP/1.1\r\n\r\n")
            name = "{}:{}".format(*stranger.getsockname())
            self.assert_one_line_failure(
                receiver.finish(), "no `asock send` has come for 1 s", f"{name} is not `asock send`", "--timeout"
            )
        self.assert_directory_holds()


class Names(AsockTest):
    def setUp(self):
        super().setUp()
        self.target = pathlib.Path(self.path("target"))

    def receive(self, target, *options):
        """Returns the receiver's result, when a sender has sent the content."""
        receiver, port = self.start_receiver(target, *options)
        with peers.connect(port) as sender:
            sender.sendall(STREAM)
            peers.receive_exactly(sender, len(peers.HELLO) + peers.REPLY_SIZE)
        return receiver.finish()

    def assert_received(self, target, *options):
        code, _, err = self.receive(target, *options)
        self.assertEqual((code, err), (0, ""))

    def test_a_file_that_exists_is_not_replaced_unasked(self):
        self.target.write_bytes(b"old")
        result = self.run_asock("receive", 0, program_path(self.target))
        self.assert_one_line_failure(result, f"'{program_path(self.target)}' exists already", "--force")
        self.assertEqual(self.target.read_bytes(), b"old")
        self.assert_directory_holds("target")
        self.assert_received(self.target, "--force")
        self.assertEqual(self.target.read_bytes(), CONTENT)
        self.assert_directory_holds("target")

    def test_a_file_that_comes_meanwhile_is_not_replaced_either(self):
        receiver, port = self.start_receiver(self.target)
        with peers.connect(port) as sender:
            self.target.write_bytes(b"of somebody else")
            sender.sendall(STREAM)
            peers.receive_exactly(sender, len(peers.HELLO))
            reply = peers.receive_exactly(sender, peers.REPLY_SIZE)
        self.assertEqual(reply[:12], b"ASOCKEND" + bytes([0, 0, 0, peers.STATUS_WRITE_FAILED]))
        self.assert_one_line_failure(receiver.finish(), "cannot write")
        self.assertEqual(self.target.read_bytes(), b"of somebody else")
        self.assert_directory_holds("target")

    @unittest.skipIf(Configuration.on_wine(), "files have no such mode there")
    def test_the_mode_of_a_file_that_is_replaced_is_kept(self):
        for mode in 0o600, 0o751, 0o444:
            with self.subTest(mode=oct(mode)):
                self.target.touch()
                self.target.chmod(mode)
                self.assert_received(self.target, "--force")
                self.assertEqual(stat.S_IMODE(self.target.stat().st_mode), mode)

    @unittest.skipIf(Configuration.on_wine(), "a private file is one of this system")
    def test_a_private_file_is_private_from_the_start(self):
        self.target.touch(mode=0o600)
        receiver, _ = self.start_receiver(self.target, "--force")
        (temporary,) = (each for each in pathlib.Path(self.directory).iterdir() if each != self.target)
        self.assertEqual(stat.S_IMODE(temporary.stat().st_mode), 0o600)
        receiver.process.kill()

    @unittest.skipIf(Configuration.on_wine(), "Wine follows links by itself")
    def test_a_link_stays_and_its_file_is_written(self):
        there = pathlib.Path(self.path("there"))
        there.mkdir()
        for exists in False, True:
            with self.subTest(exists=exists):
                self.target.unlink(missing_ok=True)
                self.target.symlink_to("there/file")
                self.assert_received(self.target, *(["--force"] if exists else []))
                self.assertTrue(self.target.is_symlink())
                self.assertEqual((there / "file").read_bytes(), CONTENT)
                self.assertEqual(os.listdir(there), ["file"])
        self.target.unlink()
        self.target.symlink_to("target")
        self.assert_one_line_failure(self.run_asock("receive", 0, self.target), "cannot create")

    def test_a_name_that_no_file_can_have(self):
        name = self.path("x" * 300)
        self.assert_one_line_failure(self.run_asock("receive", 0, name), f"cannot create '{name}'")
        self.assert_directory_holds()

    @unittest.skipIf(Configuration.on_wine(), "what is mounted is this system's")
    @unittest.skipUnless(os.geteuid() == 0, "needs root, to mount")
    def test_a_file_that_is_mounted_is_refused_before_anybody_sends(self):
        other = pathlib.Path(self.path("other"))
        for each in self.target, other:
            each.touch()
        mounted = subprocess.run(["mount", "--bind", other, self.target], capture_output=True, check=False)
        if mounted.returncode != 0:
            self.skipTest("this root may not mount: " + mounted.stderr.decode().strip())
        self.addCleanup(subprocess.run, ["umount", self.target], check=True)
        result = self.run_asock("receive", 0, self.target, "--force")
        self.assert_one_line_failure(result, "cannot create", "busy")
        self.assert_directory_holds("other", "target")
