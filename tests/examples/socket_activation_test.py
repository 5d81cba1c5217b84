# SPDX-License-Identifier: MIT
"""socket_activation_test.py COMMAND...: starts the program as systemd does, with a socket that listens already."""

import select
import socket
import subprocess
import sys

import program

# Becomes the program: its descriptor 3 is the socket, and LISTEN_PID its own number.
START = """
import os, sys
os.dup2(int(sys.argv[1]), 3, inheritable=True)
os.environ["LISTEN_PID"] = str(os.getpid()) if sys.argv[2] == "ours" else "1"
os.environ["LISTEN_FDS"] = "1"
os.execvp(sys.argv[3], sys.argv[3:])
"""


class SocketActivation(program.Server):
    def setUp(self):
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(self.listening.close)

    def start_with_socket(self, seconds, whose="ours"):
        descriptor = self.listening.fileno()
        command = program.COMMAND
        program.COMMAND = [sys.executable, "-c", START, str(descriptor), whose, *command]
        try:
            self.start("activated", seconds, pass_fds=[descriptor], stdin=subprocess.DEVNULL)
        finally:
            program.COMMAND = command

    def connect_to_socket(self):
        connection = socket.create_connection(self.listening.getsockname(), program.SECONDS)
        self.addCleanup(connection.close)
        return connection

    def exchange(self, connection):
        connection.sendall(b"hello")
        self.assertEqual(connection.recv(5, socket.MSG_WAITALL), b"hello")

    def test_serves_who_made_the_manager_start_it(self):
        early = self.connect_to_socket()
        early.sendall(b"early")
        self.start_with_socket("60")
        self.assertEqual(self.address, self.listening.getsockname())
        self.assertEqual(early.recv(5, socket.MSG_WAITALL), b"early")
        self.exchange(self.connect_to_socket())

    def test_ends_when_it_is_idle_and_leaves_the_socket_to_the_manager(self):
        self.start_with_socket("0.2")
        first = self.connect_to_socket()
        self.exchange(first)
        first.close()
        self.assertEqual(self.program.wait(program.SECONDS), 0)
        # The socket listens on, and who comes now makes the manager start the program again.
        late = self.connect_to_socket()
        late.sendall(b"late")
        readable, _, _ = select.select([self.listening], [], [], program.SECONDS)
        self.assertEqual(readable, [self.listening])
        self.start_with_socket("60")
        self.assertEqual(late.recv(4, socket.MSG_WAITALL), b"late")

    def test_takes_no_socket_that_is_not_for_it(self):
        self.start_with_socket("60", whose="another's")
        self.assertNotEqual(self.address, self.listening.getsockname())
        self.exchange(self.connect())

    def test_listens_by_itself_when_it_is_started_by_hand(self):
        self.start("activated", "60")
        self.exchange(self.connect())

    def test_tells_how_it_is_used(self):
        for arguments in (["0"], ["1", "2"]):
            result = subprocess.run(
                [*program.COMMAND, *arguments], capture_output=True, text=True, timeout=program.SECONDS, check=False
            )
            self.assertEqual(result.returncode, 64)
            self.assertIn("usage", result.stderr)


program.main()
