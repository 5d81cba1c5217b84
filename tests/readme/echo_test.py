# SPDX-License-Identifier: MIT
"""echo_test.py PROJECT COMMAND...: the README's program, as text, and it or one like it as the COMMAND that runs it."""

import pathlib
import random
import re
import socket
import subprocess
import sys
import threading
import unittest

PROJECT = pathlib.Path(sys.argv[1])
COMMAND = sys.argv[2:]
SECONDS = 60


class Readme(unittest.TestCase):
    def test_it_shows_the_example_word_for_word(self):
        readme = (PROJECT / "README.md").read_text(encoding="utf-8")
        shown = re.search(r"^```cpp\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL)
        self.assertIsNotNone(shown, "the README has no block of C++")
        licence, _, example = (PROJECT / "examples" / "echo.cpp").read_text(encoding="utf-8").partition("\n")
        self.assertEqual(licence, "// SPDX-License-Identifier: MIT")
        self.assertEqual(shown[1], example)
        self.assertLess(shown[1].count("\n"), 25)


class Echo(unittest.TestCase):
    def setUp(self):
        self.program = subprocess.Popen(COMMAND, stderr=subprocess.PIPE, text=True)
        self.addCleanup(self.program.stderr.close)
        self.addCleanup(self.program.wait, SECONDS)
        self.addCleanup(self.program.kill)
        # Ends the wait for the first line, should the program hang before it prints one.
        limit = threading.Timer(SECONDS, self.program.kill)
        limit.start()
        line = self.program.stderr.readline()
        limit.cancel()
        address = re.fullmatch(r"echo on (127\.0\.0\.1):([1-9]\d*)\s*", line)
        self.assertIsNotNone(address, f"the program printed {line!r}")
        self.address = (address[1], int(address[2]))

    def exchange(self, data):
        """What comes back for `data` until the program ends the connection."""
        received = bytearray()
        with socket.create_connection(self.address, SECONDS) as connection:

            def send():
                connection.sendall(data)
                connection.shutdown(socket.SHUT_WR)

            sender = threading.Thread(target=send)
            sender.start()
            while chunk := connection.recv(65536):
                received += chunk
            sender.join(SECONDS)
        return bytes(received)

    def test_every_byte_comes_back(self):
        data = random.Random(1).randbytes(3_000_000)
        self.assertEqual(self.exchange(data), data)

    def test_several_connections_at_a_time(self):
        data = [random.Random(seed).randbytes(200_000) for seed in range(8)]
        received = [None] * len(data)

        def exchange(index):
            received[index] = self.exchange(data[index])

        threads = [threading.Thread(target=exchange, args=(index,)) for index in range(len(data))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(SECONDS)
        self.assertEqual(received, data)

    def test_a_connection_that_is_reset_ends_alone(self):
        with socket.create_connection(self.address, SECONDS) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            connection.sendall(b"lost")
        self.assertEqual(self.exchange(b"found"), b"found")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
