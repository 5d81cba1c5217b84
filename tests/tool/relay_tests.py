# SPDX-License-Identifier: MIT
"""The relay, with the test on both sides of it."""

import os
import re
import resource
import select
import signal
import socket
import threading
import time
import unittest

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
        """With connections that nobody accepts: the system takes one or two, and lets no further ones in."""
        listener.listen(0)
        for _ in range(4):
            filler = socket.socket()
            self.addCleanup(filler.close)
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())

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


class Bounds(RelayTest):
    def test_connections_beyond_the_maximum_wait_until_one_ends(self):
        relay, port = self.start_relay("--max-connections", 3)
        clients = [self.connect_client(port) for _ in range(9)]
        for number, client in enumerate(clients):
            client.sendall(f"{number:5}".encode())
        served = [self.accept() for _ in range(3)]
        # As long as nobody leaves nobody else is served. (Waiting proves nothing, but would show what is wrong.)
        self.assertEqual(select.select([self.target], [], [], 1)[0], [])
        for left in range(len(clients), 0, -1):
            target = served.pop(0)
            client = clients[int(peers.receive_exactly(target, 5))]
            self.assert_passes(target, client, b"bye")
            target.close()
            client.close()
            if left > 3:
                served.append(self.accept())
        relay.press_ctrl_c()
        self.assert_ends_well(relay, "relayed 9 connections, 45 B to the target, 27 B back, 0 errors")

    @unittest.skipUnless(DESCRIPTORS_ARE_BOUNDED, "there is no limit on descriptors to rely on")
    def test_few_descriptors_are_no_error(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_NOFILE, (60, 60))

        relay, port = self.start_relay("--max-connections", 1000, "--threads", 1, preexec_fn=limit)
        self.assertRegex(relay.next_line_on_stderr(), r"^asock: there are descriptors for 15 connections only")
        clients = [self.connect_client(port) for _ in range(40)]
        for client in clients:
            target = self.accept()
            self.assert_passes(client, target)
            client.close()
            target.close()
        relay.press_ctrl_c()
        self.assert_ends_well(relay, "relayed 40 connections, 200 B to the target, 0 B back, 0 errors")

    @unittest.skipUnless(DESCRIPTORS_ARE_BOUNDED, "there is no limit on descriptors to rely on")
    def test_the_limit_on_descriptors_is_raised(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_NOFILE, (60, 1000))

        _, port = self.start_relay(preexec_fn=limit)
        for client, target in [self.connect_through(port) for _ in range(100)]:
            self.assert_passes(client, target)


class Draining(RelayTest):
    def start_draining(self, *options):
        """A relay that was asked to end, with one connection."""
        relay, port = self.start_relay(*options)
        client, target = self.connect_through(port)
        self.assert_passes(client, target)
        relay.press_ctrl_c()
        self.assertIn("waits for 1 connection to end", relay.next_line_on_stderr())
        return relay, port, client, target

    def test_a_connection_that_finishes(self):
        relay, port, client, target = self.start_draining("--drain-timeout", 1000)
        with self.assertRaises(ConnectionRefusedError):
            peers.connect(port)
        self.assert_passes(target, client)
        client.close()
        self.assertEqual(target.recv(1), b"")
        target.close()
        self.assert_ends_well(relay, "relayed 1 connection, 5 B to the target, 5 B back, 0 errors")

    def test_a_connection_that_does_not(self):
        relay, _, client, target = self.start_draining("--drain-timeout", 0.5)
        self.assert_reset(client)
        self.assert_reset(target)
        self.assert_ends_well(
            relay, "relayed 1 connection, 5 B to the target, 0 B back, 0 errors, 1 cut off at the end"
        )

    def test_somebody_who_does_not_want_to_wait(self):
        relay, _, client, _ = self.start_draining("--drain-timeout", 1000)
        relay.press_ctrl_c()
        code, out, err = relay.finish()
        self.assertEqual((code, out), (130, ""))
        self.assertEqual(err.splitlines()[1:], ["asock: interrupted"])

    def test_a_connection_to_a_target_that_does_not_answer(self):
        self.fill_backlog(self.target)
        relay, port = self.start_relay("--drain-timeout", 0, "--connect-timeout", 1000, "--stats")
        client = self.connect_client(port)
        while "1 of 1 connection open" not in relay.next_line_on_stderr():
            pass
        relay.press_ctrl_c()
        self.assert_reset(client)
        self.assert_ends_well(
            relay, "relayed 1 connection, 0 B to the target, 0 B back, 0 errors, 1 cut off at the end"
        )

    @unittest.skipIf(Configuration.on_wine(), "its programs know no signals")
    def test_the_other_signal(self):
        relay, _ = self.start_relay()
        relay.process.send_signal(signal.SIGTERM)
        err = self.assert_ends_well(relay, "relayed 0 connections, 0 B to the target, 0 B back, 0 errors")
        self.assertEqual(err, "")


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

    def test_name_to_listen_on(self):
        self.assert_one_line_failure(self.relay("example.org:0", "127.0.0.1:1"), "cannot listen", "numeric")
