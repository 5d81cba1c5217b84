# SPDX-License-Identifier: MIT
"""Streams through the relay that are cut: what had arrived before goes on, and nobody takes it for a whole one."""

import os
import select
import threading
import unittest

import peers
from asock_program import LIMIT_SECONDS, Configuration
from relay_program import MEBIBYTE, RelayTest


@unittest.skipIf(Configuration.on_wine(), "Wine takes a reset for the end of the stream")
class Cuts(RelayTest):
    def receive_until_cut(self, connection):
        """All that comes. Fails where the stream has an end in order."""
        data = bytearray()
        try:
            while piece := connection.recv(MEBIBYTE):
                data += piece
        except ConnectionError:
            pass
        self.assertTrue(peers.was_reset(connection), "it was told that the stream has ended in order")
        return bytes(data)

    def test_what_was_said_before_a_reset_is_heard_first(self):
        _, port = self.start_relay()
        # More than a receiver's system takes before somebody reads, so that some of it waits in the relay's.
        said = os.urandom(MEBIBYTE)
        for swapped in False, True:
            with self.subTest(target_resets=swapped):
                first, second = self.connect_through(port)[:: -1 if swapped else 1]
                first.sendall(said)
                peers.wait_until_taken(first)
                peers.reset(first)
                self.assertEqual(self.receive_until_cut(second), said)

    def test_an_answer_that_came_before_the_request_was_refused(self):
        relay, port = self.start_relay()
        answer = os.urandom(MEBIBYTE // 4)
        rounds = 10
        for _ in range(rounds):
            client, target = self.connect_through(port)
            uploader = threading.Thread(target=self.upload_while_taken, args=(client,))
            uploader.start()
            target.sendall(answer)
            peers.wait_until_taken(target)
            self.wait_until_there_is_something(target)
            target.close()
            self.assertEqual(self.receive_until_cut(client), answer)
            client.close()
            uploader.join()
        relay.press_ctrl_c()
        code, out, err = relay.finish()
        self.assertEqual(code, 0, err)
        self.assertIn(f"{rounds} errors", out)

    @staticmethod
    def upload_while_taken(client):
        try:
            while True:
                client.sendall(bytes(65536))
        except OSError:
            pass

    def test_a_client_that_reads_only_when_it_has_sent_all(self):
        _, port = self.start_relay()
        client, target = self.connect_through(port)
        client.sendall(b"x")
        self.wait_until_there_is_something(target)
        answer = os.urandom(MEBIBYTE)
        target.sendall(answer)
        peers.wait_until_taken(target)
        target.close()
        # More than all buffers on the way hold: without anybody to take it, the client would not come to the answer.
        for _ in range(64):
            client.sendall(bytes(MEBIBYTE))
        self.assertEqual(self.receive_until_cut(client), answer)

    @staticmethod
    def wait_until_there_is_something(connection):
        """So that a close is a reset."""
        if not select.select([connection], [], [], LIMIT_SECONDS)[0]:
            raise AssertionError("nothing comes")
