# SPDX-License-Identifier: MIT
"""Compiles the documents' blocks of C and C++: the blocks of C++ together in one file, but for whole programs.

A block is compiled as a file of its own, unless the directive above it says otherwise:

    <!-- doc: function -->             the inside of a function; contexts/ says what it is given
    <!-- doc: coroutine -->            the inside of a task<>
    <!-- doc: quotes=FILE -->          lines of a file that the build compiles (references.py compares them)
    <!-- doc: ... library=asio -->     code of another library: compiled where that is installed
    <!-- doc: ... platform=linux -->   for one platform only
    <!-- doc: not-compiled="why" -->   shown, but not compiled

A block `<!-- doc: common -->` is put before all blocks of its language that follow on the page.
"""

import collections
import dataclasses
import pathlib
import re
import subprocess

PROGRAM = re.compile(r"^int main\(", re.MULTILINE)
INCLUDE = re.compile(r"^\s*#\s*include\s*[<\"].*$")
CONTEXTS = pathlib.Path(__file__).resolve().parent / "contexts"
Library = collections.namedtuple("Library", "header flags")
LIBRARIES = {"asio": Library("asio.hpp", ["-DASIO_STANDALONE"]), "uv": Library("uv.h", ["-D_GNU_SOURCE"])}
WORDS = {"function", "coroutine", "common"}
SETTINGS = {"quotes", "library", "platform", "not-compiled", "file"}


class Unknown(Exception):
    """A directive that nobody understands."""


@dataclasses.dataclass
class Unit:
    """What is compiled for one block."""

    block: object
    includes: list
    body: str

    @property
    def is_program(self):
        return PROGRAM.search(self.block.text) is not None


def context(name):
    return (CONTEXTS / name).read_text(encoding="utf-8")


def line_marker(block, line=0):
    return f'#line {block.line + line} "{block.path}"\n'


def without_includes(block):
    """The includes, which stand outside of any namespace, and the rest with its lines where they were."""
    includes, rest = [], []
    for line in block.text.splitlines():
        if INCLUDE.match(line):
            includes.append(line.strip())
            rest.append("")
        else:
            rest.append(line)
    return includes, line_marker(block) + "\n".join(rest) + "\n"


def is_compiled(block, platform):
    if unknown := set(block.words) - WORDS or set(block.settings) - SETTINGS:
        raise Unknown(f"{block.place}: not understood: {', '.join(sorted(unknown))}")
    return not {"quotes", "not-compiled"} & set(block.settings) and block.settings.get("platform", platform) == platform


def wrapped(block, before, number):
    """The block as a part of one file; `before` are the units of the page's common blocks."""
    includes, body = without_includes(block)
    for each in before:
        includes = each.includes + includes
    common = "".join(each.body for each in before)
    for word in ("function", "coroutine"):
        if word in block.words:
            top, bottom = context(f"{word}.{block.language}.in").split("@BLOCK@\n")
            body = top + body + '#line 1 "contexts"\n' + bottom
    if block.language == "cpp" and not PROGRAM.search(block.text):
        body = f"namespace block_{number} {{\n{common}{body}}}\n"
    else:
        body = common + body
    return Unit(block, includes, body)


def units_of(blocks, platform):
    """One unit for each block that is to be compiled."""
    common, page, units = {}, None, []
    for number, block in enumerate(blocks):
        if block.path != page:
            common, page = {}, block.path
        key = (block.language, block.settings.get("library"))
        if not is_compiled(block, platform):
            continue
        if "common" in block.words:
            common.setdefault(key, []).append(Unit(block, *without_includes(block)))
            continue
        units.append(wrapped(block, common.get(key, []), number))
    return units


def sources(units, language):
    """The text of the files: one for all of C++, where namespaces keep the blocks apart; one for each block of C."""
    standard = context(f"includes.{language}.in")

    def source(parts):
        includes = sorted({include for part in parts for include in part.includes})
        return standard + "\n".join(includes) + "\n" + "".join(part.body for part in parts)

    together = [unit for unit in units if language == "cpp" and not unit.is_program]
    return ([source(together)] if together else []) + [source([unit]) for unit in units if unit not in together]


class Compiler:
    def __init__(self, command, flags, directory):
        self.command = [*command, *flags]
        self.directory = pathlib.Path(directory)

    def has_header(self, header):
        text = f"#if !__has_include(<{header}>)\n#error none\n#endif\nextern int something;\n"
        return self.run([text], "c", ["-fsyntax-only"]).returncode == 0

    def run(self, texts, suffix, more=()):
        paths = []
        for number, text in enumerate(texts):
            path = self.directory / f"blocks_{number}.{suffix}"
            path.write_text(text, encoding="utf-8")
            paths.append(path.name)
        return subprocess.run(
            [*self.command, *more, *paths], cwd=self.directory, capture_output=True, text=True, check=False
        )


def compile_blocks(compiler, blocks, language, platform, library=None):
    """What the compiler has to say, "" if nothing; and how many blocks it was given."""
    chosen = [block for block in blocks if block.language == language and block.settings.get("library") == library]
    units = units_of(chosen, platform)
    if not units:
        return "", 0
    more = LIBRARIES[library].flags if library else []
    result = compiler.run(sources(units, language), language, ["-fsyntax-only", *more])
    said = result.stdout + result.stderr
    return (said or "the compiler has failed") if result.returncode != 0 else "", len(units)
