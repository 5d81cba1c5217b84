# SPDX-License-Identifier: MIT
"""shell_test.py PROJECT BUILD: the commands that the documents show can be typed."""

import re
import sys
import unittest

import markdown
import shell

PROJECT = markdown.project_of(sys.argv[1])
NAMES = shell.Names(PROJECT, sys.argv[2])


class Documents(unittest.TestCase):
    def test_show_commands_that_exist(self):
        blocks = markdown.blocks(PROJECT, *shell.LANGUAGES)
        problems = [problem for block in blocks for problem in shell.check(NAMES, block)]
        self.assertEqual(problems, [], "\n" + "\n".join(problems))
        self.assertGreater(sum(len(list(shell.commands_of(block.text))) for block in blocks), 20)


class Workflow(unittest.TestCase):
    def test_runs_what_exists(self):
        text = (PROJECT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
        commands = re.findall(r"^\s*run: ((?:script/|cmake |ctest ).*)$", text, re.MULTILINE)
        self.assertGreater(len(commands), 5)
        block = markdown.Block(".github/workflows/ci.yml", 1, "powershell", "\n".join(commands))
        self.assertEqual(list(shell.check(NAMES, block)), [])


class WhatIsWrong(unittest.TestCase):
    def problems(self, text):
        block = markdown.read_text("made_up.md", f"```sh\n{text}\n```\n").blocks[0]
        return "\n".join(shell.check(NAMES, block))

    def test_is_not_what_is_right(self):
        right = "cmake --preset linux   # a comment\ncmake --build --preset linux --target echo\nctest --preset linux -R contract\n"
        right += "script/test linux format\nscript/bootstrap --dry-run\nbuild/linux/examples/echo\nsudo apt-get install -y cmake\n"
        right += "cmake -DASYNC_SOCKET_BUILD_TESTS=OFF -DCMAKE_BUILD_TYPE=Release -S . -B out && asock echo --port 4001\n"
        self.assertEqual(self.problems(right), "")

    def test_is_found(self):
        for text, message in (
            ("if true", "syntax error"),
            ("cmake --preset nothing", "no configure preset nothing"),
            ("cmake --build --preset nothing", "no build preset nothing"),
            ("cmake --build --preset linux --target nothing", "no target nothing"),
            ("cmake -DASYNC_SOCKET_NOTHING=ON", "no CMake option ASYNC_SOCKET_NOTHING"),
            ("cmake --build --preset linux --target echo nothing", "no target nothing"),
            ("cpack --preset nothing", "no package preset nothing"),
            ("ctest --preset nothing", "no test preset nothing"),
            ("ctest --preset linux -R nothing_at_all", "no test that matches nothing_at_all"),
            ("script/nothing", "no script/nothing"),
            ("script/test nothing", "no step nothing"),
            ("script/demo --nothing", "no option --nothing"),
            ("build/nothing/examples/echo", "no preset nothing"),
            ("build/linux/examples/nothing", "no target nothing"),
            ("build/linux/tools/asock/asock nothing", "no command nothing"),
            ("asock echo --nothing 1", "no option --nothing"),
            ("apt-get install nothing", "does not know the package nothing"),
            ("cd x && frobnicate", "nobody knows how to check frobnicate"),
        ):
            with self.subTest(text):
                self.assertIn(message, self.problems(text))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
