# SPDX-License-Identifier: MIT
"""What the programs have in common that run tests of asock for ctest: tests/tool/program, and tests/real."""

import fnmatch
import signal
import sys
import unittest

SKIPPED = 77  # as ctest is told


def let_programs_be_interrupted():
    """A signal that is ignored here would be ignored by every program started from here, Ctrl-C included."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def all_tests(suite):
    for each in suite:
        if isinstance(each, unittest.TestSuite):
            yield from all_tests(each)
        else:
            yield each


def run(loaded, pattern):
    """Runs the tests whose name matches the pattern."""
    chosen = unittest.TestSuite(test for test in all_tests(loaded) if fnmatch.fnmatch(test.id(), pattern))
    return unittest.TextTestRunner(verbosity=2).run(chosen)


def status_of(result):
    return 0 if result.wasSuccessful() and result.testsRun > 0 else 1


def run_with_second_trial(test, run_once, result):
    """On Wine, which now and then loses a process at its start, a test that fails has a second trial.

    `run_once` runs the test and notes in the result that it is given how that ended.
    """
    trial = unittest.TestResult()
    run_once(trial)
    if not trial.wasSuccessful():
        for _, problem in trial.failures + trial.errors:
            print(f"once more under Wine: {test.id()}\n{problem}", file=sys.stderr, flush=True)
        return run_once(result)
    result.startTest(test)
    for _, reason in trial.skipped:
        result.addSkip(test, reason)
    if not trial.skipped:
        result.addSuccess(test)
    result.stopTest(test)
    return result
