# SPDX-License-Identifier: MIT
"""How many connections the relay takes, and how it ends."""

import resource
import select
import signal
import time
import unittest

import peers
from asock_program import Configuration
from relay_program import DESCRIPTORS_ARE_BOUNDED, RelayTest


class Bounds(RelayTest):
    @unittest.skipIf(Configuration.on_wine(), "Wine does not tell of a reset while nothing is received")
    def test_a_client_that_has_gone_gives_its_place_before_the_target_answers(self):
        self.fill_backlog(self.target)
        relay, port = self.start_relay("--max-connections", 1, "--connect-timeout", 1000, "--stats")
        gone = self.connect_client(port)
        while "1 of 1 connection open" not in relay.next_line_on_stderr():
            pass
        self.connect_client(port)
        peers.reset(gone)
        deadline = time.monotonic() + 20
        while "1 of 2 connections open" not in relay.next_line_on_stderr():
            self.assertLess(time.monotonic(), deadline, "the next one has to wait")

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

    def start_draining_backlog(self, *options):
        """A relay that was asked to end, with one connection and some that the system has taken for it."""
        relay, port = self.start_relay("--max-connections", 1, *options)
        client, target = self.connect_through(port)
        self.assert_passes(client, target)
        waiting = {f"{number:5}".encode(): self.connect_client(port) for number in range(5)}
        for name, each in waiting.items():
            each.sendall(name)
        relay.press_ctrl_c()
        self.assertIn("waits for 6 connections to end", relay.next_line_on_stderr())
        return relay, client, target, waiting

    def test_clients_whom_the_system_has_taken_already_are_served(self):
        relay, client, target, waiting = self.start_draining_backlog("--drain-timeout", 1000)
        behind = {}
        for _ in waiting:
            accepted = self.accept()
            behind[peers.receive_exactly(accepted, 5)] = accepted
        pairs = [(each, behind[name]) for name, each in waiting.items()]
        for near, far in pairs:
            self.assert_passes(far, near)
        for pair in [(client, target), *pairs]:
            for each in pair:
                each.close()
        self.assert_ends_well(relay, "relayed 6 connections, 30 B to the target, 25 B back, 0 errors")

    def test_clients_who_do_not_end_in_time_are_reset(self):
        relay, client, _, waiting = self.start_draining_backlog("--drain-timeout", 2)
        for _ in waiting:
            peers.receive_exactly(self.accept(), 5)
        for each in [client, *waiting.values()]:
            self.assert_reset(each)
        self.assert_ends_well(
            relay, "relayed 6 connections, 30 B to the target, 0 B back, 0 errors, 6 cut off at the end"
        )

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
