# SPDX-License-Identifier: MIT

import io
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent.parent / "script" / "lib"))

from progress import Progress  # noqa: E402


class Terminal(io.StringIO):
    def isatty(self):
        return True


class ProgressTest(unittest.TestCase):
    def setUp(self):
        self.now = 100.0

    def progress_on(self, stream):
        return Progress(stream, lambda: self.now)

    def test_elsewhere_than_on_a_terminal_a_line_comes_now_and_then(self):
        stream = io.StringIO()
        progress = self.progress_on(stream)
        progress.begin("linux", "build")
        for done in range(1, 101):
            self.now += 1
            progress.read("linux", "build", f"[{done}/100] Building CXX object\n")
        progress.end("linux", "build", True)
        self.assertEqual(
            stream.getvalue().splitlines(),
            [
                "[0:00] linux: build",
                "[0:30] linux: build 30 of 100",
                "[1:00] linux: build 60 of 100",
                "[1:30] linux: build 90 of 100",
                "[1:40] linux: build 100 of 100: done",
            ],
        )

    def test_on_a_terminal_one_line_has_everything_that_is_under_way(self):
        stream = Terminal()
        progress = self.progress_on(stream)
        progress.begin("linux", "test")
        progress.begin("windows-mingw", "build")
        progress.read("linux", "test", " 3/12 Test  #7: unit.parts ....   Passed    0.01 sec\n")
        progress.read("windows-mingw", "build", "[  5/80] Linking CXX executable\n")
        self.assertEqual(stream.getvalue().split("\r")[-1], "[0:00] linux: test 3 of 12 | windows-mingw: build 5 of 80")
        self.assertNotIn("\n", stream.getvalue())
        progress.end("linux", "test", False)
        self.assertIn("[0:00] linux: test 3 of 12: FAILED\n", stream.getvalue())
        self.assertEqual(stream.getvalue().split("\r")[-1].split("\n")[-1], "[0:00] windows-mingw: build 5 of 80")

    def test_what_is_no_progress_is_not_taken_for_it(self):
        stream = Terminal()
        progress = self.progress_on(stream)
        progress.begin("linux", "test")
        before = stream.getvalue()
        for line in ("    Start 3: unit.parts\n", "100% tests passed, 0 tests failed out of 12\n", "[ RUN      ] a.b\n"):
            progress.read("linux", "test", line)
        self.assertEqual(stream.getvalue(), before)


if __name__ == "__main__":
    unittest.main()
