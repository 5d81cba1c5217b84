# SPDX-License-Identifier: MIT
"""compiled_test.py PROJECT PLATFORM C++-COMPILER C-COMPILER FLAGS: the documents' C and C++ compiles without a warning.

FLAGS is a file of flags for both compilers, one a line.
"""

import pathlib
import sys
import tempfile
import unittest

import compiled
import markdown

PROJECT = markdown.project_of(sys.argv[1])
PLATFORM, CXX, CC = sys.argv[2:5]
FLAGS = [flag for flag in pathlib.Path(sys.argv[5]).read_text(encoding="utf-8").splitlines() if flag]
BLOCKS = markdown.blocks(PROJECT, "cpp", "c")
COMPILERS = {"cpp": [CXX, "-std=c++20"], "c": [CC, "-std=c11"]}


class Code(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.compilers = {
            language: compiled.Compiler(command, FLAGS, directory.name) for language, command in COMPILERS.items()
        }

    def compile(self, language, blocks, library=None):
        return compiled.compile_blocks(self.compilers[language], blocks, language, PLATFORM, library)

    def assert_compiles(self, language, least, library=None):
        said, count = self.compile(language, BLOCKS, library)
        self.assertEqual(said, "", "\n" + said)
        self.assertGreaterEqual(count, least)

    def need(self, library):
        if not self.compilers["c"].has_header(compiled.LIBRARIES[library]):
            self.skipTest(f"{library} is not installed")


class Documents(Code):
    def test_cpp(self):
        self.assert_compiles("cpp", 10)

    def test_c(self):
        self.assert_compiles("c", 5)

    def test_asio(self):
        self.need("asio")
        self.assert_compiles("cpp", 1, "asio")

    def test_libuv(self):
        self.need("uv")
        self.assert_compiles("c", 1, "uv")


class WhatIsWrong(Code):
    def assert_refused(self, language, text, message, library=None):
        said, _ = self.compile(language, markdown.read_text("made_up.md", text).blocks, library)
        self.assertRegex(said, message)

    def test_is_told_with_its_line(self):
        self.assert_refused("cpp", "one\n```cpp\nint a;\nint b = nothing;\n```\n", "made_up.md:4")
        self.assert_refused("c", "one\n```c\nint a;\nint b = nothing;\n```\n", "made_up.md:4")

    def test_in_a_function_or_coroutine(self):
        directive = "<!-- doc: {} -->\n```{}\n{}\n```\n"
        self.assert_refused("cpp", directive.format("coroutine", "cpp", "co_await peer.nothing();"), "made_up.md:3")
        self.assert_refused("cpp", directive.format("function", "cpp", "peer.nothing();"), "made_up.md:3")
        self.assert_refused("c", directive.format("function", "c", "async_socket_nothing(socket);"), "made_up.md:3")

    def test_in_one_of_many(self):
        right = "```cpp\nint main() { return 0; }\n```\n"
        self.assert_refused("cpp", right * 3 + "```cpp\nint main() { return x; }\n```\n" + right, "made_up.md:11")

    def test_though_it_is_only_a_warning(self):
        self.assert_refused("cpp", "```cpp\ninline void f() { int unused = 0; }\n```\n", "unused")
        self.assert_refused("c", "```c\nstatic int f(void);\n```\n", "made_up.md:2")

    def test_in_what_is_common(self):
        text = "<!-- doc: common -->\n```cpp\nstruct s { int x; };\n```\n```cpp\ninline int f(s a) { return a.%s; }\n```\n"
        self.assertEqual(self.compile("cpp", markdown.read_text("made_up.md", text % "x").blocks), ("", 1))
        self.assert_refused("cpp", text % "y", "made_up.md:6")

    def test_directive(self):
        with self.assertRaises(compiled.Unknown):
            self.compile("cpp", markdown.read_text("made_up.md", "<!-- doc: functoin -->\n```cpp\nint x;\n```\n").blocks)

    def test_but_not_what_is_for_another_platform(self):
        text = "<!-- doc: platform=other -->\n```cpp\nnonsense\n```\n"
        self.assertEqual(self.compile("cpp", markdown.read_text("made_up.md", text).blocks), ("", 0))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
