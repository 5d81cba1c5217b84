# SPDX-License-Identifier: MIT

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent.parent / "script" / "lib"))

from what_failed import LINES_IN_ALL, LINES_OF_A_CASE, what_failed

PASSED = "[ RUN      ] suite.one\nchatter of one\n[       OK ] suite.one (0 ms)\n"
FAILED = "[ RUN      ] suite.two\nfile.cpp:7: Failure\n[  FAILED  ] suite.two (0 ms)\n"
REPORT = "WARNING: ThreadSanitizer: data race (pid=1)\n  Write of size 8 by thread T1:\n"


class WhatFailed(unittest.TestCase):
    def shown(self, output):
        return "\n".join(what_failed(output))

    def test_a_failing_case_is_shown_and_a_passing_one_is_not(self):
        shown = self.shown(PASSED + FAILED + PASSED)
        self.assertIn("file.cpp:7: Failure", shown)
        self.assertNotIn("chatter of one", shown)

    def test_line_ends_of_windows(self):
        self.assertIn("file.cpp:7: Failure", self.shown((PASSED + FAILED).replace("\n", "\r\n")))

    def test_a_report_within_a_case_that_passed_is_shown_with_its_case(self):
        shown = self.shown(FAILED + PASSED.replace("chatter of one\n", REPORT) + PASSED)
        self.assertIn("Write of size 8", shown)
        self.assertIn("[ RUN      ] suite.one", shown)
        self.assertNotIn("chatter of one", shown)

    def test_a_report_outside_of_the_cases_is_shown(self):
        self.assertIn("Write of size 8", self.shown(PASSED + "[  PASSED  ] 1 test.\n" + REPORT))

    def test_the_case_in_which_a_program_ended_is_shown(self):
        shown = self.shown(PASSED + "[ RUN      ] suite.three\nsegmentation fault\n")
        self.assertIn("suite.three", shown)
        self.assertIn("segmentation fault", shown)

    def test_failures_of_unittest(self):
        chatter = "chatter\n" * 100
        self.assertIn("FAIL: test_x", self.shown("FAIL: test_x (a.B)\nTraceback\nAssertionError: no\n" + chatter))

    def test_the_end_is_shown_where_nothing_else_stands_out(self):
        shown = self.shown("chatter\n" * 100 + "cannot start\n")
        self.assertIn("cannot start", shown)
        self.assertLess(shown.count("chatter"), 100)

    def test_what_is_long_is_cut_in_the_middle(self):
        long = FAILED.replace("file.cpp:7: Failure\n", "first\n" + "chatter\n" * 1000 + "last\n")
        shown = what_failed(long)
        self.assertLessEqual(len(shown), LINES_OF_A_CASE + 1)
        self.assertIn("first", shown)
        self.assertIn("last", shown)
        self.assertLessEqual(len(what_failed(FAILED * 1000)), LINES_IN_ALL + 1)


if __name__ == "__main__":
    unittest.main()
