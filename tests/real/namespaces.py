# SPDX-License-Identifier: MIT
"""Two networks of the test's own with a bad line between them. They end with the processes that hold them."""

import pathlib
import re
import subprocess
import sys

from programs import TIED, Watchdog, run, succeeds

NETEM = "delay 4ms 1ms loss 1% reorder 97% 50%".split()
LINK = pathlib.Path(__file__).parent / "lossy_link.py"


class NotAllowed(Exception):
    """This machine gives the test no network of its own."""


class Holder:
    """A process in a network namespace of its own. It ends when its standard input does."""

    def __init__(self, test, *command):
        self.process = subprocess.Popen(
            [*TIED, "unshare", "--net", "--", *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        test.addCleanup(self.end)
        with Watchdog(self.process):
            line = self.process.stdout.readline().decode()
        if line != "ready\n":
            raise NotAllowed(line.strip() or "no network namespace can be made")
        self.inside = ["nsenter", f"--target={self.process.pid}", "--net", "--"]

    def end(self):
        """Returns what it says at the end."""
        if self.process.stdin.closed:
            return ""
        self.process.stdin.close()
        with Watchdog(self.process):
            last = self.process.stdout.read().decode()
        self.process.stdout.close()
        self.process.wait()
        return last


class BadLine:
    """`near` and `far` are two networks, with these addresses, and what goes from one to the other is late, may be lost
    and may arrive in another order."""

    near_address, far_address = "10.77.0.1", "10.77.0.2"

    def __init__(self, test):
        wait = ["sh", "-c", "echo ready; cat"]
        self.near, self.far = Holder(test, *wait), Holder(test, *wait)
        self.by_kernel = self._try_netem()
        if not self.by_kernel:
            self.link = Holder(test, sys.executable, "-B", LINK, "near", "far")
            for name, network in self._ends():
                run(["ip", "link", "set", name, "netns", network.process.pid], self.link.inside)
        for (name, network), address in zip(self._ends(), (self.near_address, self.far_address)):
            run(["ip", "address", "add", f"{address}/24", "dev", name], network.inside)
            for device in name, "lo":
                run(["ip", "link", "set", device, "up"], network.inside)

    def _ends(self):
        return ("near", self.near), ("far", self.far)

    def _try_netem(self):
        """False where the kernel has none."""
        peer = ["type", "veth", "peer", "name", "far", "netns", str(self.far.process.pid)]
        commands = [(self.near, ["ip", "link", "add", "near", *peer])]
        for name, network in self._ends():
            # Packets of the size that a cable carries: of what the kernel keeps together, all is lost or nothing.
            commands.append((network, ["ip", "link", "set", name, "gso_max_segs", "1"]))
            commands.append((network, ["tc", "qdisc", "add", "dev", name, "root", "netem", *NETEM]))
        if all(succeeds(command, network.inside) for network, command in commands):
            return True
        succeeds(["ip", "link", "delete", "near"], self.near.inside)
        return False

    def packets_lost(self):
        """How bad the line was. Ends it, where it is a program's."""
        if self.by_kernel:
            said = [run(["tc", "-s", "qdisc", "show", "dev", name], network.inside)[0] for name, network in self._ends()]
            return sum(int(re.search(r"dropped (\d+)", text)[1]) for text in said), " ".join(said)
        said = self.link.end()
        lost = re.search(r"(\d+) lost, [1-9]\d* held back", said)
        return int(lost[1]) if lost else 0, said
