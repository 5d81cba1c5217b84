# SPDX-License-Identifier: MIT
"""Names that are slow, or have an address that does not answer. In file systems and networks of their own."""

import os
import pathlib
import signal
import socket
import subprocess
import time
import unittest

import peers
from asock_program import LIMIT_SECONDS, AsockTest, Configuration

NAME = "name.example"


def may_unshare():
    return subprocess.run(["unshare", "-mn", "true"], capture_output=True, check=False).returncode == 0


@unittest.skipIf(Configuration.on_wine(), "what is set up is this system's")
@unittest.skipUnless(os.geteuid() == 0 and may_unshare(), "needs root, to set up a network")
class Names(AsockTest):
    def setUp(self):
        super().setUp()
        self.source = pathlib.Path(self.path("source"))
        self.source.write_bytes(b"hello")

    def start_within(self, unshared, script, *arguments):
        """Runs the script in namespaces of its own, and then the program in them."""
        program = subprocess.Popen(
            ["unshare", unshared, "sh", "-ec", f'{script}\nexec "$@"', "sh", *Configuration.command, *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.addCleanup(program.communicate)
        self.addCleanup(program.kill)
        return program

    @staticmethod
    def wait_until_it_asks(program):
        deadline = time.monotonic() + LIMIT_SECONDS
        while "010200C0:0035" not in pathlib.Path(f"/proc/{program.pid}/net/udp").read_text(encoding="ascii"):
            if time.monotonic() > deadline or program.poll() is not None:
                raise AssertionError(f"it does not ask for the name: {program.stderr.read()}")
            time.sleep(0.01)

    def test_nobody_has_to_wait_for_a_server_of_names_that_does_not_answer(self):
        resolver = self.path("resolv.conf")
        pathlib.Path(resolver).write_text("nameserver 192.0.2.1\noptions timeout:30 attempts:5\n", encoding="ascii")
        script = f"ip link set lo up; ip route add 192.0.2.0/24 dev lo; mount --bind {resolver} /etc/resolv.conf"
        for arguments in (
            ["send", self.source, f"{NAME}:1"],
            ["bench", f"{NAME}:1"],
            ["relay", "--listen", "127.0.0.1:0", "--to", f"{NAME}:1"],
            ["receive", "--address", NAME, 0, self.path("target")],
        ):
            with self.subTest(command=arguments[0]):
                program = self.start_within("-mn", script, *arguments)
                self.wait_until_it_asks(program)
                program.send_signal(signal.SIGINT)
                self.assertEqual(program.wait(LIMIT_SECONDS), 130)
                self.assertEqual(program.stderr.read(), "asock: interrupted\n")
        self.assert_directory_holds("resolv.conf", "source")

    def test_the_first_address_does_not_use_up_the_time_of_the_second(self):
        hosts = self.path("hosts")
        pathlib.Path(hosts).write_text(f"127.0.0.1 {NAME}\n127.0.0.2 {NAME}\n", encoding="ascii")
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            peers.fill_backlog(self, silent)
            port = silent.getsockname()[1]
            receiver = self.start("receive", "--address", "127.0.0.2", port, self.path("target"))
            receiver.listening_port()
            sender = self.start_within("-m", f"mount --bind {hosts} /etc/hosts", "send", self.source, f"{NAME}:{port}")
            self.assertEqual(sender.wait(LIMIT_SECONDS), 0, sender.stderr.read())
            self.assertEqual(receiver.finish()[0], 0)
