# SPDX-License-Identifier: MIT
"""script/test-on, on a machine where making a root takes no time; and .ci/run, which uses it."""

import os
import shutil
import subprocess
import unittest

from programs import MachineTest
from tree import SCRIPTS

# Notes what would run in the root. Something of it may be made to fail by $FAILING.
UNSHARE = """
[ "${@: -1}" != true ] || exit ${NO_NAMESPACES:-0}
arguments=$*
while [ "$1" != -- ]; do shift; done
shift
[ "$1" != debootstrap ] || exec "$@"
echo "$arguments" >>"$log"
[ -z "$FAILING" ] || [[ "$arguments" != *"$FAILING"* ]]
"""
DEBOOTSTRAP = """
echo "debootstrap $*" >>"$log"
mkdir -p "$3/usr/bin" "$3/etc"
echo 'PRETTY_NAME="Debian of the test"' >"$3/etc/os-release"
ln -s /bin/true "$3/usr/bin/apt-get"
"""


class Machine(MachineTest):
    def setUp(self):
        super().setUp()
        self.install("id", "echo 0")
        self.install("unshare", UNSHARE)
        self.install("debootstrap", DEBOOTSTRAP)
        self.install("apt-helper", 'if [ -n "$ANSWER" ]; then echo "E: $ANSWER"; exit 100; fi')
        self.install("apt-get", "echo http://mirror.example/debian-security/; echo http://mirror.example/debian/")
        self.roots = self.directory / "roots"

    def on(self, *arguments, **environment):
        return self.run_script("test-on", *arguments, ASYNC_SOCKET_ROOTS=str(self.roots), **environment)


class TestOn(Machine):
    def assert_left_out(self, result, reason):
        self.assertEqual(result.returncode, 77, result.stderr)
        self.assertEqual(result.stdout, "")
        self.assertEqual(len(result.stderr.splitlines()), 1, result.stderr)
        self.assertIn("left out: ", result.stderr)
        self.assertIn(reason, result.stderr)

    def test_it_makes_a_root_and_runs_both_commands_in_it(self):
        result = self.on("trixie", "linux")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        made, bootstrap, commit, demo, test = self.log()
        self.assertRegex(made, r"^debootstrap --variant=minbase trixie .*/roots/trixie.partial http://mirror.example/debian/$")
        self.assertRegex(bootstrap, r"/enter-root .*/roots/trixie /async_socket script/bootstrap --demo$")
        # Packages come over the network; what is tested has none.
        self.assertNotIn("--net", bootstrap)
        for line in (commit, demo, test):
            self.assertIn(" --net ", line)
        self.assertRegex(demo, r" script/lib/with-loopback script/demo$")
        self.assertRegex(test, r" script/lib/with-loopback script/test linux$")
        self.assertIn("test-on: trixie: passed", result.stdout)

    def test_a_root_is_kept(self):
        self.on("trixie")
        self.assertEqual(self.on("trixie", ANSWER="no network").returncode, 0)
        self.assertEqual(len([line for line in self.log() if line.startswith("debootstrap")]), 1)

    def test_a_root_that_is_there_already(self):
        self.on("trixie")
        elsewhere = self.directory / "elsewhere"
        shutil.move(self.roots / "trixie", elsewhere)
        result = self.on(str(elsewhere))
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn(f"{elsewhere} /async_socket", self.log()[-1])

    def test_with_layers_there_is_no_demo(self):
        self.assertEqual(self.on("--layers", "unit,tool", "trixie", "linux").returncode, 0)
        self.assertTrue(self.log()[1].endswith("script/bootstrap --native"))
        self.assertTrue(self.log()[-1].endswith("script/test --layers unit,tool linux"))
        self.assertFalse([line for line in self.log() if "script/demo" in line])

    def test_what_fails_is_told_and_the_rest_runs(self):
        result = self.on("trixie", FAILING="script/demo")
        self.assertEqual(result.returncode, 1)
        self.assertIn("failed: script/demo", result.stderr)
        self.assertTrue(self.log()[-1].endswith("script/test"))
        result = self.on("trixie", FAILING="script/test")
        self.assertEqual(result.returncode, 1)
        self.assertIn("failed: script/test", result.stderr)
        self.assertNotEqual(self.on("trixie", FAILING="script/bootstrap").returncode, 0)

    def test_a_file_that_has_not_changed_keeps_its_time_and_one_that_is_gone_goes(self):
        self.on("trixie")
        copy = self.roots / "trixie" / "async_socket"
        self.assertEqual((copy / "CMakeLists.txt").read_bytes(), (SCRIPTS.parent / "CMakeLists.txt").read_bytes())
        self.assertTrue(os.access(copy / "script" / "demo", os.X_OK))
        for path in ("CMakeLists.txt", "README.md"):
            os.utime(copy / path, (1, 1))
        (copy / "README.md").write_text("changed")
        (copy / "src" / "gone.cpp").touch()
        (copy / "build").mkdir()
        (copy / "build" / "made").touch()
        self.on("trixie")
        self.assertEqual((copy / "CMakeLists.txt").stat().st_mtime, 1)
        self.assertEqual((copy / "README.md").read_bytes(), (SCRIPTS.parent / "README.md").read_bytes())
        self.assertFalse((copy / "src" / "gone.cpp").exists())
        self.assertTrue((copy / "build" / "made").exists())

    def test_what_is_missing_is_told_in_one_line(self):
        self.assert_left_out(self.on("trixie", NO_NAMESPACES="1"), "no namespaces")
        self.assert_left_out(self.on("trixie", ANSWER="Could not resolve"), "cannot be fetched from http://mirror.example")
        self.remove("debootstrap")
        self.assert_left_out(self.on("trixie"), "debootstrap")
        self.install("id", "echo 1000")
        self.assert_left_out(self.on("trixie"), "root")

    def test_a_release_that_does_not_exist_is_a_mistake(self):
        result = self.on("trixy", ANSWER="Failed to fetch  404  Not Found")
        self.assertEqual(result.returncode, 1)
        self.assertIn("has no release 'trixy'", result.stderr)

    def test_a_debootstrap_that_fails_leaves_no_root(self):
        self.install("debootstrap", 'mkdir -p "$3/usr/bin"; ln -s /bin/true "$3/usr/bin/apt-get"; echo disk full; exit 1')
        result = self.on("trixie")
        self.assertEqual(result.returncode, 1)
        self.assertIn("disk full", result.stderr)
        self.assertFalse((self.roots / "trixie").exists())

    def test_wrong_usage(self):
        for arguments in ([], ["--layers"], ["--nonsense", "trixie"]):
            self.assertEqual(self.on(*arguments).returncode, 2)
        for directory in ("/", str(self.directory), "/nowhere"):
            self.assertEqual(self.on(directory).returncode, 1)
        self.assertEqual(self.log(), [])
        self.assertIn("Examples:", self.on("--help").stdout)


