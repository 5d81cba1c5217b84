# SPDX-License-Identifier: MIT
"""Runs asock as a person would and looks at what it does.

asock_test.py --asock PROGRAM --backend NAME [--only PATTERN] --modules MODULE... [-- EMULATOR [ARGUMENT...]]
"""

import argparse
import sys
import unittest

import suite
from asock_program import Configuration


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

    suite.let_programs_be_interrupted()

    if not Configuration.backend_exists():
        print(f"skipped: there is no {arguments.backend} here")
        return suite.SKIPPED

    # Imported when the configuration stands: some tests are skipped on some back ends.
    loaded = unittest.defaultTestLoader.loadTestsFromNames(arguments.modules)
    with Configuration.warm():
        return suite.status_of(suite.run(loaded, arguments.only))


if __name__ == "__main__":
    sys.exit(main())
