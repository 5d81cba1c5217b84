# SPDX-License-Identifier: MIT

import unittest

from tree import TreeTest


def requirement(name):
    return f"**{name}: [** It shall work. **]**\n"


def test_of(name, suite="suite", case="case"):
    return f"// {name}\nTEST({suite}, {case})\n{{\n}}\n"


class Trace(TreeTest):
    script = "trace"

    def setUp(self):
        super().setUp()
        self.write("docs/requirements/thing.md", "# Thing\n\n" + requirement("SRS_THING_01_001"))
        self.write("src/win32/thing.cpp", "// SRS_THING_01_001\n")
        self.write("tests/unit/thing_test.cpp", test_of("SRS_THING_01_001"))

    def test_a_complete_tree_passes(self):
        self.assert_passes()

    def test_the_test_is_named(self):
        self.assertIn("tests/unit/thing_test.cpp suite.case", self.run_script().stdout)

    def test_the_totals_are_printed(self):
        self.write("src/win32/thing.cpp", "")
        self.assertIn("1 requirements in 1 documents, 0 with code, 1 with tests", self.run_script("--summary").stdout)

    def test_a_requirement_without_code_fails(self):
        self.write("src/win32/thing.cpp", "// nothing here\n")
        self.assert_fails_with("SRS_THING_01_001 (thing.md): no code names it")

    def test_a_public_header_is_no_code(self):
        self.write("src/win32/thing.cpp", "")
        self.write("include/async_socket/thing.h", "// SRS_THING_01_001\n")
        self.assert_fails_with("SRS_THING_01_001 (thing.md): no code names it")

    def test_a_header_of_the_cpp_layer_is_code(self):
        self.write("src/win32/thing.cpp", "")
        self.write("include/async_socket/cpp/thing.hpp", "int thing(); // SRS_THING_01_001\n")
        self.assert_passes()

    def test_what_such_a_header_promises_is_no_code(self):
        self.write("src/win32/thing.cpp", "")
        self.write("include/async_socket/cpp/thing.hpp", "// Does it. Requirements: SRS_THING_01_001\nint thing();\n")
        self.assert_fails_with("SRS_THING_01_001 (thing.md): no code names it")

    def test_such_a_header_names_defined_requirements_only(self):
        self.write("include/async_socket/cpp/thing.hpp", "// SRS_THING_01_002\n")
        self.assert_fails_with("include/async_socket/cpp/thing.hpp:1: names SRS_THING_01_002")

    def test_a_requirement_without_test_fails(self):
        self.write("tests/unit/thing_test.cpp", "TEST(suite, case)\n{\n}\n")
        self.assert_fails_with("SRS_THING_01_001 (thing.md): no test names it")

    def test_a_mention_outside_of_every_test_is_no_test(self):
        self.write("tests/unit/thing_test.cpp", "// SRS_THING_01_001\n\n" + "TEST(suite, case)\n{\n}\n")
        self.assert_fails_with("SRS_THING_01_001 (thing.md): no test names it")

    def test_a_mention_in_the_body_of_a_test_counts(self):
        self.write("tests/unit/thing_test.cpp", "TEST(suite, case)\n{\n    // SRS_THING_01_001\n}\n")
        self.assert_passes()

    def test_a_mention_after_the_body_of_a_test_does_not_count(self):
        self.write("tests/unit/thing_test.cpp", "TEST(suite, case)\n{\n}\n\n// SRS_THING_01_001\nint other;\n")
        self.assert_fails_with("SRS_THING_01_001 (thing.md): no test names it")

    def test_a_test_whose_name_stands_on_the_next_line_counts(self):
        self.write("tests/unit/thing_test.cpp", "// SRS_THING_01_001\nTEST_F(\n    suite, case)\n{\n}\n")
        self.assert_passes()

    def test_every_line_of_a_comment_above_a_test_counts(self):
        self.write("tests/unit/thing_test.cpp", "// SRS_THING_01_001:\n// at length.\n" + "TEST_P(suite, case)\n{\n}\n")
        self.assert_passes()

    def test_a_longer_number_is_another_one(self):
        self.write("src/win32/thing.cpp", "// SRS_THING_01_0011\n")
        self.assert_fails_with("SRS_THING_01_001 (thing.md): no code names it")

    def test_code_that_names_an_undefined_requirement_fails(self):
        self.write("src/common/other.cpp", "// SRS_THING_01_002\n")
        self.assert_fails_with("src/common/other.cpp:1: names SRS_THING_01_002, which no document defines")

    def test_a_test_that_names_an_undefined_requirement_fails(self):
        self.write("tests/unit/other_test.cpp", test_of("SRS_THING_01_002"))
        self.assert_fails_with("tests/unit/other_test.cpp: names SRS_THING_01_002, which no document defines")

    def test_a_requirement_that_is_defined_twice_fails(self):
        self.write("docs/requirements/again.md", requirement("SRS_THING_01_001"))
        self.assert_fails_with("SRS_THING_01_001 is defined a second time")

    def test_a_malformed_definition_fails(self):
        self.write("docs/requirements/again.md", "**SRS_THING_01_002: It shall work.**\n")
        self.assert_fails_with("again.md:1: looks like a requirement")

    def test_one_platforms_requirement_wants_code_of_that_platform(self):
        self.write("docs/requirements/thing_linux.md", requirement("SRS_THING_LINUX_01_001"))
        self.write("tests/unit/linux_test.cpp", test_of("SRS_THING_LINUX_01_001"))
        self.write("src/win32/other.cpp", "// SRS_THING_LINUX_01_001\n")
        self.assert_fails_with("SRS_THING_LINUX_01_001 (thing_linux.md): no code names it")
        self.write("src/linux/other.cpp", "// SRS_THING_LINUX_01_001\n")
        self.assert_passes()

    def test_one_platforms_requirement_may_be_kept_by_common_code(self):
        self.write("docs/requirements/thing_win32.md", requirement("SRS_THING_WIN32_01_001"))
        self.write("tests/unit/win32_test.cpp", test_of("SRS_THING_WIN32_01_001"))
        self.write("src/common/other.cpp", "// SRS_THING_WIN32_01_001\n")
        self.assert_passes()

    def test_a_tree_without_requirements_fails(self):
        (self.root / "docs/requirements/thing.md").unlink()
        self.assert_fails_with("docs/requirements defines no requirement")


if __name__ == "__main__":
    unittest.main()
