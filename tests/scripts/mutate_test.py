# SPDX-License-Identifier: MIT

import pathlib
import subprocess
import sys
import tempfile
import unittest

SCRIPTS = pathlib.Path(__file__).resolve().parent.parent.parent / "script"
sys.path.insert(0, str(SCRIPTS / "lib"))

import mutant_tests  # noqa: E402
import mutations  # noqa: E402

PRESETS = """{ "version": 6, "configurePresets": [{ "name": "linux", "generator": "Ninja", "binaryDir": "build" }] }"""
CMAKE = """cmake_minimum_required(VERSION 3.25)
project(small CXX)
enable_testing()
add_executable(small_test tests/small_test.cpp src/small.cpp src/counting.cpp)
add_test(NAME unit.small COMMAND small_test)
set_tests_properties(unit.small PROPERTIES LABELS unit)
"""
SMALL = """// Whether it is small, x < 10.
bool is_small(int x)
{
    return x < 10;
}

const char* never_asked()
{
    const bool small = true;
    return small ? "small" : "x < 10 == 1 + 1";
}
"""
COUNTING = """void count(int& x)
{
    x -= 1;
}

int count_down(int x)
{
    while (x != 0) {
        count(x);
    }
    return x;
}
"""
SMALL_TEST = """bool is_small(int x);
int count_down(int x);
int main()
{
    return is_small(9) && !is_small(10) && count_down(2) == 0 ? 0 : 1;
}
"""


def found_in(text, kind):
    neighbours = mutations.enumerators([text])
    return [
        (mutation.line, mutation.old, mutation.new)
        for mutation in mutations.mutations_of("src/x.cpp", text, neighbours)
        if mutation.kind == kind
    ]


class Places(unittest.TestCase):
    def test_conditions(self):
        text = "    if (a && f(b)) {\n    } while (int i = 0; !b) {\n    } if (auto p = q()) {\n    }\n    return a == b;\n"
        self.assertEqual(
            found_in(text, "negated condition"), [(1, "a && f(b)", "!(a && f(b))"), (2, "!b", "!(!b)"), (5, "==", "!=")]
        )

    def test_calls(self):
        text = "{\n    a->b.stop(1, f(2));\n    delete this;\n    return g();\n    x = h();\n    int i(3);\n    if (k) {\n        v::w();\n    }\n"
        self.assertEqual([old for _, old, _ in found_in(text, "dropped call")], ["a->b.stop(1, f(2))", "delete this", "v::w()"])

    def test_no_constructor_is_a_call(self):
        self.assertEqual(found_in("class thing {\npublic:\n    thing(int x);\n};\n", "dropped call"), [])

    def test_off_by_one(self):
        text = "    for (i = n - 1; i < n; ++i) {\n    x = y + 10 >= std::array<int, 3>::size();\n"
        self.assertEqual(found_in(text, "off by one"), [(1, " - 1", ""), (1, "<", "<="), (2, ">=", ">")])

    def test_constants(self):
        text = "enum class way { in,\n out };\nenum LEVEL { LOW, HIGH };\n    f(way::in, true);\n    return LOW;\n    case HIGH:\n    return 0;\n"
        self.assertEqual(
            found_in(text, "swapped constant"),
            [(4, "in", "out"), (4, "true", "false"), (5, "LOW", "HIGH"), (7, "0", "1")],
        )

    def test_checks(self):
        text = "    return (a || f(b, c)) && d &&\n        e;\n"
        self.assertEqual(
            found_in(text, "weakened check"), [(1, " || f(b, c)", ""), (1, " && d", ""), (1, " &&\n        e", "")]
        )

    def test_what_is_no_code_of_a_function_is_left_alone(self):
        text = (
            '{\n// a == b\n/* x < y */\n#if A == B && \\\n    C == D\n#endif\n    f("a == b", \'<\');\n'
            "static_assert(a == b);\nusing x = y < z > ::w;\n    std::atomic_thread_fence(std::memory_order_seq_cst);\n"
        )
        self.assertEqual([old for _, old, _ in found_in(text, "dropped call")], ["f(\"a == b\", '<')"])
        for kind in ("negated condition", "off by one", "weakened check"):
            self.assertEqual(found_in(text, kind), [], kind)

    def test_a_mutation_changes_what_it_names_and_nothing_else(self):
        (mutation,) = [each for each in mutations.mutations_of("src/small.cpp", SMALL, {}) if each.line == 4]
        self.assertEqual(mutation.applied_to(SMALL), SMALL.replace("return x < 10", "return x <= 10"))

    def test_a_seed_gives_an_order_in_which_no_line_comes_twice_before_each_has_come(self):
        found = mutations.mutations_of("src/x.cpp", "    a == b && c;\n    d == e;\n    f < g;\n", {})
        orders = [mutations.chosen(found, seed) for seed in (1, 1, 2, 3, 4, 5)]
        self.assertEqual(orders[0], orders[1])
        self.assertGreater(len({tuple(order) for order in orders}), 1)
        for order in orders:
            self.assertEqual(sorted(each.line for each in order[:3]), [1, 2, 3])
            self.assertEqual(set(order), set(found))


    def test_a_line_keeps_its_place_in_the_order_when_other_lines_come_and_go(self):
        lines = [f"    a{number} == b && c;\n" for number in range(20)]

        def order(text):
            return [(each.place, each.kind) for each in mutations.chosen(mutations.mutations_of("src/x.cpp", text, {}), 1)]

        all_of_them, without_one = order("".join(lines)), order("\n" + "".join(lines[:7] + lines[8:]))
        self.assertEqual([each for each in all_of_them if "a7 " not in each[0]], without_one)


