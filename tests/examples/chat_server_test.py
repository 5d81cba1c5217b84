# SPDX-License-Identifier: MIT
"""chat_server_test.py COMMAND...: runs the chat server and talks."""

import socket

import program


class Client:
    def __init__(self, connection):
        self.connection = connection
        self.file = connection.makefile("rwb")

    def say(self, text):
        self.file.write(text)
        self.file.flush()

    def hears_something(self, seconds):
        self.connection.settimeout(seconds)
        try:
            return self.connection.recv(1, socket.MSG_PEEK) != b""
        except TimeoutError:
            return False
        finally:
            self.connection.settimeout(program.SECONDS)


class Chat(program.Server):
    def setUp(self):
        self.start("chat")

    def enter(self, others=()):
        """A client that the server knows; the others, if any, have been heard by it."""
        client = Client(self.connect())
        self.addCleanup(client.file.close)
        for other in others:
            # Who was there before is heard by the newcomer as soon as it is in.
            while True:
                other.say(b"anybody\n")
                if client.hears_something(0.1):
                    break
        return client

    def hear(self, client, text):
        """Reads lines up to this one; those that were said while somebody entered are passed over."""
        while True:
            line = client.file.readline()
            self.assertNotEqual(line, b"", "the server has ended the connection")
            if line != b"anybody\n":
                self.assertEqual(line, text)
                return

    def test_a_line_goes_to_all_others(self):
        first = self.enter()
        second = self.enter([first])
        third = self.enter([first, second])
        first.say(b"hello\n")
        self.hear(second, b"hello\n")
        self.hear(third, b"hello\n")
        third.say(b"in two ")
        third.say(b"pieces\nand two lines\n")
        for client in (first, second):
            self.hear(client, b"in two pieces\n")
            self.hear(client, b"and two lines\n")

    def test_who_leaves_or_is_too_long_is_gone_and_the_others_go_on(self):
        first = self.enter()
        second = self.enter([first])
        leaver = self.enter([first])
        leaver.connection.shutdown(socket.SHUT_RDWR)
        shouter = self.enter([first])
        shouter.say(b"x" * 5000 + b"\n")
        while shouter.connection.recv(1000):
            pass
        second.say(b"still here\n")
        self.hear(first, b"still here\n")

    def test_many_clients(self):
        speaker = self.enter()
        listeners = [self.enter([speaker]) for _ in range(20)]
        for number in range(50):
            speaker.say(b"%d\n" % number)
        for client in listeners:
            for number in range(50):
                self.hear(client, b"%d\n" % number)


program.main()
