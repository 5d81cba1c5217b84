# SPDX-License-Identifier: MIT
"""Runs asock as a person would and looks at what it does.

asock_test.py --asock PROGRAM --backend NAME [--only PATTERN] --modules MODULE... [-- EMULATOR [ARGUMENT...]]
"""

import argparse
import fnmatch
import signal
import sys
import unittest

from asock_program import Configuration


SKIPPED = 77  # as ctest is told


def all_tests(suite):
    for each in suite:
        if isinstance(each, unittest.TestSuite):
            yield from all_tests(each)
        else:
            yield each


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--asock", required=True, help="the program")
    parser.add_argument("--backend", required=True, help="what it runs on, such as wine or io_uring")
    parser.add_argument("--sanitized", action="store_true", help="the program was built with a sanitizer")
    parser.add_argument("--only", default="*", help="run the tests whose name matches the pattern")
    parser.add_argument("--modules", required=True, nargs="+", help="where the tests stand")
    parser.add_argument("emulator", nargs="*", help="the command that runs the program")
    arguments = parser.parse_args()
    Configuration.command = [*arguments.emulator, arguments.asock]
    Configuration.backend = arguments.backend
    Configuration.sanitized = arguments.sanitized

    # A signal that is ignored here would be ignored by every program started from here, Ctrl-C included.
    signal.signal(signal.SIGINT, signal.default_int_handler)

    if not Configuration.backend_exists():
        print(f"skipped: there is no {arguments.backend} here")
        return SKIPPED

    # Imported when the configuration stands: some tests are skipped on some back ends.
    loaded = unittest.defaultTestLoader.loadTestsFromNames(arguments.modules)
    chosen = unittest.TestSuite(test for test in all_tests(loaded) if fnmatch.fnmatch(test.id(), arguments.only))
    with Configuration.warm():
        result = unittest.TextTestRunner(verbosity=2).run(chosen)
    return 0 if result.wasSuccessful() and result.testsRun > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
