# SPDX-License-Identifier: MIT
"""What goes through the relay, what that costs, what it tells of it, and where it refuses to begin."""

import os
import re
import select
import socket
import threading
import unittest

import peers
from asock_program import Configuration
from relay_program import DESCRIPTORS_ARE_BOUNDED, MEBIBYTE, RelayTest


class Streams(RelayTest):
    def test_both_ways_at_once(self):
        relay, port = self.start_relay("--threads", 3)
        count, size = 4, 4 * MEBIBYTE
        pairs = [self.connect_through(port) for _ in range(count)]
        # Which of the target's connections is whose is theirs to say.
        names = [os.urandom(8) for _ in pairs]
        for (client, _), name in zip(pairs, names):
            client.sendall(name)
        behind = {peers.receive_exactly(target, 8): target for _, target in pairs}
        failures = []

        def exchange(near, far):
            try:
                sender = threading.Thread(target=near[0].sendall, args=(near[1],))
                sender.start()
                self.assertEqual(peers.receive_exactly(near[0], size), far[1])
                sender.join()
            except Exception as problem:
                failures.append(problem)

        threads = []
        for (client, _), name in zip(pairs, names):
            ends = [(client, os.urandom(size)), (behind[name], os.urandom(size))]
            threads += [threading.Thread(target=exchange, args=each) for each in (ends, ends[::-1])]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(failures, [])
        for pair in pairs:
            for each in pair:
                each.close()
        relay.press_ctrl_c()
        self.assert_ends_well(relay, "relayed 4 connections, 16.0 MiB to the target, 16.0 MiB back, 0 errors")

    def test_the_end_of_one_stream_leaves_the_other_one_going(self):
        relay, port = self.start_relay()
        for swapped in False, True:
            with self.subTest(target_ends_first=swapped):
                first, second = self.connect_through(port)[:: -1 if swapped else 1]
                self.assert_passes(first, second)
                first.shutdown(socket.SHUT_WR)
                self.assertEqual(second.recv(1), b"")
                answer = os.urandom(MEBIBYTE)
                sender = threading.Thread(target=second.sendall, args=(answer,))
                sender.start()
                self.assertEqual(peers.receive_exactly(first, len(answer)), answer)
                sender.join()
                second.shutdown(socket.SHUT_WR)
                self.assertEqual(first.recv(1), b"")
        relay.press_ctrl_c()
        self.assert_ends_well(relay, "relayed 2 connections, 1.0 MiB to the target, 1.0 MiB back, 0 errors")

    def test_500_connections_at_once(self):
        relay, port = self.start_relay("--threads", 2)
        count = 500
        clients = [self.connect_client(port) for _ in range(count)]
        targets = [self.accept() for _ in range(count)]
        for number, client in enumerate(clients):
            client.sendall(f"{number:8}".encode())
        for target in targets:
            target.sendall(peers.receive_exactly(target, 8) * 100)
        for number, client in enumerate(clients):
            self.assertEqual(peers.receive_exactly(client, 800), f"{number:8}".encode() * 100)
        for each in clients + targets:
            each.close()
        relay.press_ctrl_c()
        self.assert_ends_well(relay, "relayed 500 connections, 3.9 KiB to the target, 390.6 KiB back, 0 errors")

    @unittest.skipUnless(peers.has_ipv6(), "this machine has no IPv6")
    def test_from_ipv6_to_a_name(self):
        _, port = self.start_relay(to=f"localhost:{self.target_port}", listen="[::1]:0")
        with peers.connect(port, "::1") as client:
            self.assert_passes(client, self.accept())


class Memory(RelayTest):
    @staticmethod
    def resident_kib(relay):
        with open(f"/proc/{relay.process.pid}/status", encoding="ascii") as status:
            return int(re.search(r"VmRSS:\s+(\d+) kB", status.read()).group(1))

    @unittest.skipIf(Configuration.on_wine(), "what is measured is this system's")
    def test_a_slow_reader_stops_its_sender_and_fills_no_memory(self):
        relay, port = self.start_relay()
        sender, reader = self.connect_through(port)
        self.assert_passes(sender, reader)
        before = self.resident_kib(relay)
        sender.setblocking(False)
        piece = os.urandom(MEBIBYTE)
        sent = 0
        # Until nothing can be written for a while: the buffers of the system on the way are full.
        while select.select([], [sender], [], 2)[1]:
            sent += sender.send(piece[sent % MEBIBYTE :])
            self.assertLess(sent, 256 * MEBIBYTE, "somebody keeps it all")
        if not Configuration.sanitized:
            self.assertLess(self.resident_kib(relay) - before, 4096)
        for position in range(0, sent, MEBIBYTE):
            size = min(MEBIBYTE, sent - position)
            self.assertEqual(peers.receive_exactly(reader, size), piece[:size])
        sender.setblocking(True)
        self.assert_passes(sender, reader)

    @unittest.skipUnless(DESCRIPTORS_ARE_BOUNDED, "what is measured is this system's")
    def test_idle_connections_cost_little_even_after_a_burst(self):
        relay, port = self.start_relay()
        pairs = [self.connect_through(port) for _ in range(200)]
        burst = bytes(100_000)
        for client, target in pairs:
            self.assert_passes(client, target, burst)
        before = self.resident_kib(relay)
        pairs += [self.connect_through(port) for _ in range(200)]
        for client, target in pairs[200:]:
            self.assert_passes(client, target, burst)
        self.assertLess((self.resident_kib(relay) - before) / 200, 48)


class Figures(RelayTest):
    def test_a_line_each_second(self):
        relay, port = self.start_relay("--stats")
        client, target = self.connect_through(port)
        self.assert_passes(client, target, bytes(MEBIBYTE))
        line = r"1 of 1 connection open, (\S+) MiB/s to the target, (\S+) MiB/s back, 0 errors$"
        while not (match := re.match(line, relay.next_line_on_stderr())) or float(match.group(1)) == 0:
            self.assert_passes(client, target, bytes(MEBIBYTE))
        self.assertEqual(float(match.group(2)), 0)


class Refusals(RelayTest):
    def relay(self, listen, to):
        return self.run_asock("relay", "--listen", listen, "--to", to)

    def test_port_in_use(self):
        taken = f"127.0.0.1:{self.target_port}"
        self.assert_one_line_failure(self.relay(taken, "127.0.0.1:1"), f"cannot listen on {taken}", "in use")

    def test_name_that_does_not_resolve(self):
        # No label of a name is that long, so that nobody needs to be asked.
        name = "x" * 64
        self.assert_one_line_failure(self.relay("127.0.0.1:0", f"{name}:1"), f"cannot resolve '{name}'")

    def test_itself(self):
        for listen, to in ("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "localhost"), ("127.0.0.1", "0.0.0.0"):
            with self.subTest(listen=listen, to=to):
                port = peers.free_port()
                result = self.relay(f"{listen}:{port}", f"{to}:{port}")
                self.assert_one_line_failure(result, f"the target {to}:{port} is this relay itself")
