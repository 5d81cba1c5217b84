# SPDX-License-Identifier: MIT
"""The relay, with the test on both sides of it."""

import socket
import threading

import peers
from asock_program import LIMIT_SECONDS, AsockTest, Configuration

MEBIBYTE = 1 << 20

DESCRIPTORS_ARE_BOUNDED = not Configuration.on_wine() and not Configuration.sanitized


class RelayTest(AsockTest):
    """The test itself is the target."""

    def setUp(self):
        super().setUp()
        self.target = socket.create_server(("127.0.0.1", 0), backlog=1000)
        self.addCleanup(self.target.close)
        self.target.settimeout(LIMIT_SECONDS)
        self.target_port = self.target.getsockname()[1]

    def start_relay(self, *options, to=None, listen="127.0.0.1:0", **how):
        to = to or f"127.0.0.1:{self.target_port}"
        relay = self.start("relay", "--listen", listen, "--to", to, *options, **how)
        return relay, relay.listening_port()

    def accept(self):
        connection, _ = self.target.accept()
        self.addCleanup(connection.close)
        connection.settimeout(LIMIT_SECONDS)
        return connection

    def connect_client(self, port):
        client = peers.connect(port)
        self.addCleanup(client.close)
        return client

    def connect_through(self, port):
        """Both ends of one connection through the relay."""
        client = self.connect_client(port)
        return client, self.accept()

    def fill_backlog(self, listener):
        peers.fill_backlog(self, listener)

    def assert_passes(self, one, other, data=b"hello"):
        one.sendall(data)
        self.assertEqual(peers.receive_exactly(other, len(data)), data)

    def assert_reset(self, connection):
        with self.assertRaises(ConnectionResetError):
            connection.recv(1)

    def assert_turned_away(self, port):
        """A reset may be there before the client knows that it is connected."""
        with self.assertRaises(ConnectionResetError):
            self.connect_client(port).recv(1)

    def assert_ends_well(self, relay, summary):
        # Now and then a Ctrl-C leads to nothing under Wine 8. Had the first one arrived, a second one would end the relay
        # at once, with a status that is not 0.
        again = threading.Timer(20, relay.press_ctrl_c)
        if Configuration.on_wine():
            again.start()
        code, out, err = relay.finish()
        again.cancel()
        self.assertEqual(code, 0, err)
        self.assertEqual(out, summary + "\n")
        return err
