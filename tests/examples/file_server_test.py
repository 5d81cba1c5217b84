# SPDX-License-Identifier: MIT
"""file_server_test.py COMMAND...: runs the file server and fetches what it serves."""

import os
import pathlib
import random
import socket
import tempfile
import threading

import program

SIZE = 30_000_000


class FileServer(program.Server):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.file = pathlib.Path(directory.name) / "served"
        self.data = random.Random(1).randbytes(SIZE)
        self.file.write_bytes(self.data)
        # Relative: a path of this machine is none where the program runs in another one's clothes.
        before = os.getcwd()
        os.chdir(directory.name)
        self.addCleanup(os.chdir, before)
        self.start("file", "served")

    def fetch(self):
        connection = self.connect()
        received = bytearray()
        while chunk := connection.recv(1 << 20):
            received += chunk
        return bytes(received)

    def test_every_byte_arrives(self):
        self.assertEqual(self.fetch(), self.data)

    def test_several_at_a_time(self):
        received = [None] * 4

        def fetch(index):
            received[index] = self.fetch()

        threads = [threading.Thread(target=fetch, args=(index,)) for index in range(len(received))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(program.SECONDS)
        self.assertTrue(all(each == self.data for each in received))

    def memory(self):
        """The resident memory of the program in bytes; 0 where nobody tells."""
        status = pathlib.Path(f"/proc/{self.program.pid}/status")
        for line in status.read_text(encoding="ascii").splitlines() if status.exists() else ():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        return 0

    def test_clients_that_receive_nothing_hold_little_memory_and_nobody_up(self):
        self.fetch()
        before = self.memory()
        waiting = [self.connect() for _ in range(50)]
        for connection in waiting:
            connection.recv(1, socket.MSG_PEEK)
        self.assertEqual(self.fetch(), self.data)
        # Far less than the 50 files; a thread pool may have made threads, which count, too.
        self.assertLess(self.memory() - before, 50 * 65536 + 100_000_000)
        for connection in waiting:
            connection.close()

    def test_a_file_that_is_gone_is_a_reset(self):
        self.file.unlink()
        with self.assertRaises(OSError):
            self.fetch()


program.main()
