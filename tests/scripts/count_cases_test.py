# SPDX-License-Identifier: MIT

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent.parent / "script" / "lib"))

from count_cases import Count, count_cases

GTEST_PASSED = """\
[==========] Running 2 tests from 1 test suite.
[ RUN      ] suite.one
[       OK ] suite.one (0 ms)
[ RUN      ] suite.two
[       OK ] suite.two (0 ms)
[==========] 2 tests from 1 test suite ran. (0 ms total)
[  PASSED  ] 2 tests.
"""
GTEST_MIXED = """\
[       OK ] suite.one (0 ms)
[  FAILED  ] suite.two (0 ms)
[  SKIPPED ] suite.three (0 ms)
[==========] 3 tests from 1 test suite ran. (0 ms total)
[  PASSED  ] 1 test.
[  SKIPPED ] 1 test, listed below:
[  SKIPPED ] suite.three
[  FAILED  ] 1 test, listed below:
[  FAILED  ] suite.two
"""


class CountCases(unittest.TestCase):
    def test_passing_cases_of_googletest(self):
        self.assertEqual(count_cases(GTEST_PASSED, True), Count(passed=2))

    def test_passing_cases_with_the_line_ends_of_windows(self):
        self.assertEqual(count_cases(GTEST_PASSED.replace("\n", "\r\n"), True), Count(passed=2))

    def test_failing_and_skipped_cases_of_googletest(self):
        self.assertEqual(count_cases(GTEST_MIXED, False), Count(passed=1, failed=1, skipped=1))

    def test_several_programs_in_one_run(self):
        self.assertEqual(count_cases(GTEST_PASSED + GTEST_MIXED, False), Count(passed=3, failed=1, skipped=1))

    def test_a_crash_is_a_failure_after_what_passed(self):
        self.assertEqual(count_cases(GTEST_PASSED.split("[==========] 2")[0], False), Count(passed=2, failed=1))

    def test_a_failure_outside_of_the_cases_is_a_failure(self):
        self.assertEqual(count_cases(GTEST_PASSED, False), Count(passed=2, failed=1))

    def test_a_suite_that_ran_no_case_has_failed(self):
        output = "[==========] 0 tests from 0 test suites ran. (0 ms total)\n[  PASSED  ] 0 tests.\n"
        self.assertEqual(count_cases(output, True), Count(failed=1))
        self.assertEqual(count_cases("Ran 0 tests in 0.000s\n\nOK\n", True), Count(failed=1))

    def test_cases_of_unittest(self):
        self.assertEqual(count_cases("Ran 19 tests in 0.7s\n\nOK\n", True), Count(passed=19))
        self.assertEqual(count_cases("Ran 5 tests in 0.7s\n\nOK (skipped=2)\n", True), Count(passed=3, skipped=2))
        output = "Ran 9 tests in 0.7s\n\nFAILED (failures=1, errors=2, skipped=1)\n"
        self.assertEqual(count_cases(output, False), Count(passed=5, failed=3, skipped=1))

    def test_another_program_is_one_case(self):
        self.assertEqual(count_cases("", True), Count(passed=1))
        self.assertEqual(count_cases("it did not work\n", False), Count(failed=1))


if __name__ == "__main__":
    unittest.main()
