# SPDX-License-Identifier: MIT
"""Puts the relay between programs that this project has not written.

real_test.py --family NAME --asock PROGRAM --backend NAME --report DIRECTORY [--only PATTERN] [-- EMULATOR...]
"""

import argparse
import importlib
import os
import pathlib
import sys
import unittest

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "tool" / "program"))

import programs
import suite
from case import RealTest
from relay import Configuration
from report import Report

INSIST = "ASYNC_SOCKET_REAL"  # set: what is missing is a failure


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

    suite.let_programs_be_interrupted()

    module = importlib.import_module(f"{arguments.family}_cases")
    missing = programs.missing(["setpriv", *module.PROGRAMS])
    if missing:
        insists = bool(os.environ.get(INSIST))
        what = f"{', '.join(missing)} not installed (script/bootstrap --real installs it)"
        print(f"{'failed' if insists else 'skipped'}: real programs, {arguments.family}: {what}")
        return 1 if insists else suite.SKIPPED

    programs.allow_many_connections()
    title = {"wine": "Built for Windows, under Wine"}.get(arguments.backend, f"Linux, {arguments.backend} back end")
    RealTest.report = Report(arguments.report, f"{arguments.family}.{arguments.backend}", title)
    loaded = unittest.defaultTestLoader.loadTestsFromModule(module)
    result = suite.run(loaded, arguments.only)
    RealTest.report.write()
    for test, reason in result.skipped:
        print(f"skipped: real programs, {arguments.family}: {test.id().rpartition('.')[2]}: {reason}")
    return suite.status_of(result)


if __name__ == "__main__":
    sys.exit(main())
