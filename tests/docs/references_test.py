# SPDX-License-Identifier: MIT
"""references_test.py PROJECT: what the documents refer to exists, and what does not is found."""

import sys
import unittest

import markdown
import references

PROJECT = markdown.project_of(sys.argv[1])
TREE = references.Tree(PROJECT)


class Documents(unittest.TestCase):
    def test_refer_to_what_exists(self):
        problems = [problem for document in TREE.documents.values() for problem in references.check(TREE, document)]
        self.assertEqual(problems, [], "\n" + "\n".join(problems))

    def test_have_links_tests_and_quotes_to_check(self):
        documents = TREE.documents.values()
        links = [link for document in documents for link in document.links]
        self.assertGreater(len(links), 100)
        self.assertGreater(len([target for _, _, target in links if "/tests/" in target]), 20)
        self.assertGreater(len([b for document in documents for b in document.blocks if "quotes" in b.settings]), 3)


class WhatIsWrong(unittest.TestCase):
    def problems(self, text):
        return list(references.check(TREE, markdown.read_text("docs/made_up.md", text)))

    def assert_found(self, text, message):
        self.assertRegex("\n".join(self.problems(text)), message)

    def test_is_not_what_is_right(self):
        right = "[a](architecture.md#layers) [close_of.a_closed_socket_changes_nothing](../tests/contract/socket/close_test.cpp)\n"
        right += "`async_socket_close`, `ASYNC_STATUS_OK`, `condition::closed`, `src/common/lifecycle/lifecycle.hpp`, `<x.h>`\n"
        right += "`[suite.case](nowhere)`\n"
        right += "`SRS_CPP_01_001`\n<!-- doc: quotes=examples/echo.cpp -->\n```cpp\n#include <cstdio>\n```\n"
        self.assertEqual(self.problems(right), [])

    def test_link(self):
        self.assert_found("[a](nowhere.md)", "docs/made_up.md:1: nowhere.md: there is no such file")
        self.assert_found("[a](../../outside.md)", "there is no such file")
        self.assert_found("[a](http://example.org)", "not https")

    def test_heading(self):
        self.assert_found("[a](architecture.md#no-such-heading)", "there is no such heading")
        self.assert_found("# One\n[a](#two)", "there is no such heading")

    def test_test(self):
        self.assert_found("[close_of.nothing](../tests/contract/socket/close_test.cpp)", "has no test close_of.nothing")
        self.assert_found("[the test](../tests/contract/socket/close_test.cpp)", "does not name the case")

    def test_names(self):
        self.assert_found("`async_socket_explode`", "names async_socket_explode")
        self.assert_found("`ASYNC_STATUS_FINE`", "names ASYNC_STATUS_FINE")
        self.assert_found("`condition::fine`", "names condition::fine")
        self.assert_found("`src/common/nothing.hpp`", "there is no file")
        self.assert_found("`SRS_CPP_01_999`", "there is no requirement")

    def test_quote(self):
        self.assert_found("<!-- doc: quotes=examples/echo.cpp -->\n```cpp\nint x;\n```\n", "does not have these lines")
        self.assert_found("<!-- doc: quotes=examples/none.cpp -->\n```cpp\nint x;\n```\n", "there is no file")

    def test_form(self):
        for text in ("```cpp\nint x;\n", "  ```cpp\nint x;\n  ```\n", "```cpp {.numbered}\n```\n", "<!-- doc: file -->\n\n```cpp\n```\n"):
            with self.assertRaises(markdown.Malformed):
                markdown.read_text("docs/made_up.md", text)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
