# SPDX-License-Identifier: MIT
"""The echo server and what measures it, with each other and with others."""

import json
import os
import re
import resource
import select
import socket
import threading
import time
import unittest

import peers
from asock_program import AsockTest, Configuration


class Echo(AsockTest):
    def start_echo(self, *options):
        echo = self.start("echo", "--port", 0, *options)
        return echo, echo.listening_port()

    def assert_echoes(self, connection, data):
        sender = threading.Thread(target=connection.sendall, args=(data,))
        sender.start()
        received = peers.receive_exactly(connection, len(data))
        sender.join()
        self.assertEqual(received, data)

    def test_it_listens_where_it_is_told_to(self):
        for arguments in ("--listen", "127.0.0.2:0"), ("--address", "127.0.0.2", "--port", 0):
            with self.subTest(arguments=arguments):
                echo = self.start("echo", *arguments)
                port = echo.listening_port()
                with socket.create_connection(("127.0.0.2", port)) as connection:
                    self.assert_echoes(connection, b"there")
                with self.assertRaises(ConnectionRefusedError):
                    socket.create_connection(("127.0.0.1", port))
                echo.press_ctrl_c()
                self.assertEqual(echo.finish()[0], 0)

    def test_every_connection_gets_its_own_bytes_back(self):
        _, port = self.start_echo("--threads", 3)
        connections = [peers.connect(port) for _ in range(30)]
        contents = [os.urandom(200_000) for _ in connections]
        failures = []

        def check(connection, data):
            try:
                with connection:
                    self.assert_echoes(connection, data)
            except Exception as problem:
                failures.append(problem)

        threads = [threading.Thread(target=check, args=pair) for pair in zip(connections, contents)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(failures, [])

    def test_a_peer_that_does_not_read_stops_nobody_else(self):
        _, port = self.start_echo()
        with peers.connect(port) as lazy, peers.connect(port) as busy:
            lazy.setblocking(False)
            piece = bytes(1 << 20)
            # Until nothing can be written for a while: the server has stopped receiving.
            while select.select([], [lazy], [], 1)[1]:
                lazy.send(piece)
            self.assert_echoes(busy, os.urandom(500_000))

    @unittest.skipIf(Configuration.on_wine(), "Wine's sockets are not bounded by the limit on descriptors")
    @unittest.skipIf(Configuration.sanitized, "a sanitizer needs descriptors of its own to look at memory")
    def test_the_limit_on_descriptors_is_raised(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_NOFILE, (40, 1000))

        echo = self.start("echo", "--port", 0, "--threads", 1, preexec_fn=limit)
        port = echo.listening_port()
        connections = [peers.connect(port) for _ in range(60)]
        # All at a time.
        for connection in connections:
            self.addCleanup(connection.close)
            self.assert_echoes(connection, b"my turn")
        echo.press_ctrl_c()

    @unittest.skipIf(Configuration.on_wine(), "Wine's sockets are not bounded by the limit on descriptors")
    @unittest.skipIf(Configuration.sanitized, "a sanitizer needs descriptors of its own to look at memory")
    def test_more_connections_than_descriptors_wait_their_turn(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40))

        echo = self.start("echo", "--port", 0, "--threads", 1, preexec_fn=limit)
        port = echo.listening_port()
        connections = [peers.connect(port) for _ in range(60)]  # the system takes them, the server takes some
        self.assertIn("too many connections are open", echo.next_line_on_stderr())
        for connection in connections:
            with connection:
                self.assert_echoes(connection, b"my turn")
        echo.press_ctrl_c()
        code, out, err = echo.finish()
        self.assertEqual(code, 0, err)
        self.assertEqual(out, "served 60 connections, echoed 420 B\n")

    @unittest.skipIf(Configuration.on_wine(), "what is measured is this system's")
    @unittest.skipIf(Configuration.sanitized, "a sanitizer needs memory and descriptors of its own")
    def test_connections_that_say_nothing_cost_little(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_NOFILE, (60, 1000))  # which it raises as far as it may

        echo = self.start("echo", "--port", 0, preexec_fn=limit)
        port = echo.listening_port()

        def connect_and_wait(count):
            for _ in range(count):
                connection = peers.connect(port)
                self.addCleanup(connection.close)
                self.assert_echoes(connection, b"accepted")

        connect_and_wait(100)
        before = self.resident_kib(echo)
        count = 400
        connect_and_wait(count)
        self.assertLess((self.resident_kib(echo) - before) / count, 32)

    @staticmethod
    def resident_kib(program):
        with open(f"/proc/{program.process.pid}/status", encoding="ascii") as status:
            return int(re.search(r"VmRSS:\s+(\d+) kB", status.read()).group(1))

    def test_peers_that_vanish_stop_nobody_else(self):
        echo, port = self.start_echo()
        for _ in range(10):
            connection = peers.connect(port)
            connection.sendall(bytes(100_000))
            peers.reset(connection)
        with peers.connect(port) as connection:
            self.assert_echoes(connection, b"still there")
        echo.press_ctrl_c()
        self.assertEqual(echo.finish()[0], 0)

    @unittest.skipUnless(peers.has_ipv6(), "this machine has no IPv6")
    def test_over_ipv6(self):
        echo, port = self.start_echo("--address", "::1")
        with peers.connect(port, "::1") as connection:
            self.assert_echoes(connection, b"hello")
        code, out, err = self.run_asock("bench", f"[::1]:{port}", "--seconds", 0.1)
        self.assertEqual((code, err), (0, ""))
        self.assertIn("all as they were sent", out)


