# SPDX-License-Identifier: MIT
"""Tells on stderr how far the benchmark is, and how long it will still take."""

import sys
import time


class Progress:
    """`total` is the number of seconds that everything is expected to take; each step knows how many it is worth."""

    def __init__(self, total):
        self.total = total
        self.done = 0
        self.worth = 0
        self.what = ""
        self.began = time.monotonic()
        self.written = 0

    def begin(self, what, worth):
        """The next steps are worth so many seconds each."""
        self.what = what
        self.worth = worth
        self._write(True)

    def step(self):
        self.done += self.worth
        self._write(False)

    def _write(self, at_once):
        now = time.monotonic()
        if not at_once and now - self.written < 5:
            return
        self.written = now
        elapsed = now - self.began
        # The estimate corrects itself by what the steps so far have really taken.
        pace = elapsed / self.done if self.done > 10 else 1
        left = max(0, self.total - self.done) * pace
        sys.stderr.write(f"bench: {self.what}; about {int(left // 60)}:{int(left % 60):02d} left\n")
        sys.stderr.flush()
