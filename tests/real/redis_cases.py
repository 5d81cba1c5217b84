# SPDX-License-Identifier: MIT
"""A database in memory and its benchmark."""

import re

from case import RealTest
from programs import find, run, serve
from relay import Configuration

PROGRAMS = ["redis-server", "redis-cli", "redis-benchmark"]
CLIENTS = 50
REQUESTS = 50000
PIPELINED = 16


class RedisCases(RealTest):
    def setUp(self):
        def command(port):
            options = ["--bind", "127.0.0.1", "--port", port, "--dir", self.directory, "--timeout", "0"]
            return [find("redis-server"), *options, "--save", "", "--appendonly", "no", "--daemonize", "no"]

        _, self.port = serve(self, "redis", command)
        self.proxy = self.relay(self.port)

    def cli(self, *arguments):
        return run(["redis-cli", "-p", self.proxy.port, *arguments])[0]

    def benchmark(self, row, *options):
        """What the server has counted is what the benchmark claims to have sent."""
        requests = Configuration.part_of(REQUESTS)
        command = ["redis-benchmark", "-h", "127.0.0.1", "-p", self.proxy.port, "-c", CLIENTS, "-n", requests]
        # Of one size each, and large enough that answers come in pieces.
        out, err = run([*command, "-t", "set,get", "-d", "512", "--csv", *options])
        row.work = f"{2 * requests} requests"
        self.assertRegex(out, r'(?m)^"SET","\d')
        self.assertRegex(out, r'(?m)^"GET","\d')
        self.assertNotIn("rror", err)
        statistics = self.cli("info", "commandstats")
        for name in "set", "get":
            counts = re.search(rf"cmdstat_{name}:calls=(\d+),.*rejected_calls=(\d+),failed_calls=(\d+)", statistics)
            self.assertEqual(tuple(map(int, counts.groups())), (requests, 0, 0), statistics)

    def test_one_request_at_a_time(self):
        with self.measured(self.proxy, f"Redis + redis-benchmark, {CLIENTS} clients") as row:
            self.benchmark(row)
        self.proxy.finish()

    def test_pipelined(self):
        with self.measured(self.proxy, f"Redis + redis-benchmark, {CLIENTS} clients, {PIPELINED} requests at a time") as row:
            self.benchmark(row, "-P", PIPELINED)
        self.proxy.finish()

    def test_a_value_of_many_mebibytes(self):
        value = "".join(f"{number:07d}," for number in range(2 << 20))
        with self.measured(self.proxy, "Redis + redis-cli, a value there and back") as row:
            stored, _ = run(["redis-cli", "-p", self.proxy.port, "-x", "set", "large"], stdin=value.encode())
            self.assertEqual(stored, "OK\n")
            # redis-cli ends what it prints with a line end of its own.
            self.assertTrue(self.cli("get", "large") == value + "\n", "another value came back")
            row.work = f"{2 * len(value)} bytes"
        self.proxy.finish()
