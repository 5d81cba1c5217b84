# SPDX-License-Identifier: MIT
"""Counts the test cases that one test program ran, from what it printed."""

import dataclasses
import re

GTEST_END = re.compile(r"^\[==========\] \d+ tests? from .* ran\.", re.MULTILINE)
GTEST_OK = re.compile(r"^\[       OK \] ", re.MULTILINE)
GTEST_FAILED = re.compile(r"^\[  FAILED  \] (\d+) tests?, listed below:", re.MULTILINE)
GTEST_SKIPPED = re.compile(r"^\[  SKIPPED \] (\d+) tests?, listed below:", re.MULTILINE)
UNITTEST_RAN = re.compile(r"^Ran (\d+) tests? in ", re.MULTILINE)
UNITTEST_FAILED = re.compile(r"^FAILED \((.*)\)", re.MULTILINE)
UNITTEST_SKIPPED = re.compile(r"^(?:OK|FAILED) \(.*skipped=(\d+)", re.MULTILINE)


@dataclasses.dataclass(frozen=True)
class Count:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other):
        return Count(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def __bool__(self):
        return self != Count()

    def __str__(self):
        parts = [str(self.passed)]
        if self.failed:
            parts.append(f"{self.failed} failed")
        if self.skipped:
            parts.append(f"{self.skipped} skipped")
        return ", ".join(parts)


def gtest_cases(output):
    return Count(
        passed=len(GTEST_OK.findall(output)),
        failed=sum(map(int, GTEST_FAILED.findall(output))),
        skipped=sum(map(int, GTEST_SKIPPED.findall(output))),
    )


def unittest_cases(output):
    ran = sum(map(int, UNITTEST_RAN.findall(output)))
    failed = sum(int(number) for kinds in UNITTEST_FAILED.findall(output) for number in re.findall(r"(?:failures|errors)=(\d+)", kinds))
    skipped = sum(map(int, UNITTEST_SKIPPED.findall(output)))
    return Count(passed=max(0, ran - failed - skipped), failed=failed, skipped=skipped)


def count_cases(output, succeeded):
    """The cases of one run.

    A run that failed has at least one failure, though it may have ended before it could say so. A suite that ran no
    case has failed. A program that is no suite is one case.
    """
    count = gtest_cases(output) + unittest_cases(output)
    if not succeeded:
        return count if count.failed else count + Count(failed=1)
    if count:
        return count
    is_suite = GTEST_END.search(output) or UNITTEST_RAN.search(output)
    return Count(failed=1) if is_suite else Count(passed=1)
