# SPDX-License-Identifier: MIT
"""custom_transport_test.py COMMAND...: talks to the server with the bits flipped."""

import random
import socket
import threading

import program

KEY = 0x5A


def flipped(data):
    return data.translate(bytes(byte ^ KEY for byte in range(256)))


class CustomTransport(program.Server):
    def setUp(self):
        self.start("flipped")

    def exchange(self, data):
        """What is answered to `data`; a receiver of its own, because the server answers while it is asked."""
        connection = self.connect()
        received = bytearray()

        def receive():
            while chunk := connection.recv(1 << 16):
                received.extend(chunk)

        receiver = threading.Thread(target=receive)
        receiver.start()
        connection.sendall(flipped(data))
        connection.shutdown(socket.SHUT_WR)
        receiver.join(program.SECONDS)
        self.assertFalse(receiver.is_alive())
        return flipped(bytes(received))

    def test_both_directions_are_flipped(self):
        # In upper case only if the server has seen the letters, not the flipped bits.
        self.assertEqual(self.exchange(b"hello, World 1\n"), b"HELLO, WORLD 1\n")

    def test_a_lot(self):
        data = bytes(random.Random(1).choices(b"abcdefghijklmnopqrstuvwxyz \n", k=2_000_000))
        self.assertEqual(self.exchange(data), data.upper())

    def test_a_connection_that_is_reset_ends_alone(self):
        connection = self.connect()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        connection.sendall(flipped(b"lost"))
        connection.close()
        self.assertEqual(self.exchange(b"found"), b"FOUND")


program.main()
