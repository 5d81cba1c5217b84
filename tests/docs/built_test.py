# SPDX-License-Identifier: MIT
"""built_test.py PROJECT BUILD SETTING...: the CMake that the documents show can be configured."""

import pathlib
import sys
import tempfile
import unittest

import built
import markdown

PROJECT = markdown.project_of(sys.argv[1])
BUILD = pathlib.Path(sys.argv[2])
SETTINGS = sys.argv[3:]


class CMake(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.builder = built.Builder(PROJECT, BUILD, directory.name, SETTINGS)

    def check(self, document, first=0):
        return list(built.check_document(self.builder, document, first))

    def test_of_the_documents(self):
        results = []
        for document in markdown.documents(PROJECT):
            results += self.check(document, len(results))
        problems = "\n".join(filter(None, results))
        self.assertEqual(problems, "", "\n" + problems)
        self.assertGreater(len(results), 3)

    def test_that_is_wrong_is_found(self):
        text = "```cmake\nfind_package(async_socket 0.1 REQUIRED)\ntarget_link_libraries(your_program PRIVATE async_socket::none)\n```\n"
        self.assertIn("made_up.md:2", self.check(markdown.read_text("made_up.md", text))[0])

    def test_whose_program_does_not_compile_is_found(self):
        text = "<!-- doc: file=main.cpp -->\n```cpp\nint main() { return nothing; }\n```\n<!-- doc: build -->\n```cmake\n# stub\n```\n"
        self.assertIn("nothing", self.check(markdown.read_text("made_up.md", text))[0])

    def test_whose_program_says_something_else_is_found(self):
        text = "<!-- doc: file=main.cpp -->\n```cpp\n#include <cstdio>\nint main() { std::puts(\"no\"); }\n```\n"
        text += "<!-- doc: build run=yes -->\n```cmake\n# stub\n```\n"
        self.assertIn("printed 'no", self.check(markdown.read_text("made_up.md", text))[0])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
