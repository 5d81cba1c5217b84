# SPDX-License-Identifier: MIT
"""A web server and its clients."""

import hashlib
import re

from case import RealTest
from nginx import Nginx
from programs import CURL, LIMIT_SECONDS, finish, run, run_piped, start_to_run, wait_until
from relay import Configuration

PROGRAMS = ["nginx", "wrk", "curl", "sha256sum"]
REQUESTS = 10000
GIBIBYTE = 1 << 30
LONG = 64 << 20  # more than all buffers on the way
PROBLEMS = re.compile(r"Socket errors|Non-2xx")


class NginxCases(RealTest):
    def setUp(self):
        self.nginx = Nginx(self)
        self.proxy = self.relay(self.nginx.port)
        self.url = f"http://127.0.0.1:{self.proxy.port}"

    def load(self, row, *options, requests):
        """wrk counts seconds, not requests: on a slow machine it runs until there are enough."""
        done = 0
        for _ in range(100):
            command = ["wrk", "--threads", "1", "--connections", "64", "--duration", "2s", "--timeout", "150s"]
            out, _ = run([*command, *options, f"{self.url}/small"])
            self.assertIsNone(PROBLEMS.search(out), out)
            done += int(re.search(r"^ +(\d+) requests in ", out, re.MULTILINE)[1])
            row.work = f"{done} requests"
            if done >= requests:
                return
        self.fail(f"only {done} requests")

    def test_wrk_on_connections_that_stay(self):
        with self.measured(self.proxy, "nginx + wrk, 64 connections, kept alive") as row:
            self.load(row, requests=REQUESTS)
        self.proxy.finish()

    def test_wrk_on_a_new_connection_for_each_request(self):
        with self.measured(self.proxy, "nginx + wrk, 64 at a time, a connection for each request") as row:
            self.load(row, "--header", "Connection: close", requests=Configuration.part_of(REQUESTS))
        self.proxy.finish()

    def test_curl_asks_thousands_of_times(self):
        requests = Configuration.part_of(REQUESTS)
        content = (self.nginx.root / "small").read_text(encoding="utf-8")
        with self.measured(self.proxy, "nginx + curl, one connection") as row:
            command = [*CURL, "--write-out", "%{stderr}%{http_code} %{size_download}\n"]
            out, err = run([*command, f"{self.url}/small?[1-{requests}]"])
            answers = err.splitlines()
            row.work = f"{len(answers)} requests"
            row.errors = sum(answer != f"200 {len(content)}" for answer in answers)
            self.assertEqual((len(answers), row.errors), (requests, 0))
            self.assertEqual(out, content * requests)
        self.proxy.finish()

    def test_a_large_file_arrives_identical(self):
        size = Configuration.part_of(GIBIBYTE)
        expected = self.nginx.add_file("large", size)
        with self.measured(self.proxy, "nginx + curl, one download") as row:
            out = run_piped([*CURL, f"{self.url}/large"], ["sha256sum"])
            row.work = f"{size} bytes"
            self.assertEqual(out.split()[0], expected)
        self.proxy.finish()

    def test_a_relay_that_is_told_to_end_ends_after_a_download(self):
        expected = self.nginx.add_file("large", LONG)
        proxy = self.relay(self.nginx.port, "--drain-timeout", LIMIT_SECONDS)
        command = [*CURL, f"http://127.0.0.1:{proxy.port}/large"]
        with self.measured(proxy, "nginx + curl, the relay told to end in mid-stream") as row:
            download = start_to_run(command)
            digest = hashlib.sha256(download.stdout.read(1 << 20))
            # Nobody reads on, so that most of the file is still at the server.
            proxy.ask_to_end()
            wait_until(lambda: not proxy.listens(), "the relay has ceased to listen")
            self.assertFalse(proxy.ended(), "the relay has given up the download")
            row.top_kib = row.after_kib = proxy.peak_kib()
            while piece := download.stdout.read(1 << 20):
                digest.update(piece)
            finish(download, command)
            row.work = f"{LONG} bytes"
            self.assertEqual(digest.hexdigest(), expected)
        proxy.wait_for_end()
