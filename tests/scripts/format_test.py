# SPDX-License-Identifier: MIT

import shutil
import sys
import unittest

from programs import MachineTest
from tree import SCRIPTS

sys.path.insert(0, str(SCRIPTS / "lib"))
import run_tests  # noqa: E402  (where it is, is known only now)
import test_steps  # noqa: E402

CLANG_FORMAT = 'if [ "$1" = --version ]; then echo "Debian clang-format version {0}.1.7"; else echo "$*" >>"$log"; echo "${{@: -1}}:1:1: error: code should be clang-formatted"; exit 1; fi'
CLANG_TIDY = 'if [ "$1" = --version ]; then echo "  LLVM version {0}.1.7"; else echo "$*" >>"$log"; echo "a finding"; exit 1; fi'
# Instead of a configured build: the database that the script would have read.
CMAKE = 'while [ $# -gt 0 ]; do [ "$1" != -B ] || build=$2; shift; done; mkdir -p "$build"; echo "[]" >"$build/compile_commands.json"'


class Format(MachineTest):
    def setUp(self):
        super().setUp()
        self.take_away("clang-format*", "clang-tidy*")
        self.install("cmake", CMAKE)
        # A tree of one file.
        self.scripts = self.directory / "script"
        (self.scripts / "lib").mkdir(parents=True)
        for script in ("format", "lib/common.sh"):
            shutil.copy(SCRIPTS / script, self.scripts / script)
        (self.directory / "src").mkdir()
        (self.directory / "src" / "thing.cpp").write_text("int  thing;\n", encoding="utf-8")
        self.environment = {"ASYNC_SOCKET_BUILD_DIR": str(self.directory / "build")}

    def install_clang(self, version, suffix=""):
        self.install("clang-format" + suffix, CLANG_FORMAT.format(version))
        self.install("clang-tidy" + suffix, CLANG_TIDY.format(version))

    def test_without_the_version_that_decides_it_skips_in_one_line(self):
        self.install_clang(19)
        for arguments in ([], ["--check"]):
            with self.subTest(arguments=arguments):
                result = self.run_script("format", *arguments, **self.environment)
                self.assertEqual(result.returncode, 0, result.stderr)
                self.assertEqual(result.stdout.splitlines(), ["skipped: clang-format 14 decides, and it is not installed (found: 19)"])
                self.assertEqual(result.stderr, "")
        self.assertEqual(self.log(), [])

    def test_without_any_it_says_so(self):
        result = self.run_script("format", "--check", **self.environment)
        self.assertEqual(result.stdout, "skipped: clang-format 14 decides, and it is not installed (found: none)\n")
        self.assertEqual(result.returncode, 0)

    def test_where_it_is_required_the_absence_is_a_failure(self):
        self.install_clang(19)
        result = self.run_script("format", "--check", ASYNC_SOCKET_FORMAT="required", **self.environment)
        self.assertEqual(result.returncode, 1)
        self.assertIn("clang-format 14, which decides, is not installed (found: 19)", result.stderr)

    def test_the_version_that_decides_does(self):
        for suffix in ("-14", ""):
            with self.subTest(suffix=suffix):
                self.remove("clang-format*")
                self.remove("clang-tidy*")
                self.install_clang(14, suffix)
                result = self.run_script("format", "--check", **self.environment)
                self.assertEqual(result.returncode, 1, result.stdout)
                self.assertIn("not formatted: src/thing.cpp", result.stderr)

    def test_any_other_advises(self):
        self.install_clang(19)
        result = self.run_script("format", "--check", "--advise", **self.environment)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("not formatted: src/thing.cpp", result.stderr)
        self.assertIn("version 14 decides", result.stdout)


class Summary(unittest.TestCase):
    def test_a_check_that_skips_is_no_check_that_passes(self):
        step = test_steps.Step("format")
        run_tests.add_check(step, "skipped: clang-format 14 decides, and it is not installed (found: 19)\n")
        self.assertEqual((step.total.passed, step.total.skipped), (0, 1))
        self.assertEqual(step.left_out, ["clang-format 14 decides, and it is not installed (found: 19)"])

    def test_a_check_that_is_made_passes(self):
        step = test_steps.Step("format")
        run_tests.add_check(step, "clang-format: 700 files checked\n")
        self.assertEqual((step.total.passed, step.total.skipped, step.left_out), (1, 0, []))


if __name__ == "__main__":
    unittest.main()
