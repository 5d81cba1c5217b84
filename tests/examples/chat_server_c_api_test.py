# SPDX-License-Identifier: MIT
"""chat_server_c_api_test.py COMMAND...: runs the chat server on the C API, talks, and ends it while clients are there."""

import socket
import struct
import subprocess

import program


class Chat(program.Server):
    def setUp(self):
        self.start("chat", stdin=subprocess.PIPE)
        self.addCleanup(self.program.stdin.close)

    def enter(self, others):
        """A client that is heard by the others, who therefore are all known to the server."""
        client = self.connect()
        for other in others:
            self.assertEqual(self.exchange(client, other, b"enters"), b"enters")
        return client

    def exchange(self, speaker, listener, text):
        # The server knows the speaker when it hears it, and the listener since that one entered.
        speaker.sendall(text)
        heard = b""
        while len(heard) < len(text):
            piece = listener.recv(len(text) - len(heard))
            self.assertNotEqual(piece, b"", "the server has ended the connection")
            heard += piece
        return heard

    def test_many_talk_at_a_time_and_some_leave(self):
        first = self.connect()
        second = self.connect()
        # Whoever was there before is heard by the newcomer as soon as it is in.
        second.settimeout(0.1)
        while True:
            first.sendall(b".")
            try:
                if second.recv(1000):
                    break
            except TimeoutError:
                pass
        second.settimeout(program.SECONDS)
        third = self.enter([first])
        # A client that resets, while sends to it are outstanding.
        rude = self.enter([first])
        first.sendall(b"#" * 200)
        rude.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        rude.close()
        third.sendall(b"still here!")
        heard = b""
        while not heard.endswith(b"still here!"):
            piece = first.recv(1000)
            self.assertNotEqual(piece, b"")
            heard += piece

    def test_the_end_of_its_input_closes_all(self):
        clients = [self.connect() for _ in range(5)]
        clients[0].settimeout(0.1)
        while True:
            clients[-1].sendall(b".")
            try:
                if clients[0].recv(1000):
                    break
            except TimeoutError:
                pass
        self.program.stdin.close()
        self.assertEqual(self.program.wait(program.SECONDS), 0)


program.main()
