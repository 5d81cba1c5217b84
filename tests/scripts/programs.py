# SPDX-License-Identifier: MIT
"""A machine for one test: its programs are this machine's, but for those that the test replaces or takes away."""

import fnmatch
import os
import pathlib
import subprocess
import tempfile
import unittest

from tree import SCRIPTS


class MachineTest(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = pathlib.Path(directory.name)
        self.programs = self.directory / "bin"
        self.programs.mkdir()
        self.path = f"{self.programs}:/usr/bin:/bin"
        self.scripts = SCRIPTS

    def take_away(self, *patterns):
        """This machine's programs of these names. To be called once."""
        others = self.directory / "others"
        others.mkdir()
        for program in os.scandir("/usr/bin"):
            if not any(fnmatch.fnmatch(program.name, pattern) for pattern in patterns):
                (others / program.name).symlink_to(program.path)
        self.path = f"{self.programs}:{others}"

    def remove(self, pattern):
        """What the test has installed."""
        for program in self.programs.glob(pattern):
            program.unlink()

    def install(self, name, script):
        """The script is bash's; $log is a file whose lines self.log() returns."""
        program = self.programs / name
        program.write_text(f"#!/bin/bash\nlog={self.directory}/log\n{script}\n", encoding="utf-8")
        program.chmod(0o755)

    def log(self):
        log = self.directory / "log"
        return log.read_text(encoding="utf-8").splitlines() if log.exists() else []

    def run_script(self, name, *arguments, **environment):
        return subprocess.run(
            ["/bin/bash", self.scripts / name, *arguments],
            env={"PATH": self.path, "HOME": str(self.directory), "LC_ALL": "C.UTF-8", **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=200,
            check=False,
        )