class Ci(Machine):
    def run_ci(self, system, test_status, test_on_status, sim_status=0):
        tree = self.directory / "tree"
        shutil.rmtree(tree, ignore_errors=True)
        (tree / "script").mkdir(parents=True)
        shutil.copytree(SCRIPTS.parent / ".ci", tree / ".ci")
        (self.directory / "os-release").write_text(f'ID=debian\nVERSION_ID="{system}"\n', encoding="utf-8")
        for name, status in (("test", test_status), ("sim", sim_status), ("test-on", test_on_status)):
            self.install(name, f'echo "{name} $* format=$ASYNC_SOCKET_FORMAT roots=$ASYNC_SOCKET_ROOTS" >>"$log"; exit {status}')
            (tree / "script" / name).symlink_to(self.programs / name)
        environment = {"PATH": self.path, "HOME": "/home/of", "OS_RELEASE": str(self.directory / "os-release")}
        return subprocess.run([tree / ".ci" / "run"], env=environment, check=False).returncode

    def test_it_runs_everything_and_then_the_native_build_on_debian_13(self):
        self.assertEqual(self.run_ci(12, 0, 0), 0)
        test, sim, test_on = self.log()
        self.assertEqual(test, "test --all --real format=required roots=")
        self.assertIn("sim --fresh --minutes 2 --quiet", sim)
        self.assertIn("test-on --layers unit,contract,tool trixie linux", test_on)
        self.assertTrue(test_on.endswith("roots=/home/of/.cache/async_socket/roots"))

    def test_the_formatter_is_required_on_debian_12_only(self):
        self.run_ci(13, 0, 0)
        self.assertIn("format= ", self.log()[0])

    def test_a_seed_that_nobody_has_tried_fails_nothing(self):
        self.assertEqual(self.run_ci(12, 0, 0, sim_status=1), 0)
        self.assertEqual(len(self.log()), 3)

    def test_what_is_left_out_is_no_failure_and_any_other_status_is(self):
        self.assertEqual(self.run_ci(12, 0, 77), 0)
        self.assertNotEqual(self.run_ci(12, 0, 1), 0)
        self.assertNotEqual(self.run_ci(12, 1, 0), 0)
        self.assertNotEqual(self.run_ci(12, 1, 77), 0)


if __name__ == "__main__":
    unittest.main()
