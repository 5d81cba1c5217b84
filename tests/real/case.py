# SPDX-License-Identifier: MIT
"""What all cases share."""

import shutil
import sys
import tempfile
import unittest

from programs import end_all_running, tail
from relay import Configuration, Relay
from suite import run_with_second_trial


class RealTest(unittest.TestCase):
    report = None  # set by real_test.py

    def run(self, result=None):
        if Configuration.on_wine():
            return run_with_second_trial(self, self._run_and_explain, result)
        return self._run_and_explain(result)

    def _run_and_explain(self, result):
        """Shows what the programs have said where a test fails."""
        self.programs = []
        # Every program may read here, also one that runs as another user.
        self.directory = tempfile.mkdtemp(prefix="asock-real-")
        before = len(result.failures) + len(result.errors)
        try:
            super().run(result)
            if len(result.failures) + len(result.errors) > before:
                for program in self.programs:
                    print(f"--- {self.id()}: {program.name} said:\n{tail(program.said())}", file=sys.stderr, flush=True)
        finally:
            end_all_running()
            shutil.rmtree(self.directory, ignore_errors=True)
        return result

    def relay(self, target_port, *options, **how):
        return Relay(self, target_port, *options, **how)

    def measured(self, relay, case, **how):
        if Configuration.on_wine():
            how["most_kib"] = None  # most of it is for the hundreds of threads that Wine starts
        return self.report.measured(relay, case, **how)

    def path(self, name):
        return f"{self.directory}/{name}"