class Cases(unittest.TestCase):
    def test_the_fast_ones_of_a_long_test_are_run_first(self):
        test = mutant_tests.Test("unit.x", "x", ["x"], {}, ".", 10.0, {"a.slow": 5000, "a.fast": 10, "b.faster": 1, "b.slow": 1990})
        self.assertEqual(test.parts(), ["b.faster:a.fast", "-b.faster:a.fast"])

    def test_a_short_test_and_one_whose_cases_are_not_known_are_run_as_a_whole(self):
        for test in (mutant_tests.Test("unit.x", "x", ["x"], {}, ".", 1.0, {"a.fast": 1}), mutant_tests.Test("unit.y", "y", ["y"], {}, ".", 9.0)):
            self.assertEqual(test.parts(), ["*"])


    def test_the_time_of_the_slowest_counts_or_that_of_all_where_they_are_not_known(self):
        self.assertEqual(mutant_tests.Test("unit.x", "x", ["x"], {}, ".", 9.0, {"a": 10, "b": 2000}).slowest(), 2.0)
        self.assertEqual(mutant_tests.Test("unit.y", "y", ["y"], {}, ".", 9.0).slowest(), 9.0)


class Output(unittest.TestCase):
    def read(self, script, limit):
        with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as process:
            output, hangs = mutant_tests.read_while_alive(process.stdout, limit)
            process.kill()
        return output.split(), hangs

    def test_what_goes_on_printing_does_not_hang(self):
        script = "import time\nfor i in range(8):\n    print(i, flush=True)\n    time.sleep(0.5)"
        self.assertEqual(self.read(script, 3), (list("01234567"), False))

    def test_what_prints_nothing_more_hangs(self):
        self.assertEqual(self.read("import time\nprint(1, flush=True)\ntime.sleep(300)", 2), (["1"], True))


