# SPDX-License-Identifier: MIT
"""A network that is late, loses packets and changes their order."""

import hashlib
import pathlib

from case import RealTest
from namespaces import BadLine, NotAllowed
from nginx import Nginx
from programs import CURL, finish, start_to_run

PROGRAMS = ["nginx", "curl", "ip", "tc", "unshare", "nsenter"]
SIZE = 4 << 20


class NetworkCases(RealTest):
    def test_every_byte_arrives_in_both_directions(self):
        try:
            line = BadLine(self)
        except NotAllowed as reason:
            self.skipTest(f"no network of its own: {reason}")
        # Client and server are on one side of the line and the relay is on the other: each byte crosses it twice.
        nginx = Nginx(self, host=line.near_address, prefix=line.near.inside)
        expected = nginx.add_file("payload", SIZE)
        source = nginx.root / "payload"
        proxy = self.relay(
            nginx.port, host=line.far_address, target_host=line.near_address, prefix=line.far.inside
        )
        url = f"http://{line.far_address}:{proxy.port}"
        emulator = "netem" if line.by_kernel else "an emulated line"
        with self.measured(proxy, f"nginx + curl over {emulator} with delay, loss and reordering, up and down") as row:
            commands = [
                [*CURL, "--output", self.path("down"), f"{url}/payload"],
                [*CURL, "--upload-file", source, f"{url}/stored/up"],
            ]
            running = [(start_to_run(command, line.near.inside), command) for command in commands]
            for program, command in running:
                finish(program, command)
            row.work = f"{2 * SIZE} bytes"
            for path in self.path("down"), nginx.root / "stored" / "up":
                self.assertEqual(hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest(), expected)
        proxy.finish()
        lost, said = line.packets_lost()
        self.assertGreater(lost, 0, f"the line was not bad at all: {said}")