class Bench(AsockTest):
    def bench(self, port, *options):
        return self.run_asock("bench", f"127.0.0.1:{port}", *options)

    def test_json_of_100_connections(self):
        port = self.start("echo", "--port", 0).listening_port()
        code, out, err = self.bench(port, "--connections", 100, "--seconds", 2, "--size", 4096, "--json")
        self.assertEqual((code, err), (0, ""))
        result = json.loads(out)
        self.assertEqual(result["server"], f"127.0.0.1:{port}")
        self.assertEqual((result["connections"], result["message_size"]), (100, 4096))
        self.assertGreaterEqual(result["messages"], 100)
        self.assertGreaterEqual(result["seconds"], 2)
        self.assertAlmostEqual(result["messages_per_second"], result["messages"] / result["seconds"], delta=1)
        self.assertEqual((result["rate"], result["unsent"]), (None, 0))
        latency = result["latency_us"]
        mean = latency.pop("mean")
        self.assertGreater(mean, 0)
        self.assertLessEqual(mean, latency["max"])
        self.assertGreater(latency["p50"], 0)
        self.assertEqual(sorted(latency.values()), list(latency.values()))
        self.assertLess(latency["max"], result["seconds"] * 1e6)

    def test_text_and_sizes_from_small_to_larger_than_every_buffer(self):
        port = self.start("echo", "--port", 0).listening_port()
        for size in "1", "7", "64KiB", "16MiB":
            with self.subTest(size=size):
                code, out, err = self.bench(port, "--size", size, "--seconds", 0.1, "--connections", 2)
                self.assertEqual((code, err), (0, ""))
                for word in "messages/s", "MiB/s", "mean", "p50", "p99", "p99.9", "max":
                    self.assertIn(word, out)

    def echo_with_a_stall(self, begin, length):
        """An echo server that stands still for a while, so long after its first message."""

        def serve(peer):
            stalled_at = None
            while data := peer.recv(1 << 16):
                stalled_at = stalled_at or time.monotonic() + begin
                if time.monotonic() >= stalled_at:
                    time.sleep(length)
                    stalled_at = float("inf")
                peer.sendall(data)

        return peers.Server(self, serve).port

    def test_a_rate_shows_a_server_that_stands_still(self):
        port = self.echo_with_a_stall(0.5, 1)
        code, out, err = self.bench(port, "--rate", 200, "--seconds", 2, "--json")
        self.assertEqual((code, err), (0, ""))
        result = json.loads(out)
        self.assertEqual(result["rate"], 200)
        self.assertEqual(result["messages"] + result["unsent"], 400)
        # Those that were due in the first tenth of that second have waited for nine tenths, and they are more than 1 %.
        self.assertGreater(result["latency_us"]["p99"], 900_000)
        self.assertGreater(result["latency_us"]["mean"], 100_000)

    def test_messages_that_could_not_be_sent_in_time_are_told(self):
        server = peers.Server(self, self.answer_slowly)
        code, out, err = self.bench(server.port, "--rate", 1000, "--seconds", 0.5, "--json")
        self.assertEqual((code, err), (0, ""))
        result = json.loads(out)
        self.assertEqual(result["messages"] + result["unsent"], 500)
        self.assertGreater(result["unsent"], 300)  # there is time for 50

    @staticmethod
    def answer_slowly(peer):
        while data := peer.recv(1 << 16):
            time.sleep(0.01)
            peer.sendall(data)

    def test_what_is_sent_to_warm_up_does_not_count(self):
        port = self.echo_with_a_stall(0, 0.5)
        code, out, err = self.bench(port, "--warm-up", 0.3, "--seconds", 0.7, "--rate", 100, "--json")
        self.assertEqual((code, err), (0, ""))
        result = json.loads(out)
        self.assertEqual(result["messages"] + result["unsent"], 70)
        self.assertGreaterEqual(result["seconds"], 0.7)

    def test_it_may_have_as_many_connections_as_there_are_descriptors(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_NOFILE, (60, 1000))

        if Configuration.on_wine() or Configuration.sanitized:
            self.skipTest("there is no limit on descriptors to rely on")
        port = self.start("echo", "--port", 0).listening_port()
        code, _, err = self.run_asock(
            "bench", f"127.0.0.1:{port}", "--connections", 100, "--seconds", 0.1, preexec_fn=limit
        )
        self.assertEqual((code, err), (0, ""))

    def test_refused_connection(self):
        port = peers.port_that_refuses(self)
        self.assert_one_line_failure(self.bench(port), f"cannot connect to 127.0.0.1:{port}")

    def test_server_that_alters_a_byte(self):
        def alter(peer):
            for message in range(1, 1000):
                data = bytearray(peers.receive_exactly(peer, 100))
                if message == 5:
                    data[99] ^= 1
                peer.sendall(data)

        server = peers.Server(self, lambda peer: self.ignoring_the_end(alter, peer))
        self.assert_one_line_failure(self.bench(server.port, "--size", 100), "something else than it was sent")

    def test_server_that_answers_with_the_message_before(self):
        def repeat(peer):
            first = peers.receive_exactly(peer, 100)
            peer.sendall(first)
            peers.receive_exactly(peer, 100)
            peer.sendall(first)
            peers.read_until_end(peer)

        server = peers.Server(self, lambda peer: self.ignoring_the_end(repeat, peer))
        self.assert_one_line_failure(self.bench(server.port, "--size", 100), "something else than it was sent")

    def test_server_that_closes(self):
        server = peers.Server(self, lambda peer: peer.recv(1))
        self.assert_one_line_failure(self.bench(server.port), "closed a connection")

    def test_server_that_does_not_answer(self):
        server = peers.Server(self, peers.read_until_end)
        result = self.bench(server.port, "--seconds", 0.1, "--timeout", 1)
        self.assert_one_line_failure(result, "has not sent back a message")

    def ignoring_the_end(self, serve, peer):
        try:
            serve(peer)
        except EOFError:
            pass
