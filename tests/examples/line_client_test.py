# SPDX-License-Identifier: MIT
"""line_client_test.py COMMAND...: runs the client against servers of the test's own."""

import socket
import subprocess
import sys
import threading
import unittest

COMMAND = sys.argv[1:]
SECONDS = 60


def run(address, seconds, text):
    return subprocess.run(
        [*COMMAND, address, seconds], input=text, capture_output=True, text=True, timeout=SECONDS, check=False
    )


class LineClient(unittest.TestCase):
    def setUp(self):
        self.server = socket.create_server(("127.0.0.1", 0))
        self.server.settimeout(SECONDS)
        self.addCleanup(self.server.close)
        self.address = "127.0.0.1:%d" % self.server.getsockname()[1]

    def serve(self, answer):
        """Serves one connection on a thread: `answer(file)`."""

        def body():
            connection, _ = self.server.accept()
            with connection, connection.makefile("rwb") as file:
                answer(file)

        thread = threading.Thread(target=body)
        thread.start()
        self.addCleanup(thread.join, SECONDS)

    def test_prints_what_is_answered(self):
        def upper(file):
            for line in file:
                file.write(line.upper())
                file.flush()

        self.serve(upper)
        result = run(self.address, "50", "one\ntwo\n\nfour\n")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertEqual(result.stdout, "ONE\nTWO\n\nFOUR\n")

    def test_gives_up_when_no_answer_comes_in_time(self):
        self.serve(lambda file: file.read())
        result = run(self.address, "0.2", "anybody\n")
        self.assertEqual(result.returncode, 2)
        self.assertIn("no answer in time", result.stderr)

    def test_tells_that_the_server_has_gone(self):
        self.serve(lambda file: file.readline())
        result = run(self.address, "50", "one\n")
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stderr, "end of stream|connection reset")

    def test_tells_that_nobody_listens(self):
        # Its port belongs to somebody who does not listen.
        with socket.socket() as holder:
            holder.bind(("127.0.0.1", 0))
            result = run("127.0.0.1:%d" % holder.getsockname()[1], "50", "one\n")
        self.assertEqual(result.returncode, 1)
        self.assertIn("connection refused", result.stderr)

    def test_tells_how_it_is_used(self):
        for arguments in ([], [self.address], [self.address, "0"], ["nowhere", "1"]):
            result = subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=SECONDS, check=False)
            self.assertEqual(result.returncode, 64)
            self.assertIn("usage", result.stderr)


unittest.main(argv=sys.argv[:1])
