# SPDX-License-Identifier: MIT
"""compiled_test.py PROJECT PLATFORM C++-COMPILER C-COMPILER FLAGS: the documents' C and C++ compiles without a warning.

FLAGS is a file of flags for both compilers, one a line.
"""

import pathlib
import re
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
        if not self.compilers["c"].has_header(compiled.LIBRARIES[library].header):
            self.skipTest(f"{library} is not installed")


class Documents(Code):
    def test_cpp(self):
        self.assert_compiles("cpp", 8)

    def test_c(self):
        self.assert_compiles("c", 5)

    def test_asio(self):
        self.need("asio")
        self.assert_compiles("cpp", 1, "asio")

    def test_libuv(self):
        self.need("uv")
        self.assert_compiles("c", 1, "uv")


RIGHT_CPP = """
<!-- doc: common -->
```cpp
struct s { int x; };
```
```cpp
#include <map>
inline int f(s a, const std::map<int, int>& b) { return a.x + b.at(1); }
```
<!-- doc: coroutine -->
```cpp
co_await peer.receive(buffer);
```
<!-- doc: platform=other -->
```cpp
nonsense
```
<!-- doc: not-compiled="it shows what is wrong" -->
```cpp
nonsense
```
"""

WRONG_CPP = """
<!-- doc: coroutine -->
```cpp
co_await peer.nothing();
```
<!-- doc: function -->
```cpp
peer.nothing();
```
```cpp

inline int f(s a) { return a.y; }
```
```cpp
inline void g() { int unused = 0; }
```
"""

WRONG_C = """
<!-- doc: function -->
```c
async_socket_nothing(socket);
```
```c
int a;
int b = nothing;
```
```c
static int never_defined(void);
```
"""


class WhatIsWrong(Code):
    """All that is wrong in one document: the compiler is slow, and says everything in one go."""

    def said_of(self, language, text):
        return self.compile(language, markdown.read_text("made_up.md", text).blocks)

    def lines_of(self, language, text):
        said, _ = self.said_of(language, text)
        return {int(line) for line in re.findall(r"^made_up\.md:(\d+):\d+: (?:error|warning)", said, re.MULTILINE)}

    def test_in_cpp_is_told_with_its_line_and_what_is_right_is_not(self):
        right = RIGHT_CPP.count("\n")
        self.assertEqual(self.lines_of("cpp", RIGHT_CPP + WRONG_CPP), {right + line for line in (4, 8, 12, 15)})

    def test_in_c_is_told_with_its_line(self):
        self.assertEqual(self.lines_of("c", WRONG_C), {4, 8, 11})

    def test_in_a_whole_program(self):
        self.assertEqual(self.lines_of("cpp", "```cpp\nint main() { return x; }\n```\n"), {2})

    def test_what_is_right_is_compiled_and_the_rest_is_not(self):
        self.assertEqual(self.said_of("cpp", RIGHT_CPP), ("", 2))

    def test_directive(self):
        with self.assertRaises(compiled.Unknown):
            self.said_of("cpp", "<!-- doc: functoin -->\n```cpp\nint x;\n```\n")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
