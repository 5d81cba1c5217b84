# SPDX-License-Identifier: MIT
"""A program under test that is a server on 127.0.0.1 and prints where."""

import re
import socket
import subprocess
import sys
import threading
import unittest

COMMAND = sys.argv[1:]
SECONDS = 60


class Server(unittest.TestCase):
    def start(self, name, *arguments, **streams):
        self.program = subprocess.Popen([*COMMAND, *arguments], stderr=subprocess.PIPE, text=True, **streams)
        self.addCleanup(self.program.stderr.close)
        self.addCleanup(self.program.wait, SECONDS)
        self.addCleanup(self.program.kill)
        # Ends the wait for the first line, should the program hang before it prints one.
        limit = threading.Timer(SECONDS, self.program.kill)
        limit.start()
        line = self.program.stderr.readline()
        limit.cancel()
        address = re.fullmatch(name + r" on (127\.0\.0\.1):([1-9]\d*)\s*", line)
        self.assertIsNotNone(address, f"the program printed {line!r}")
        self.address = (address[1], int(address[2]))

    def connect(self):
        connection = socket.create_connection(self.address, SECONDS)
        self.addCleanup(connection.close)
        return connection


def main():
    unittest.main(module="__main__", argv=sys.argv[:1])
