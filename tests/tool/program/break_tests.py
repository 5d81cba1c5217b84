# SPDX-License-Identifier: MIT
"""Connections through the relay that break, and those that only seem to."""

import socket
import threading
import time
import unittest

import peers
from asock_program import LIMIT_SECONDS, Configuration
from relay_program import MEBIBYTE, RelayTest


class Breaks(RelayTest):
    @unittest.skipIf(Configuration.on_wine(), "Wine takes a reset for the end of the stream")
    def test_a_reset_is_passed_on(self):
        relay, port = self.start_relay()
        for swapped in False, True:
            with self.subTest(target_resets=swapped):
                first, second = self.connect_through(port)[:: -1 if swapped else 1]
                self.assert_passes(first, second)
                peers.reset(first)
                self.assert_reset(second)
        with self.subTest("after the end of the other stream"):
            client, target = self.connect_through(port)
            target.shutdown(socket.SHUT_WR)
            self.assertEqual(client.recv(1), b"")
            peers.reset(client)
            self.assert_reset(target)
        relay.press_ctrl_c()
        self.assert_ends_well(relay, "relayed 3 connections, 5 B to the target, 5 B back, 3 errors")

    def test_a_target_that_is_down_and_comes_up(self):
        with socket.socket() as target:
            target.bind(("127.0.0.1", 0))
            target_port = target.getsockname()[1]
            relay, port = self.start_relay(to=f"127.0.0.1:{target_port}")
            for _ in range(3):
                self.assert_turned_away(port)
            self.assertEqual(
                relay.next_line_on_stderr(), f"asock: cannot connect to 127.0.0.1:{target_port}: connection refused"
            )
            target.listen()
            target.settimeout(LIMIT_SECONDS)
            with self.connect_client(port) as client, target.accept()[0] as accepted:
                self.assert_passes(client, accepted)
        relay.press_ctrl_c()
        err = self.assert_ends_well(relay, "relayed 4 connections, 5 B to the target, 0 B back, 3 errors")
        self.assertEqual(err.count("cannot connect"), 1, err)

    @unittest.skipIf(Configuration.on_wine(), "its sockets connect as this system's do; once is enough")
    def test_a_target_that_does_not_answer(self):
        with socket.socket() as target:
            target.bind(("127.0.0.1", 0))
            self.fill_backlog(target)
            relay, port = self.start_relay("--connect-timeout", 0.5, to=f"127.0.0.1:{target.getsockname()[1]}")
            self.assert_turned_away(port)
            self.assertIn("timed out", relay.next_line_on_stderr())

    def test_what_does_not_move_is_closed(self):
        limit = 5
        relay, port = self.start_relay("--idle-timeout", limit)
        client, target = self.connect_through(port)
        # One way is idle for longer than that; the connection is not.
        began = time.monotonic()
        while time.monotonic() < began + limit + 1:
            self.assert_passes(client, target)
        last_time = time.monotonic()
        self.assert_passes(target, client)
        self.assert_reset(client)
        self.assert_reset(target)
        self.assertGreaterEqual(time.monotonic() - last_time, limit)
        relay.press_ctrl_c()
        code, out, err = relay.finish()
        self.assertEqual(code, 0, err)
        self.assertRegex(out, "back, 0 errors, 1 closed when idle\n$")

    @unittest.skipIf(Configuration.on_wine(), "Wine does not tell what the other side has taken")
    def test_what_moves_slowly_does_move(self):
        limit = 1
        relay, port = self.start_relay("--idle-timeout", limit)
        reader = socket.socket()
        self.addCleanup(reader.close)
        reader.settimeout(LIMIT_SECONDS)
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)  # so that it takes little at a time
        reader.connect(("127.0.0.1", port))
        writer = self.accept()
        flood = threading.Thread(target=self.write_while_taken, args=(writer,))
        flood.start()
        began = time.monotonic()
        while time.monotonic() < began + 5 * limit:
            # Little by little: until there is room for the next piece of the relay, it takes longer than the limit.
            self.assertNotEqual(reader.recv(2048), b"")
            time.sleep(0.02)
        peers.reset(reader)
        flood.join()
        relay.press_ctrl_c()
        code, out, err = relay.finish()
        self.assertEqual(code, 0, err)
        self.assertNotIn("idle", out)

    @unittest.skipIf(Configuration.on_wine(), "Wine does not tell what the other side has taken")
    def test_what_nobody_takes_does_not_move(self):
        relay, port = self.start_relay("--idle-timeout", 1)
        _, writer = self.connect_through(port)
        self.write_while_taken(writer)
        relay.press_ctrl_c()
        code, out, err = relay.finish()
        self.assertEqual(code, 0, err)
        self.assertRegex(out, "back, 0 errors, 1 closed when idle\n$")

    @staticmethod
    def write_while_taken(writer):
        try:
            while True:
                writer.sendall(bytes(MEBIBYTE))
        except OSError:
            pass

    @unittest.skipIf(Configuration.on_wine(), "what is looked at is this system's")
    def test_a_peer_that_vanishes_is_found_out(self):
        _, port = self.start_relay()
        client, target = self.connect_through(port)
        self.assert_passes(client, target)
        keep_alive_timer = "02"
        deadline = time.monotonic() + LIMIT_SECONDS
        while True:
            with open("/proc/net/tcp", encoding="ascii") as table:
                rows = [line.split() for line in table.readlines()[1:]]
            if self.timers_of(rows, client, target) == [keep_alive_timer] * 2:
                return
            self.assertLess(time.monotonic(), deadline, "no timer of keep-alive")
            time.sleep(0.01)

    @staticmethod
    def timers_of(rows, client, target):
        """Of the relay's ends of the two connections."""
        ends = {(each.getpeername()[1], each.getsockname()[1]) for each in (client, target)}
        return [row[5][:2] for row in rows if (int(row[1][-4:], 16), int(row[2][-4:], 16)) in ends]
