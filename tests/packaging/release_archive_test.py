# SPDX-License-Identifier: MIT
"""script/release-archive: what it writes, which the tests of the port and of the recipe then build.

release_archive_test.py SOURCE OUTPUT
"""

import ast
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import unittest

SOURCE, OUTPUT = map(pathlib.Path, sys.argv[1:3])
# The files may be somebody else's, as in a container.
ENVIRONMENT = dict(os.environ, GIT_CONFIG_COUNT="1", GIT_CONFIG_KEY_0="safe.directory", GIT_CONFIG_VALUE_0="*")


def git(*arguments):
    command = ["git", "-C", SOURCE, *arguments]
    return subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=False).stdout.strip()


def release_archive(*arguments):
    command = [SOURCE / "script/release-archive", *arguments]
    return subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=False)


class ReleaseArchive(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        shutil.rmtree(OUTPUT, ignore_errors=True)
        # What stands in the tree, committed or not.
        cls.commit = git("stash", "create") or "HEAD"
        made = release_archive("--output", OUTPUT, cls.commit)
        print(made.stdout, made.stderr)
        made.check_returncode()
        cmake_lists = (SOURCE / "CMakeLists.txt").read_text(encoding="utf-8")
        cls.version = re.search(r"VERSION ([0-9.]+)\n", cmake_lists)[1]
        cls.name = f"async_socket-{cls.version}"
        cls.archive = OUTPUT / f"{cls.name}.tar.gz"

    def digest(self, algorithm):
        return hashlib.new(algorithm, self.archive.read_bytes()).hexdigest()

    def test_it_holds_every_file_of_the_commit_below_one_directory(self):
        with tarfile.open(self.archive) as archive:
            held = {entry.name for entry in archive if not entry.isdir()}
        expected = {f"{self.name}/{path}" for path in git("ls-tree", "-r", "--name-only", self.commit).splitlines()}
        self.assertEqual(held, expected)
        self.assertIn(f"{self.name}/CMakeLists.txt", held)

    def test_the_same_commit_gives_the_same_archive(self):
        again = OUTPUT / "again"
        release_archive("--output", again, self.commit).check_returncode()
        self.assertEqual((again / self.archive.name).read_bytes(), self.archive.read_bytes())

    def test_the_checksums_are_those_of_the_archive(self):
        said = (OUTPUT / f"{self.archive.name}.sha512").read_text()
        self.assertEqual(said, f"{self.digest('sha512')}  {self.archive.name}\n")
        self.assertIn(self.digest("sha512"), (OUTPUT / "vcpkg/async-socket/release.cmake").read_text())
        self.assertIn(self.digest("sha256"), (OUTPUT / "conan/conandata.yml").read_text())

    def test_the_port_and_the_recipe_are_told_where_the_archive_is(self):
        output = OUTPUT / "published"
        url = f"https://downloads.example.org/{self.archive.name}"
        release_archive("--output", output, "--url", url, self.commit).check_returncode()
        self.assertIn(f'set(RELEASE_URL "{url}")', (output / "vcpkg/async-socket/release.cmake").read_text())
        self.assertIn(f'url: "{url}"', (output / "conan/conandata.yml").read_text())

    def test_the_port_and_the_recipe_are_of_the_version(self):
        port = json.loads((OUTPUT / "vcpkg/async-socket/vcpkg.json").read_text(encoding="utf-8"))
        self.assertEqual((port["name"], port["version"]), ("async-socket", self.version))
        for file in ("conan/conanfile.py", "conan/test_package/conanfile.py"):
            tree = ast.parse((OUTPUT / file).read_text(encoding="utf-8"), file)
            compile(tree, file, "exec")
        recipe = (OUTPUT / "conan/conanfile.py").read_text(encoding="utf-8")
        self.assertIn(f'\n    version = "{self.version}"\n', recipe)

    def test_it_refuses_what_is_no_commit(self):
        refused = release_archive("--output", OUTPUT / "refused", "no-such-commit")
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("no-such-commit", refused.stderr)
        self.assertFalse((OUTPUT / "refused").exists())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
