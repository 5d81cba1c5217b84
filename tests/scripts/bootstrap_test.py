# SPDX-License-Identifier: MIT

import unittest

from programs import MachineTest

# Installed is what was installed, and what $INSTALLED names.
DPKG_QUERY = 'grep -qs " ${@: -1}\\( \\|$\\)" "$log" || [[ " $INSTALLED " = *" ${@: -1} "* ]] || exit 1; echo -n installed'
APT_GET = 'echo "$* " >>"$log"; for package in "$@"; do [[ " $REFUSED " != *" $package "* ]] || exit 100; done'
APT_CACHE = '[[ " $REFUSED " = *" $2 "* ]] && echo "  Candidate: (none)" || echo "  Candidate: 1.0"'


class Bootstrap(MachineTest):
    def setUp(self):
        super().setUp()
        self.install("dpkg-query", DPKG_QUERY)
        self.install("apt-get", APT_GET)
        self.install("apt-cache", APT_CACHE)
        self.install("sudo", 'exec "$@"')
        self.install("clang", "echo 19.1.7")

    def installed(self):
        return [word for line in self.log() if line.startswith("install ") for word in line.split()]

    def test_a_release_without_the_formatter_gets_all_the_rest(self):
        result = self.run_script("bootstrap", REFUSED="clang-format-14 clang-tidy-14", INSTALLED="")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertIn("this release has no clang-format-14 clang-tidy-14", result.stdout)
        self.assertIn("g++", self.installed())
        self.assertIn("libclang-rt-19-dev", self.installed())
        self.assertNotIn("clang-format-14", self.installed())

    def test_a_release_with_the_formatter_gets_it(self):
        result = self.run_script("bootstrap", REFUSED="", INSTALLED="")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertIn("clang-format-14", self.installed())
        self.assertIn("clang-tidy-14", self.installed())
        self.assertNotIn("this release has no", result.stdout)

    def test_a_second_run_asks_apt_for_nothing(self):
        for refused in ("", "clang-format-14 clang-tidy-14"):
            with self.subTest(refused=refused):
                self.run_script("bootstrap", REFUSED=refused, INSTALLED="")
                before = self.log()
                result = self.run_script("bootstrap", REFUSED=refused, INSTALLED="")
                self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
                self.assertEqual(self.log(), before)

    def test_a_package_that_building_needs_is_not_left_out(self):
        result = self.run_script("bootstrap", REFUSED="liburing-dev", INSTALLED="")
        self.assertNotEqual(result.returncode, 0)

    def test_the_native_builds_need_no_wine(self):
        result = self.run_script("bootstrap", "--native", REFUSED="", INSTALLED="")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertIn("g++", self.installed())
        self.assertFalse({"wine64", "g++-mingw-w64-x86-64-posix"} & set(self.installed()))

    def test_a_dry_run_installs_nothing(self):
        result = self.run_script("bootstrap", "--dry-run", REFUSED="", INSTALLED="g++")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertRegex(result.stdout, r"missing: .*\bcmake\b")
        self.assertNotRegex(result.stdout, r" g\+\+ ")
        self.assertEqual(self.log(), [])


if __name__ == "__main__":
    unittest.main()