class Runs(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.root = pathlib.Path(directory.name) / "root"
        self.work = pathlib.Path(directory.name) / "work"
        for path, text in {
            "CMakePresets.json": PRESETS,
            "CMakeLists.txt": CMAKE,
            "src/small.cpp": SMALL,
            "src/counting.cpp": COUNTING,
            "tests/small_test.cpp": SMALL_TEST,
        }.items():
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            (self.root / path).write_text(text, encoding="utf-8")

    def run_mutate(self, *arguments):
        command = [sys.executable, "-B", SCRIPTS / "lib" / "mutate.py", "--root", self.root, "--work", self.work, "--jobs", "1"]
        return subprocess.run([*command, *arguments], capture_output=True, text=True, check=False)

    def test_killed_and_survived(self):
        result = self.run_mutate("--only", "src/small.cpp")
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        self.assertIn("| src/small.cpp:4 | off by one: < -> <= | unit.small |", result.stdout)
        self.assertIn("| src/small.cpp:9 | swapped constant: true -> false | SURVIVED |", result.stdout)
        self.assertIn("seed 1: 2 changes, 1 noticed, 1 survived", result.stdout)
        self.assertEqual((self.root / "src/small.cpp").read_text(encoding="utf-8"), SMALL)

    def test_they_can_be_taken_in_parts(self):
        both = self.run_mutate("--list", "--only", "src/small.cpp").stdout.splitlines()
        parts = [self.run_mutate("--list", "--only", "src/small.cpp", "--from", first, "--count", "1") for first in "12"]
        self.assertEqual([part.stdout.strip() for part in parts], both)

    def test_what_hangs_is_killed(self):
        result = self.run_mutate("--only", "src/counting.cpp", "--limit", "2")
        self.assertIn("| src/counting.cpp:9 | dropped call: count(x) -> static_cast<void>(0) | unit.small (hangs) |", result.stdout, result.stderr)

    def test_what_is_known_is_not_tried_again(self):
        arguments = ("--count", "1", "--seed", "5", "--only", "src/small.cpp")
        first, again = self.run_mutate(*arguments), self.run_mutate(*arguments)
        self.assertEqual(first.returncode, again.returncode, first.stdout + first.stderr + again.stderr)
        self.assertIn("without any change", first.stdout)
        self.assertNotIn("without any change", again.stdout)
        self.assertIn(again.stdout.splitlines()[-1], first.stdout)

    def test_tests_that_are_known_to_pass_are_not_run_again_without_a_change(self):
        first, more = (self.run_mutate("--count", count, "--only", "src/small.cpp") for count in ("1", "2"))
        self.assertIn("building the tests, and running them without any change", first.stdout)
        self.assertIn("building the tests\n", more.stdout)
        (self.root / "tests/small_test.cpp").write_text(SMALL_TEST + "\n", encoding="utf-8")
        again = self.run_mutate("--count", "2", "--only", "src/small.cpp")
        self.assertIn("building the tests, and running them without any change", again.stdout)

    def test_a_survivor_is_tried_again_when_the_tests_have_changed(self):
        arguments = ("--count", "2", "--only", "src/small.cpp")
        self.assertIn("1 survived", self.run_mutate(*arguments).stdout)
        text = SMALL_TEST.replace("int main()", "const char* never_asked();\nint main()")
        text = text.replace("is_small(9)", "is_small(9) && never_asked()[0] == 's'")
        (self.root / "tests/small_test.cpp").write_text(text, encoding="utf-8")
        mended = self.run_mutate(*arguments)
        self.assertIn("2 noticed, 0 survived", mended.stdout)
        self.assertEqual(mended.returncode, 0)

    def test_tests_that_fail_without_a_change_are_no_judges(self):
        (self.root / "tests/small_test.cpp").write_text("int main() { return 1; }\n", encoding="utf-8")
        result = self.run_mutate("--count", "1")
        self.assertEqual(result.returncode, 2, result.stdout + result.stderr)
        self.assertIn("without any change, a test fails: unit.small", result.stderr)

    def test_a_place_without_lines_fails(self):
        result = self.run_mutate("--only", "src/nothing")
        self.assertEqual(result.returncode, 2)
        self.assertIn("there is no line to break in src/nothing", result.stderr)


if __name__ == "__main__":
    unittest.main()
