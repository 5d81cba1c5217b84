# SPDX-License-Identifier: MIT
"""graceful_stop_test.py COMMAND...: stops the server while clients are in several states."""

import socket
import subprocess
import threading
import time

import program

# More than the buffers of both ends of a connection hold, in lines that each fit into the server's memory.
LINE = b"x" * 60000 + b"\n"
LINES = 500


class GracefulStop(program.Server):
    def start(self, limit):
        super().start("stop", limit, stdin=subprocess.PIPE)
        # Ends whatever waits for the program, should it hang.
        watchdog = threading.Timer(2 * program.SECONDS, self.program.kill)
        watchdog.start()
        self.addCleanup(watchdog.cancel)

    def ask(self, connection, text=b"hello\n"):
        connection.sendall(text)
        self.assertEqual(self.receive(connection, len(text)), text.upper())

    def receive(self, connection, size):
        received = bytearray()
        while len(received) < size:
            chunk = connection.recv(size - len(received))
            if not chunk:
                break
            received += chunk
        return bytes(received)

    def ask_without_receiving(self, connection):
        """Sends until nothing is taken any more: the server then is in the middle of an answer."""
        connection.settimeout(1)
        try:
            for _ in range(LINES):
                connection.sendall(LINE)
        except TimeoutError:
            return
        finally:
            connection.settimeout(program.SECONDS)
        self.fail("the connection takes more than the test has")

    def stop(self):
        self.program.stdin.close()

    def wait_until_nobody_is_let_in(self):
        end = time.monotonic() + program.SECONDS
        while time.monotonic() < end:
            try:
                socket.create_connection(self.address, program.SECONDS).close()
            except ConnectionError:
                return
        self.fail("the server still listens")

    def says(self, text):
        self.assertEqual(self.program.stderr.readline().strip(), text)
        self.assertEqual(self.program.wait(program.SECONDS), 0)

    def test_who_waits_is_seen_off_and_nobody_new_let_in(self):
        self.start("500")
        connections = [self.connect() for _ in range(3)]
        for connection in connections:
            self.ask(connection)
        self.stop()
        for connection in connections:
            self.assertEqual(connection.recv(1), b"")
        self.wait_until_nobody_is_let_in()
        for connection in connections:
            connection.close()
        self.says("stopped: all were answered")

    def test_an_answer_under_way_is_finished(self):
        self.start("500")
        connection = self.connect()
        self.ask(connection)
        self.ask_without_receiving(connection)
        self.stop()
        received = bytearray()
        while chunk := connection.recv(1 << 20):
            received += chunk
        self.assertEqual(len(received) % len(LINE), 0, "an answer was cut")
        self.assertEqual(bytes(received), LINE.upper() * (len(received) // len(LINE)))
        connection.close()
        self.says("stopped: all were answered")

    def test_who_does_not_receive_is_given_up(self):
        self.start("0.5")
        connection = self.connect()
        self.ask_without_receiving(connection)
        self.stop()
        self.says("stopped: some were given up")

    def test_tells_how_it_is_used(self):
        for arguments in ([], ["0"], ["1", "2"]):
            result = subprocess.run([*program.COMMAND, *arguments], capture_output=True, text=True, timeout=program.SECONDS, check=False)
            self.assertEqual(result.returncode, 64)
            self.assertIn("usage", result.stderr)


program.main()
