# SPDX-License-Identifier: MIT
"""Carries out the Conan recipe and its test package as they stand, with the stand-ins of conan_stand_in.py.

conan_test.py CMAKE RECIPE WORK -- ARGUMENT...: the arguments are those that CMake gets from Conan's profile.
"""

import pathlib
import re
import shutil
import sys
import unittest

import conan_stand_in

CMAKE, RECIPE, WORK = sys.argv[1], *map(pathlib.Path, sys.argv[2:4])
PROFILE = sys.argv[5:]
PACKAGE = WORK / "conan"
CONSUMER = WORK / "conan_test_package"


def read_conan_data():
    """The one entry of conandata.yml, which script/release-archive writes."""
    text = (RECIPE / "conandata.yml").read_text(encoding="utf-8")
    version = re.search(r'^  "([0-9.]+)":$', text, re.MULTILINE)[1]
    return {"sources": {version: dict(re.findall(r'^    (\w+): "(.*)"$', text, re.MULTILINE))}}


class Recipe(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        for directory in (PACKAGE, CONSUMER):
            shutil.rmtree(directory, ignore_errors=True)
        conan_stand_in.install(CMAKE, PROFILE)
        cls.recipe = conan_stand_in.load(RECIPE / "conanfile.py", base=WORK, package=PACKAGE)
        cls.recipe.conan_data = read_conan_data()
        for step in ("requirements", "build_requirements", "validate", "layout", "source", "generate", "build", "package"):
            getattr(cls.recipe, step)()
        cls.recipe.package_info()

    def test_it_packs_the_library_the_headers_and_the_licence(self):
        for name in ("lib/libasync_socket.a", "include/async_socket/async_socket.hpp", "licenses/LICENSE"):
            self.assertTrue((PACKAGE / name).is_file(), name)

    def test_it_leaves_to_conan_what_is_conans(self):
        for name in ("lib/cmake", "lib/pkgconfig", "share", "bin"):
            self.assertFalse((PACKAGE / name).exists(), name)

    def test_it_builds_the_library_only(self):
        cache = (WORK / "build/CMakeCache.txt").read_text(encoding="utf-8")
        for option in ("TESTS", "EXAMPLES", "TOOLS"):
            self.assertRegex(cache, f"ASYNC_SOCKET_BUILD_{option}:[A-Z]+=OFF")

    def test_it_requires_what_the_library_is_linked_with(self):
        self.assertEqual([name.split("/")[0] for name in self.recipe.required], ["liburing"])

    def test_its_tool_takes_digests_from_the_system_on_windows(self):
        expected = {"Linux": ["liburing", "cli11", "libgcrypt"], "Windows": ["cli11"]}
        for system, names in expected.items():
            recipe = conan_stand_in.load(RECIPE / "conanfile.py", base=WORK, package=PACKAGE)
            recipe.settings.os = system
            recipe.options.tool = True
            recipe.requirements()
            self.assertEqual([name.split("/")[0] for name in recipe.required], names, system)

    def test_its_test_package_finds_links_and_runs(self):
        conan_stand_in.describe_to_cmake(self.recipe, CONSUMER / "generators")
        consumer = conan_stand_in.load(RECIPE / "test_package/conanfile.py", base=CONSUMER, package=None)
        consumer.tested_reference_str = f"async_socket/{self.recipe.version}"
        consumer.source_folder = str(RECIPE / "test_package")
        for step in ("requirements", "layout", "build", "test"):
            getattr(consumer, step)()
        self.assertEqual(consumer.output, "42\n")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
