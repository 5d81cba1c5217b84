# SPDX-License-Identifier: MIT
"""The other end of a connection, played by the test: asock's own protocol, written down a second time, and peers
that do something else."""

import fcntl
import hashlib
import socket
import struct
import termios
import threading
import time

from asock_program import LIMIT_SECONDS

HELLO = b"ASOCKRCV" + struct.pack(">I", 1)
REPLY_SIZE = 52
TCP_CLOSE = 7  # as Linux counts the states of a connection
STATUS_OK, STATUS_WRITE_FAILED, STATUS_DISK_FULL, STATUS_DAMAGED = range(4)


def header(length):
    return b"ASOCKSND" + struct.pack(">IQ", 1, length)


def block(data):
    return struct.pack(">I", len(data)) + data


def end(data):
    return struct.pack(">IQ", 0, len(data)) + hashlib.sha256(data).digest()


def connect(port, address="127.0.0.1"):
    connection = socket.create_connection((address, port), LIMIT_SECONDS)
    connection.settimeout(LIMIT_SECONDS)
    return connection


def receive_exactly(connection, size):
    data = bytearray()
    while len(data) < size:
        piece = connection.recv(size - len(data))
        if not piece:
            raise EOFError(f"the stream ended after {len(data)} of {size} bytes")
        data += piece
    return bytes(data)


def reset(connection):
    """Ends the connection as a machine that has lost its memory does: with RST instead of FIN."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def wait_until_taken(connection):
    """Until the system of the other side has all that was sent."""
    deadline = time.monotonic() + LIMIT_SECONDS
    while struct.unpack("i", fcntl.ioctl(connection, termios.TIOCOUTQ, bytes(4)))[0] != 0:
        if time.monotonic() > deadline:
            raise AssertionError("it does not take what was sent")
        time.sleep(0.001)


def was_reset(connection):
    """What the system thinks of a connection that has ended, whichever call was told first."""
    return connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 8)[0] == TCP_CLOSE


def port_that_refuses(test):
    """A port that belongs to somebody who does not listen."""
    holder = socket.socket()
    test.addCleanup(holder.close)
    holder.bind(("127.0.0.1", 0))
    return holder.getsockname()[1]


class Server:
    """Accepts connections and hands each to `serve`, on a thread each, until the test ends."""

    def __init__(self, test, serve):
        self._serve = serve
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()
        test.addCleanup(self._stop)

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            connection.settimeout(LIMIT_SECONDS)
            thread = threading.Thread(target=self._run, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _run(self, connection):
        with connection:
            try:
                self._serve(connection)
            except OSError:
                pass  # the program under test has gone, which its exit status tells

    def _stop(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join()


def read_until_end(connection):
    while connection.recv(1 << 16):
        pass


def fill_backlog(test, listener):
    """With connections that nobody accepts: the system takes one or two, and lets no further ones in."""
    listener.listen(0)
    for _ in range(4):
        filler = socket.socket()
        test.addCleanup(filler.close)
        filler.setblocking(False)
        filler.connect_ex(listener.getsockname())


def free_port():
    """One that nobody has at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as holder:
        return holder.getsockname()[1]


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
        return True
    except OSError:
        return False
