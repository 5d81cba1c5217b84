# SPDX-License-Identifier: MIT
"""Picks out of the output of a failed test program what a reader needs: its failing cases, and what a sanitizer said."""

import re

GTEST_RUN = re.compile(r"^\[ RUN      \] (\S+)")
GTEST_END = re.compile(r"^\[ +(OK|FAILED|SKIPPED) +\] ")
REPORT = re.compile(r"WARNING: ThreadSanitizer|ERROR: \w+Sanitizer|: runtime error: |^(?:FAIL|ERROR): |Assertion .* failed")
LINES_OF_A_CASE = 40
LINES_OF_A_REPORT = 40
LINES_OF_THE_END = 20
LINES_IN_ALL = 160


def shortened(lines, limit):
    if len(lines) <= limit:
        return lines
    return [*lines[: limit // 2], f"[{len(lines) - limit // 2 * 2} lines left out]", *lines[len(lines) - limit // 2 :]]


def what_failed(output):
    """The lines to show, in the order of the output. Without a failing case or a report: how the output ends."""
    lines = output.replace("\r\n", "\n").splitlines()
    shown = []
    case = None
    report_ends = -1
    for number, line in enumerate(lines):
        if REPORT.search(line) and number >= report_ends:
            report_ends = number + LINES_OF_A_REPORT
            if case is None:
                shown += lines[number:report_ends]
        if GTEST_RUN.match(line):
            case = number
        elif (end := GTEST_END.match(line)) and case is not None:
            if end.group(1) == "FAILED" or (case <= report_ends - LINES_OF_A_REPORT <= number):
                shown += shortened(lines[case : number + 1], LINES_OF_A_CASE)
            case = None
    if case is not None:
        # The program ended in the middle of this one.
        shown += shortened(lines[case:], LINES_OF_A_CASE)
    if not shown:
        shown = lines[-LINES_OF_THE_END:]
    return shortened(shown, LINES_IN_ALL)
