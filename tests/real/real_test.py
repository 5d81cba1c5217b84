# SPDX-License-Identifier: MIT
"""Puts the relay between programs that this project has not written.

real_test.py --family NAME --asock PROGRAM --backend NAME --report DIRECTORY [--only PATTERN] [-- EMULATOR...]
"""

import argparse
import fnmatch
import importlib
import os
import signal
import sys
import unittest

import programs
from case import RealTest
from relay import Configuration
from report import Report

SKIPPED = 77  # as ctest is told
INSIST = "ASYNC_SOCKET_REAL"  # set: what is missing is a failure


def all_tests(suite):
    for each in suite:
        if isinstance(each, unittest.TestSuite):
            yield from all_tests(each)
        else:
            yield each


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--family", required=True, help="the cases: the name of a file, without _cases.py")
    parser.add_argument("--asock", required=True, help="the program under test")
    parser.add_argument("--backend", required=True, help="what it runs on: default, io_uring, epoll or wine")
    parser.add_argument("--report", required=True, help="the directory of what was measured")
    parser.add_argument("--only", default="*", help="run the tests whose name matches the pattern")
    parser.add_argument("emulator", nargs="*", help="the command that runs the program")
    arguments = parser.parse_args()
    Configuration.command = [*arguments.emulator, arguments.asock]
    Configuration.backend = arguments.backend

    # A signal that is ignored here would be ignored by every program started from here, Ctrl-C included.
    signal.signal(signal.SIGINT, signal.default_int_handler)

    module = importlib.import_module(f"{arguments.family}_cases")
    missing = programs.missing(["setpriv", *module.PROGRAMS])
    if missing:
        insists = bool(os.environ.get(INSIST))
        what = f"{', '.join(missing)} not installed (script/bootstrap --real installs it)"
        print(f"{'failed' if insists else 'skipped'}: real programs, {arguments.family}: {what}")
        return 1 if insists else SKIPPED

    programs.allow_many_connections()
    title = {"wine": "Built for Windows, under Wine"}.get(arguments.backend, f"Linux, {arguments.backend} back end")
    RealTest.report = Report(arguments.report, f"{arguments.family}.{arguments.backend}", title)
    loaded = unittest.defaultTestLoader.loadTestsFromModule(module)
    chosen = unittest.TestSuite(test for test in all_tests(loaded) if fnmatch.fnmatch(test.id(), arguments.only))
    result = unittest.TextTestRunner(verbosity=2).run(chosen)
    RealTest.report.write()
    for test, reason in result.skipped:
        print(f"skipped: real programs, {arguments.family}: {test.id().rpartition('.')[2]}: {reason}")
    return 0 if result.wasSuccessful() and result.testsRun > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
