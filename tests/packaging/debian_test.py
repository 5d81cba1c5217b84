# SPDX-License-Identifier: MIT
"""Builds the Debian packages, looks into them, and uses them from a directory of their own.

debian_test.py CMAKE SOURCE BUILD WORK -- SETTING...: the settings are those of tests/install/stranger.cmake.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

CMAKE, SOURCE, BUILD, WORK = sys.argv[1], *map(pathlib.Path, sys.argv[2:5])
SETTINGS = sys.argv[6:]
SONAME = "libasync_socket.so.0.1"
PACKAGES = ("libasync-socket0.1", "libasync-socket-dev", "asock")


def run(*command, **keywords):
    print("$", *command, flush=True)
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL, **keywords).stdout


def setting(name):
    return next(entry.split("=", 1)[1] for entry in SETTINGS if entry.startswith(f"-D{name}="))


def version():
    return re.search(r"VERSION ([0-9.]+)\n", (SOURCE / "CMakeLists.txt").read_text(encoding="utf-8"))[1]


class DebianPackages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        shutil.rmtree(WORK, ignore_errors=True)
        compilers = [f"-DCMAKE_{language}_COMPILER={setting(language + '_COMPILER')}" for language in ("C", "CXX")]
        # What is tested is not the code: -O0 is compiled faster.
        run(CMAKE, "--preset", "debian", "-S", SOURCE, "-B", BUILD, "-DCMAKE_CXX_FLAGS_RELEASE=-O0", *compilers, cwd=SOURCE)
        run(CMAKE, "--build", BUILD)
        run(pathlib.Path(CMAKE).parent / "cpack", "-G", "DEB", "--config", BUILD / "CPackConfig.cmake", "-B", WORK / "packages")
        cls.architecture = run("dpkg", "--print-architecture").strip()
        cls.version = f"{version()}-1"
        cls.root = WORK / "root"
        cls.files = {}
        for package in PACKAGES:
            run("dpkg-deb", "-x", cls.file_of(package), cls.root)
            listing = run("dpkg-deb", "-c", cls.file_of(package)).splitlines()
            cls.files[package] = [re.sub(r" (->|link to) .*", "", line.split(maxsplit=5)[5]).lstrip(".") for line in listing]
        cls.libraries = next(cls.root.rglob(SONAME)).parent
        cls.environment = dict(os.environ, LD_LIBRARY_PATH=str(cls.libraries))

    @classmethod
    def file_of(cls, package):
        return WORK / "packages" / f"{package}_{cls.version}_{cls.architecture}.deb"

    def field(self, package, name):
        return run("dpkg-deb", "-f", self.file_of(package), name).strip()

    def names(self, package):
        return [pathlib.PurePath(path).name for path in self.files[package] if not path.endswith("/")]

    def test_there_are_three_of_one_version(self):
        made = sorted(path.name for path in (WORK / "packages").glob("*.deb"))
        self.assertEqual(made, sorted(self.file_of(package).name for package in PACKAGES))
        for package in PACKAGES:
            self.assertEqual(self.field(package, "Version"), self.version)
            self.assertEqual(self.field(package, "Package"), package)

    def test_no_two_packages_have_the_same_file(self):
        everything = [path for package in PACKAGES for path in self.files[package] if not path.endswith("/")]
        self.assertEqual(len(everything), len(set(everything)))
        self.assertTrue(all(path.startswith("/usr/") for path in everything), everything)

    def test_the_runtime_package_has_the_library_of_its_soname_and_nothing_else(self):
        self.assertEqual(
            sorted(self.names("libasync-socket0.1")),
            sorted([SONAME, f"libasync_socket.so.{version()}", "copyright", "changelog.gz", "changelog.Debian.gz"]),
        )
        self.assertIn(f"[{SONAME}]", run("readelf", "-d", self.libraries / SONAME))

    def test_dependencies_are_what_the_binaries_need(self):
        library = self.field("libasync-socket0.1", "Depends")
        for needed in ("libc6", "libstdc++6", "liburing2"):
            self.assertIn(needed, library)
        own = f"libasync-socket0.1 (= {self.version})"
        self.assertIn(own, self.field("asock", "Depends"))
        self.assertIn("libgcrypt20", self.field("asock", "Depends"))
        self.assertEqual(self.field("libasync-socket-dev", "Depends"), f"{own}, liburing-dev (>= 2.3)")

    def test_the_system_is_told_of_the_library(self):
        control = WORK / "control"
        run("dpkg-deb", "-e", self.file_of("libasync-socket0.1"), control)
        self.assertEqual((control / "shlibs").read_text().strip(), f"libasync_socket 0.1 libasync-socket0.1 (= {self.version})")
        self.assertEqual((control / "triggers").read_text().strip(), "activate-noawait ldconfig")

    def test_the_dev_package_has_all_that_a_build_needs(self):
        names = self.names("libasync-socket-dev")
        for directory in ("include/async_socket", "include/async_socket/cpp"):
            for header in (SOURCE / directory).glob("*.h*"):
                if not header.name.endswith("_win32.h"):
                    self.assertIn(header.name, names)
        for name in ("export.h", "socket_handle.h", "async_socketConfig.cmake", "async_socket.pc", "libasync_socket.so"):
            self.assertIn(name, names)
        self.assertNotIn("execution_engine_win32.h", names)

    def test_asock_runs_and_brings_its_manual_and_its_completion(self):
        for name in ("asock.1.gz", "bash-completion/completions/asock", "bin/asock"):
            self.assertTrue(any(path.endswith("/" + name) for path in self.files["asock"]), name)
        asock = self.root / "usr/bin/asock"
        self.assertEqual(run(asock, "--version", env=self.environment), f"asock {version()}\n")
        self.assertIn("asock COMMAND --help", run(asock, "--help", env=self.environment))
        self.assertNotRegex(run("readelf", "-d", asock), "RPATH|RUNPATH")

    def test_a_stranger_builds_a_program_with_what_they_install(self):
        script = SOURCE / "tests/install/use_prefix.cmake"
        run(CMAKE, f"-DPREFIX={self.root / 'usr'}", f"-DWORK={WORK / 'stranger'}", "-DWAY=shared", *SETTINGS, "-P", script)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
