# SPDX-License-Identifier: MIT
"""Streams as fast as they go, in either direction."""

import json

from case import RealTest
from programs import find, run, serve

PROGRAMS = ["iperf3"]
SECONDS = 3


class Iperf3Cases(RealTest):
    def stream(self, direction, *options):
        _, port = serve(self, "iperf3", lambda port: [find("iperf3"), "--server", "--bind", "127.0.0.1", "--port", port])
        proxy = self.relay(port)
        with self.measured(proxy, f"iperf3, two streams {direction}, {SECONDS} s") as row:
            command = ["iperf3", "--client", "127.0.0.1", "--port", proxy.port, "--time", SECONDS, "--parallel", 2]
            out, _ = run([*command, "--json", *options])
            result = json.loads(out)
            self.assertNotIn("error", result)
            received = result["end"]["sum_received"]["bytes"]
            row.work = f"{received} bytes"
            self.assertGreater(received, 0)
        proxy.finish()

    def test_from_the_client_to_the_server(self):
        self.stream("to the server")

    def test_from_the_server_to_the_client(self):
        self.stream("to the client", "--reverse")
