# SPDX-License-Identifier: MIT
"""Each fault that the simulator must find can be put back into the tree as it is."""

import pathlib
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Missed(unittest.TestCase):
    def test_patches_apply(self):
        patches = sorted((ROOT / "tests/sim/missed").glob("*.patch"))
        self.assertGreaterEqual(len(patches), 25)
        for each in patches:
            with self.subTest(each.stem):
                done = subprocess.run(["patch", "--dry-run", "--silent", "--strip=1", f"--directory={ROOT}",
                                       f"--input={each}"], capture_output=True, text=True)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
                self.assertNotIn("fuzz", done.stdout)

    def test_each_says_what_it_puts_back(self):
        for each in (ROOT / "tests/sim/missed").glob("*.patch"):
            with self.subTest(each.stem):
                first = each.read_text().splitlines()[0]
                self.assertRegex(first, r"^[A-Z].*\.$")


if __name__ == "__main__":
    unittest.main()
