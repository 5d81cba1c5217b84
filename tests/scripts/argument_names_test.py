# SPDX-License-Identifier: MIT
"""CLI11 takes the names of all options and arguments, whichever its version.

2.1 takes nearly any name; later versions take fewer, and a program with another one ends at its start.
"""

import pathlib
import re
import unittest

PROJECT = pathlib.Path(__file__).resolve().parent.parent.parent
DECLARED = re.compile(r'\b(?:add_(?:option|flag|seconds|subcommand)(?:_\w+)?(?:<[^>]*>)?)\(\s*(?:\*?command,\s*)?(?:"([^"]*)"|(\w+),)')
CONSTANT = re.compile(r'constexpr (?:const char\*|std::string_view) (?:const )?(\w+) = "([^"]*)"')
# The strictest rule of the versions there are, 2.4's: no separator of values, no sign with a meaning, nothing unprintable.
LEGAL = re.compile(r"(?:-[A-Za-z0-9?]|(?:--)?[A-Za-z0-9_?][A-Za-z0-9_?.-]*)")


def legal(names):
    """Of `-q,--quiet` both."""
    return all(LEGAL.fullmatch(name) for name in names.split(","))


class ArgumentNames(unittest.TestCase):
    def test_every_name_is_legal(self):
        sources = [path for directory in ("tools", "bench") for path in (PROJECT / directory).rglob("*.[ch]pp")]
        texts = {path: path.read_text(encoding="utf-8") for path in sources}
        constants = {name: value for text in texts.values() for name, value in CONSTANT.findall(text)}
        names = []
        for path, text in texts.items():
            for literal, constant in DECLARED.findall(text):
                # Where a function passes its parameter on, what it is called with was found at the call.
                name = literal or constants.get(constant)
                if name:
                    names.append(name)
                    self.assertTrue(legal(name), f"{path.relative_to(PROJECT)}: CLI11 2.4 refuses the name {name}")
        for expected in ("send", "-l,--listen", "-q,--quiet", "FILE", "--idle-timeout"):
            self.assertIn(expected, names, "the declarations are written in a way that this test does not find")

    def test_the_rule_refuses_what_CLI11_refuses(self):
        for name in ("HOST:PORT", "--a=b", "a b", "-", "--", "-ab", "!a", "{a}", "--a,b:c"):
            self.assertFalse(legal(name), name)


if __name__ == "__main__":
    unittest.main()
