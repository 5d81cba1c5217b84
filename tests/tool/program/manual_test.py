# SPDX-License-Identifier: MIT
"""The manual page and the completion of asock know what the program's help tells, and nothing that it does not.

manual_test.py ASOCK MANUAL COMPLETION
"""

import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

ASOCK, MANUAL, COMPLETION = sys.argv[1:4]
OPTION = re.compile(r"-{1,2}[a-z][a-z-]*")
COMPLETE = """
source "$1"
shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_asock
printf '%s\\n' "${COMPREPLY[@]}"
"""


def run(*command, **keywords):
    return subprocess.run(command, check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL, **keywords)


class Option:
    """An option as the help tells it: `-s,--size BYTES [1024]`, or from CLI11 2.5 on `-s,     --size BYTES [1024]`."""

    def __init__(self, line):
        self.line = line
        names, rest = re.match(r"([^\s,]+(?:, *[^\s,]+)*) ?(.*)", line.strip()).groups()
        self.names = re.split(", *", names)
        value = re.match(r"([A-Z:]+)(?: |$)", rest)
        self.value = value[1] if value else None
        default = re.search(r"\[([\w.:]+)\]", rest)
        self.default = default[1] if default else None
        self.required = "(required)" in rest
        # `How the threads wait: any, io_uring, epoll`
        choice = re.search(r": (\w+(?:, \w+)+)$", rest) if self.names == ["--backend"] else None
        self.choice = choice[1].split(", ") if choice else None

    def __repr__(self):
        return self.line


class Help:
    def __init__(self, *command):
        section, self.commands, self.options = None, [], []
        for line in run(ASOCK, *command, "--help").stdout.splitlines():
            heading = re.match(r"(\w+):$", line)
            if heading:
                section = heading[1].capitalize()
            elif not line.strip():
                section = None
            elif section == "Subcommands":
                self.commands.append(line.split()[0])
            elif section == "Options" and re.match(r" {1,12}-", line):
                self.options.append(Option(line))
            elif section == "Options" and self.options:
                # What does not fit beside the name stands below it.
                self.options[-1] = Option(self.options[-1].line + " " + line.strip())

    def names(self):
        return {name for option in self.options for name in option.names}

    def long_names(self):
        return {name for name in self.names() if name.startswith("--")}


class ManualPage:
    """The entries of options by section: names -> text."""

    def __init__(self):
        self.source = pathlib.Path(MANUAL).read_text(encoding="utf-8")
        self.sections = {}
        entries, entry, heading = {}, None, False
        for line in self.source.splitlines():
            plain = re.sub(r"\\f.", "", line).replace("\\-", "-").replace('"', "")
            section = re.match(r"\.S[HS] (.*)", line)
            if section:
                entries = self.sections.setdefault(section[1], {})
                entry = None
            elif line == ".TP":
                heading = True
            elif heading:
                heading = False
                entry = tuple(OPTION.findall(plain))
                entries[entry] = plain
            elif entry:
                entries[entry] += "\n" + plain

    def entry(self, section, option):
        for names, text in self.sections.get(section, {}).items():
            if set(names) == set(option.names):
                return text
        return None

    def names(self, section):
        return {name for names in self.sections.get(section, {}) for name in names}


def complete(*words, directory=None):
    reply = run("bash", "--norc", "-c", COMPLETE, "bash", COMPLETION, "asock", *words, cwd=directory).stdout
    return set(reply.split())


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.program = Help()
        cls.commands = {command: Help(command) for command in cls.program.commands}
        assert {"echo", "send", "receive", "bench"} <= set(cls.commands)
        assert all({"--help", "--verbose"} <= helped.names() for helped in cls.commands.values())


class Manual(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.page = ManualPage()

    def test_it_is_formatted_without_a_warning(self):
        self.assertEqual(run("groff", "-man", "-Tutf8", "-ww", "-z", MANUAL).stderr, "")

    def test_it_is_of_the_version_of_the_program(self):
        version = run(ASOCK, "--version").stdout.split()[1]
        self.assertRegex(self.page.source, rf'(?m)^\.TH ASOCK 1 .*async_socket {re.escape(version)}"')

    def test_it_has_every_command(self):
        for command in self.commands:
            self.assertRegex(self.page.source, rf"(?m)^\.B asock {command}\b")
            self.assertIn(f"asock {command}", self.page.sections)

    def test_it_has_every_option_of_the_program(self):
        self.assertEqual(self.page.names("OPTIONS"), self.program.names())

    def test_it_has_every_option_of_every_command_as_it_is(self):
        for command, helped in self.commands.items():
            for option in helped.options:
                with self.subTest(command=command, option=option):
                    text = self.page.entry(f"asock {command}", option) or self.page.entry("Every command", option)
                    self.assertIsNotNone(text)
                    for word in filter(None, [option.value, option.default, *(option.choice or [])]):
                        self.assertRegex(text, rf"(?<![\w.]){re.escape(word)}(?!\w)")
                    self.assertEqual("Required." in text, option.required)

    def test_it_has_no_option_that_a_command_has_not(self):
        for command, helped in self.commands.items():
            self.assertLessEqual(self.page.names(f"asock {command}"), helped.names(), command)
            self.assertLessEqual(self.page.names("Every command") - {"--backend"}, helped.names(), command)


class Completion(Case):
    def test_it_knows_every_command(self):
        self.assertLessEqual(set(self.commands), complete(""))
        self.assertEqual(complete("--"), self.program.long_names())
        self.assertEqual(complete("ec"), {"echo"})

    def test_it_knows_the_options_of_each_command_and_no_others(self):
        for command, helped in self.commands.items():
            self.assertEqual(complete(command, "--"), helped.long_names(), command)
            self.assertEqual(complete(command, "--verb"), {"--verbose"})

    def test_it_does_not_take_a_value_for_something_else(self):
        with tempfile.TemporaryDirectory() as directory:
            (pathlib.Path(directory) / "a-file").touch()
            for command, helped in self.commands.items():
                for option in helped.options:
                    for name in option.names:
                        with self.subTest(command=command, option=name):
                            offered = complete(command, name, "", directory=directory)
                            if option.choice:
                                self.assertEqual(offered, set(option.choice))
                                self.assertEqual(complete(command, name, "="), set(option.choice))
                                self.assertEqual(complete(command, name, "=", option.choice[-1][:2]), {option.choice[-1]})
                            elif option.value:
                                self.assertNotIn("a-file", offered)
                            elif command in ("send", "receive"):
                                self.assertEqual(offered, {"a-file"})

    def test_it_offers_files_where_a_file_is_meant(self):
        with tempfile.TemporaryDirectory() as directory:
            (pathlib.Path(directory) / "a-file").touch()
            self.assertEqual(complete("send", "", directory=directory), {"a-file"})
            self.assertEqual(complete("receive", "4000", "a-", directory=directory), {"a-file"})
            self.assertEqual(complete("echo", "", directory=directory), set())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
