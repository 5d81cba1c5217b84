# SPDX-License-Identifier: MIT
"""What Wine has to say is kept apart from what the program says."""

import os
import pathlib
import subprocess
import unittest

from asock_program import LIMIT_SECONDS, AsockTest, Configuration


@unittest.skipUnless(Configuration.on_wine(), "there is no Wine")
class Messages(AsockTest):
    def run_in(self, **environment):
        return subprocess.run(
            [*Configuration.command, "teleport"],
            env=dict(os.environ, **environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LIMIT_SECONDS,
            check=False,
        )

    @staticmethod
    def log():
        prefix = os.environ.get("WINEPREFIX") or Configuration.command[1]
        return (pathlib.Path(prefix) / "messages.log").read_text(encoding="utf-8", errors="replace")

    def test_what_wine_complains_of_is_not_on_standard_error(self):
        before = self.log()
        ended = self.run_in(WINEARCH="nonsense")
        self.assertNotEqual(ended.returncode, 0)
        self.assertEqual((ended.stdout, ended.stderr), ("", ""))
        self.assertIn("nonsense", self.log().removeprefix(before))

    def test_what_the_program_complains_of_is(self):
        ended = self.run_in()
        self.assertRegex(ended.stderr, r"^asock: .*`asock --help`.*\n$")
        self.assertNotIn("asock --help", self.log())
