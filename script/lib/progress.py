# SPDX-License-Identifier: MIT
"""Says how far commands have come: on a terminal in one line that changes, elsewhere in a line now and then."""

import re
import shutil
import sys
import threading
import time

# Of Ninja, of CTest, and of CMake's other generators.
BUILT = re.compile(r"^\[\s*(?P<done>\d+)/(?P<all>\d+)\] ")
TESTED = re.compile(r"^\s*(?P<done>\d+)/(?P<all>\d+) Test\s+#\d+: ")
SECONDS_BETWEEN_LINES = 30.0


class Progress:
    def __init__(self, stream=None, clock=time.monotonic):
        self.stream = stream or sys.stdout
        self.on_terminal = self.stream.isatty()
        self.clock = clock
        self.began = clock()
        self.lock = threading.Lock()
        # What is under way, in the order in which it began: its name, and how far it has come.
        self.running = {}
        self.last_line = {}
        self.shown = 0

    def say(self, text):
        """A line that stays."""
        with self.lock:
            self._wipe()
            print(text, file=self.stream, flush=True)
            self._show()

    def begin(self, step, phase):
        with self.lock:
            self.running[step, phase] = ""
            self.last_line[step, phase] = self.clock()
            self._wipe()
            if not self.on_terminal:
                print(f"[{self._age()}] {step}: {phase}", file=self.stream, flush=True)
            self._show()

    def read(self, step, phase, line):
        """Notes what a line of output says about how far the command has come."""
        match = BUILT.match(line) or TESTED.match(line)
        if not match:
            return
        with self.lock:
            done, total = int(match["done"]), int(match["all"])
            self.running[step, phase] = f" {done} of {total}"
            if self.on_terminal:
                self._wipe()
                self._show()
            elif done < total and self.clock() - self.last_line[step, phase] >= SECONDS_BETWEEN_LINES:
                self.last_line[step, phase] = self.clock()
                print(f"[{self._age()}] {step}: {phase} {done} of {total}", file=self.stream, flush=True)

    def end(self, step, phase, succeeded):
        with self.lock:
            come = self.running.pop((step, phase), "")
            self._wipe()
            verdict = "done" if succeeded else "FAILED"
            print(f"[{self._age()}] {step}: {phase}{come}: {verdict}", file=self.stream, flush=True)
            self._show()

    def _age(self):
        minutes, seconds = divmod(int(self.clock() - self.began), 60)
        return f"{minutes}:{seconds:02}"

    def _wipe(self):
        if self.shown:
            print("\r" + " " * self.shown + "\r", end="", file=self.stream, flush=True)
            self.shown = 0

    def _show(self):
        if not self.on_terminal or not self.running:
            return
        text = f"[{self._age()}] " + " | ".join(f"{step}: {phase}{come}" for (step, phase), come in self.running.items())
        text = text[: shutil.get_terminal_size().columns - 1]
        print(text, end="", file=self.stream, flush=True)
        self.shown = len(text)
